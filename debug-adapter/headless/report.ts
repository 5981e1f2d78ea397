import path from 'node:path';
import type { CallSummary, Finding } from '../../protocol/boundary.ts';
import { cutText } from '../boundary/decoders/tree.ts';

/** A call with what was found on it. */
export interface ReportedCall {
  summary: CallSummary;
  findings: readonly Finding[];
  /** Why it did not return, where it did not. */
  reason?: string;
}

export interface Totals {
  calls: number;
  /** Calls that did not return. */
  failed: number;
  findings: Record<Finding['severity'], number>;
  exitCode: number;
}

/** Where a run's calls are written, in their order. */
export interface Report {
  call(call: ReportedCall): void;
  end(totals: Totals): void;
}

/** One JSON object a line, each with a `type`: `call`, `finding`, `summary`. */
export class JsonReport implements Report {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  call({ summary, findings, reason }: ReportedCall): void {
    this.#line({ type: 'call', ...summary, ...(reason !== undefined && { reason }) });
    const { sequence, callId, export: name } = summary;
    for (const finding of findings)
      this.#line({ type: 'finding', sequence, callId, export: name, ...finding });
  }

  end(totals: Totals): void {
    this.#line({ type: 'summary', ...totals });
  }

  #line(value: object): void {
    this.#print(JSON.stringify(value));
  }
}

/** Columns of the table: title, and whether numbers stand in it. */
const COLUMNS = [
  { title: '#', right: true },
  { title: 'callId', right: true },
  { title: 'export', right: false },
  { title: 'status', right: false },
  { title: 'ms', right: true },
  { title: 'argument', right: false },
  { title: 'result', right: false },
] as const;
/** Rows that decide how wide the columns are: more are printed as they come. */
const MEASURED = 1000;
/** Characters of a buffer's preview. */
const PREVIEW = 40;

/** An aligned table, then the findings as `file:line: severity code: message`. */
export class TableReport implements Report {
  readonly #print: (line: string) => void;
  readonly #folder: string;
  #rows: string[][] | null = [];
  #widths: number[] = [];
  readonly #findings: string[] = [];

  /** @param folder what files are named relative to */
  constructor(print: (line: string) => void, folder: string) {
    this.#print = print;
    this.#folder = folder;
  }

  call({ summary, findings, reason }: ReportedCall): void {
    const { sequence, callId, export: name, status, durationMicros } = summary;
    this.#row([
      String(sequence),
      String(callId),
      name,
      status,
      durationMicros === undefined ? '' : (durationMicros / 1000).toFixed(3),
      bufferText(summary.argument),
      bufferText(summary.result),
    ]);
    const title = `#${sequence} ${name} (callId ${callId})`;
    if (reason !== undefined) this.#findings.push(`${title}: ${status}: ${reason}`);
    for (const { code, severity, message, location } of findings) {
      const place = location ? `${path.relative(this.#folder, location.path)}:${location.line}` : title;
      this.#findings.push(`${place}: ${severity} ${code}: ${message}`);
    }
  }

  end({ calls, failed, findings }: Totals): void {
    this.#measure();
    if (this.#findings.length > 0) this.#print('');
    for (const finding of this.#findings) this.#print(finding);
    const counted = (['error', 'warning', 'info'] as const).map(
      (severity) => `${findings[severity]} ${severity}`,
    );
    this.#print(`\n${calls} calls, ${failed} failed; findings: ${counted.join(', ')}.`);
  }

  #row(cells: string[]): void {
    if (!this.#rows) return this.#printRow(cells);
    this.#rows.push(cells);
    if (this.#rows.length >= MEASURED) this.#measure();
  }

  #measure(): void {
    const rows = this.#rows;
    if (!rows) return;
    this.#rows = null;
    this.#widths = COLUMNS.map(({ title }, i) =>
      Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
    );
    this.#printRow(COLUMNS.map(({ title }) => title));
    for (const row of rows) this.#printRow(row);
  }

  #printRow(cells: readonly string[]): void {
    const padded = COLUMNS.map(({ right }, i) => {
      const [cell = '', width = 0] = [cells[i], this.#widths[i]];
      return right ? cell.padStart(width) : cell.padEnd(width);
    });
    this.#print(padded.join('  ').trimEnd());
  }
}

/** `5 B “World”`: on one line, whatever the text is. */
function bufferText(buffer: CallSummary['argument']): string {
  if (!buffer) return '';
  const line = buffer.preview.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
  return `${buffer.size} B “${cutText(line, PREVIEW)}”`;
}
