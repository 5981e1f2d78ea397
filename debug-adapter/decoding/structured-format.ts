/** A value inside another one. */
export interface Child {
  /** Makes its name: most are never looked at. */
  name: () => string;
  /** Offset of its first byte: of its key, where the format counts that in. */
  start: number;
  /** Offset of its value. */
  at: number;
  /** Behind its last byte. */
  end: number;
}

/** How a value is shown. */
export interface Shown {
  type: string;
  /** On one line, cut where it is long. */
  value: string;
}

/**
 * A format whose values can be passed over without making anything of them: so any page of a tree can be read that is
 * too large to be made whole. The bytes were found to be well-formed before.
 */
export interface StructuredFormat {
  /** Offset behind the value at `at`. @throws MalformedBytes */
  skip(bytes: Buffer, at: number): number;
  /** Whether the value at `at` may contain others. */
  isContainer(bytes: Buffer, at: number): boolean;
  /** What the value at `at` contains, in order. */
  children(bytes: Buffer, at: number): Iterable<Child>;
  shown(bytes: Buffer, at: number, end: number): Shown;
}
