import { readFileSync } from 'node:fs';
import { parse } from 'acorn';

/**
 * `file:line` of a module's syntax error, which Node's own error does not tell; null where another file has it.
 * Loaded on demand: the parser is as large as the runner.
 */
export function syntaxErrorPlace(file: string): string | null {
  try {
    parse(readFileSync(file, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
    return null;
  } catch (thrown) {
    const { loc } = thrown as { loc?: { line: number } };
    return loc ? `${file}:${loc.line}` : null;
  }
}
