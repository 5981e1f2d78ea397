import { writeFile } from 'node:fs/promises';
import os from 'node:os';

/** One measured figure (design.md §11). */
export interface Figure {
  /** A path, e.g. `greet/recorded`. */
  name: string;
  value: number;
  /** `µs`, `ms`, `×`, `bytes`, … */
  unit: string;
  /** This product's figure over the baseline's, where there is a baseline. */
  ratio?: number;
  /** What `ratio` compares with. */
  against?: string;
  wasmedge?: string;
  /** Smallest and largest of the runs, in `unit` (of the ratio where there is one). */
  spread?: [number, number];
  /** The budget that the figure is held against, in words. */
  budget?: string;
}

/** Prints each figure as it comes and keeps the JSON file whole after each one. */
export class Report {
  readonly #figures: Figure[] = [];
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The median of some runs, with their spread. */
  async addMedian(figure: Omit<Figure, 'value' | 'spread'>, values: readonly number[]): Promise<void> {
    await this.add({ ...figure, value: median(values), spread: spread(values) });
  }

  /**
   * The median of some runs, and that of their ratios, whose spread is told.
   * @param ratios of each run to what the figure is `against`
   */
  async addRatio(
    figure: Omit<Figure, 'value' | 'ratio' | 'spread' | 'against'> & { against: string },
    values: readonly number[],
    ratios: readonly number[],
  ): Promise<void> {
    await this.add({ ...figure, value: median(values), ratio: median(ratios), spread: spread(ratios) });
  }

  async add(figure: Figure): Promise<void> {
    this.#figures.push(figure);
    const columns = [
      figure.name.padEnd(34),
      (figure.wasmedge ?? '').padEnd(5),
      `${round(figure.value)} ${figure.unit}`.padStart(16),
      figure.ratio === undefined ? '' : `${figure.ratio.toFixed(3)} × ${figure.against ?? 'baseline'}`,
      figure.spread ? `[${figure.spread.map(round).join(' … ')}]` : '',
      figure.budget ? `(budget: ${figure.budget})` : '',
    ];
    console.log(columns.join('  ').trimEnd());
    if (this.#file) {
      const machine = {
        cpu: os.cpus()[0]?.model ?? 'unknown',
        cores: os.cpus().length,
        memoryBytes: os.totalmem(),
        platform: `${os.platform()} ${os.arch()}`,
        node: process.version,
      };
      await writeFile(this.#file, JSON.stringify({ machine, figures: this.#figures }, null, 2) + '\n');
    }
  }
}

function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** The middle value; of an even number of values, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('The median of nothing.');
  return (upper + lower) / 2;
}

/** Smallest and largest. */
export function spread(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
