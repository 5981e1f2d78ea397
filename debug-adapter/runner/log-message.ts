import { errorText, RunnerError } from './failures.ts';
import type { Language } from './kotlin-expressions.ts';

type Part = string | ((scope: object) => string);

/** A log message, as a function of a scope object. */
export type LogMessage = (scope: object) => string;

/**
 * Reads a log message: what stands in braces is an expression, `\{` is a brace.
 * @throws RunnerError 'expression' where an expression is none, or a brace is not closed
 */
export function parseLogMessage(source: string, language: Language): LogMessage {
  const parts = splitMessage(source, language);
  return (scope) =>
    parts.map((part) => (typeof part === 'string' ? part : interpolate(part, scope))).join('');
}

function interpolate(part: (scope: object) => string, scope: object): string {
  try {
    return part(scope);
  } catch (thrown) {
    return `<${thrown instanceof RunnerError ? thrown.message : errorText(thrown)}>`;
  }
}

function splitMessage(source: string, language: Language): Part[] {
  const parts: Part[] = [];
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '\\' && /[{}\\]/.test(source[at + 1] ?? '')) {
      text += source[++at] ?? '';
    } else if (char === '{') {
      const end = closingBrace(source, at);
      parts.push(text, language.text(source.slice(at + 1, end)));
      text = '';
      at = end;
    } else {
      text += char;
    }
  }
  parts.push(text);
  return parts;
}

/** Index of the brace that closes the one at `open`: braces nest, and those in string literals do not count. */
function closingBrace(source: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < source.length; at++) {
    const char = source[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at;
  }
  const message = `The log message “${source}” opens a brace at character ${open} and does not close it: write \\{ for a brace.`;
  throw new RunnerError({ code: 'expression', message });
}
