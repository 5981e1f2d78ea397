/** Levenshtein distance, or `limit + 1` where it is more than `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Names longer than this are compared by their beginning. */
const COMPARED = 200;

/**
 * At most three of `candidates` that a person may have meant by `name`, nearest first: a third of its letters may be
 * wrong, and a name that contains the other counts too. Case does not matter.
 */
export function nearNames(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase().slice(0, COMPARED);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const other = candidate.toLowerCase().slice(0, COMPARED);
    let score = distance(wanted, other, limit);
    const shorter = Math.min(wanted.length, other.length);
    if (score > limit && shorter >= 3 && (other.includes(wanted) || wanted.includes(other))) score = limit;
    if (score <= limit) scored.push({ candidate, score });
  }
  scored.sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate));
  return scored.slice(0, 3).map(({ candidate }) => candidate);
}

/** ` Did you mean “a” or “b”?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearNames(name, candidates).map((each) => `“${each}”`);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}
