/** A chunk has at most this many UTF-16 code units: a few lines of a wide window. */
const CHUNK = 1024;

/**
 * Cuts a text so that it can be shown piece by piece: each chunk ends after its last line end, or, in a line that is
 * longer than a chunk, before a character (never inside a surrogate pair).
 * @returns the beginning of each chunk, and the text's length as the last entry
 */
export function chunkStarts(text: string): number[] {
  const starts = [0];
  let start = 0;
  while (text.length - start > CHUNK) {
    const lineEnd = text.lastIndexOf('\n', start + CHUNK - 1);
    let end = lineEnd >= start ? lineEnd + 1 : start + CHUNK;
    if (lineEnd < start && isLowSurrogate(text.charCodeAt(end))) end--;
    starts.push(end);
    start = end;
  }
  if (text.length > 0) starts.push(text.length);
  return starts;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
