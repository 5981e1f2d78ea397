const NAME = /[\p{L}_][\p{L}\p{Nd}_]*|`[^`\r\n]+`/uy;

/**
 * The name that stands at a place of a Kotlin source, where a source map leads for a call; null where there is none.
 *
 * @param place line and column from 1
 */
export function identifierAt(
  source: string,
  { line, column }: { line: number; column: number },
): string | null {
  const text = source.split('\n')[line - 1] ?? '';
  NAME.lastIndex = column - 1;
  return NAME.exec(text)?.[0].replaceAll('`', '') ?? null;
}
