import * as vscode from 'vscode';

/** Kotlin files, whether or not an extension for Kotlin is there that gives them a language. */
const KOTLIN: vscode.DocumentSelector = [{ pattern: '**/*.kt' }];

/** Strings and comments, which are gone over, and names. */
const WORDS = /"""[^]*?"""|"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[^]*?\*\/|[\p{L}_][\p{L}\p{Nd}_]*/gu;

/** Lines above the stop that are looked through for where its function begins. */
const MOST_LINES = 300;

/**
 * The values of locals beside the lines of the function that the guest is stopped in. Which names are locals is the
 * debugger's to say: of what is none there, nothing is shown.
 */
class KotlinInlineValues implements vscode.InlineValuesProvider {
  provideInlineValues(
    document: vscode.TextDocument,
    viewPort: vscode.Range,
    { stoppedLocation }: vscode.InlineValueContext,
  ): vscode.InlineValue[] {
    const last = stoppedLocation.end.line;
    const first = Math.max(functionStart(document, last), viewPort.start.line);
    if (first > last) return [];
    const range = new vscode.Range(first, 0, last, document.lineAt(last).text.length);
    const start = document.offsetAt(range.start);
    // Each name once a line, as that is where its value stands.
    const seen = new Set<string>();
    return [...document.getText(range).matchAll(WORDS)].flatMap(({ 0: text, index }) => {
      if (/^["/]/.test(text)) return [];
      const at = document.positionAt(start + index);
      const key = `${at.line} ${text}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return new vscode.InlineValueVariableLookup(new vscode.Range(at, at.translate(0, text.length)), text);
    });
  }
}

/** The nearest line at or above `line` on which a function is declared. */
function functionStart(document: vscode.TextDocument, line: number): number {
  for (let at = line; at > 0 && line - at < MOST_LINES; at--) {
    if (/^[^"/]*\bfun\b/.test(document.lineAt(at).text)) return at;
  }
  return line;
}

/** Shows values of locals in Kotlin files while a guest is stopped. */
export function registerInlineValues(): vscode.Disposable {
  return vscode.languages.registerInlineValuesProvider(KOTLIN, new KotlinInlineValues());
}
