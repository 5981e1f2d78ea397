/** A change of a buffer, with what was there before. */
export type Edit =
  | { kind: 'bytes'; start: number; before: number[]; after: number[] }
  /** `before` and `after` are expressions. */
  | { kind: 'value'; before: string; after: string };

/** What was changed in a buffer at a stop, in order, so that it can be taken back and done again. */
export class EditHistory {
  private readonly done: Edit[] = [];
  private readonly undone: Edit[] = [];

  /** Something new takes away what could have been done again. */
  add(edit: Edit): void {
    this.done.push(edit);
    this.undone.length = 0;
  }

  /** What holds now, the oldest first. */
  get edits(): readonly Edit[] {
    return this.done;
  }

  /** What is to be taken back next. */
  get undoable(): Edit | undefined {
    return this.done.at(-1);
  }

  /** What is to be done again next. */
  get redoable(): Edit | undefined {
    return this.undone.at(-1);
  }

  /** `undoable` was taken back. */
  undid(): void {
    const edit = this.done.pop();
    if (edit) this.undone.push(edit);
  }

  /** `redoable` was done again. */
  redid(): void {
    const edit = this.undone.pop();
    if (edit) this.done.push(edit);
  }

  /** What a byte was before the first change of it; undefined where it is as it came. */
  originalOf(offset: number): number | undefined {
    for (const edit of this.done) {
      if (edit.kind !== 'bytes') continue;
      const before = edit.before[offset - edit.start];
      if (before !== undefined) return before;
    }
    return undefined;
  }
}

/** What an edit changed, in a line: `offset 1: 6f → 61`. */
export function describeEdit(edit: Edit): string {
  if (edit.kind === 'value') return `${shortened(edit.before)} → ${shortened(edit.after)}`;
  const hex = (bytes: readonly number[]): string =>
    bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `offset ${edit.start}: ${hex(edit.before)} → ${hex(edit.after)}`;
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
