/** Rows whose values are asked for at once. */
const MOST_ASKED = 100;

/** The values of one picked column, asked for as rows come into view, a few rows at a time. */
export class ColumnValues {
  private readonly values = new Map<number, string | null>();
  private readonly load: (sequences: number[]) => Promise<(string | null)[]>;
  private readonly loaded: () => void;
  private wanted: number[] = [];
  private loading = false;
  /** Counts `invalidate`: answers from before are shown, and asked for again. */
  private version = 0;
  private readonly fresh = new Set<number>();

  constructor(load: (sequences: number[]) => Promise<(string | null)[]>, loaded: () => void) {
    this.load = load;
    this.loaded = loaded;
  }

  /** Null where the call has no such part; undefined while it is on its way. */
  get(sequence: number): string | null | undefined {
    return this.values.get(sequence);
  }

  /** Sees to it that the values of these calls are there, or on their way. Replaces what was wanted before. */
  need(sequences: readonly number[]): void {
    this.wanted = sequences.filter((sequence) => !this.fresh.has(sequence)).slice(0, MOST_ASKED);
    void this.fetch();
  }

  /** What is there may be old; it stays visible until newer values come. */
  invalidate(): void {
    this.version++;
    this.fresh.clear();
  }

  private async fetch(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.wanted.length > 0) {
        const asked = this.wanted;
        this.wanted = [];
        const { version } = this;
        const values = await this.load(asked).catch(() => asked.map(() => null));
        for (const [index, sequence] of asked.entries()) {
          this.values.set(sequence, values[index] ?? null);
          if (version === this.version) this.fresh.add(sequence);
        }
        this.wanted = this.wanted.filter((sequence) => !this.fresh.has(sequence));
        this.loaded();
      }
    } finally {
      this.loading = false;
    }
  }
}
