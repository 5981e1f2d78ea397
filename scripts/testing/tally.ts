/** Counts of a stage, or of all. */
export interface Tally {
  passed: number;
  failed: number;
  /** Full names of the tests that did not run, with the reason. */
  skipped: string[];
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: [] };
}

export function add(sum: Tally, part: Tally): void {
  sum.passed += part.passed;
  sum.failed += part.failed;
  sum.skipped.push(...part.skipped);
}

/** e.g. `12 passed, 0 failed`, with `, 1 skipped` where there are some. */
export function counts(tally: Tally): string {
  const skipped = tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : '';
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

/** e.g. `8.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Each line of `text` with `prefix` before it. */
export function indent(text: string, prefix: string): string {
  return text.replace(/^(?=.)/gm, prefix);
}
