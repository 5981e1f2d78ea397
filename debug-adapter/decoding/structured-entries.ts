import type { Child } from './structured-format.ts';

/** How the entries of an array or map lie in a format. */
export interface EntryLayout {
  /** Each entry is a key and a value. */
  isMap: boolean;
  /** Whether there is an entry `index`, which would lie at `at`. */
  has: (index: number, at: number) => boolean;
  /** Offset behind what lies at `at`. @throws MalformedBytes */
  skip: (at: number) => number;
  /** The name that the key at `[start, end)` gives its value. */
  nameOf: (start: number, end: number) => string;
}

/** The entries from offset `from` on, in order. @throws MalformedBytes */
export function* entriesFrom(from: number, { isMap, has, skip, nameOf }: EntryLayout): Generator<Child> {
  let start = from;
  for (let index = 0; has(index, start); index++) {
    const key = start;
    const at = isMap ? skip(key) : key;
    const end = skip(at);
    yield { name: () => (isMap ? nameOf(key, at) : String(index)), start: key, at, end };
    start = end;
  }
}
