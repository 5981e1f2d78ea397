/**
 * The language of `query` in `boundary/calls`: terms that must all hold, separated by white space.
 *
 * | term                               | calls that it finds                                                        |
 * | ---------------------------------- | -------------------------------------------------------------------------- |
 * | `any words as they are`            | whose export, callId, status or previews contain these words, as typed     |
 * | `"quoted text"`                    | the same, for text that would be read as a term                            |
 * | `text:Ada`, `argument:…`, `result:…` | whose decoded text contains it (the first MiB of each buffer)            |
 * | `export:greet`                     | whose export's name contains it                                            |
 * | `status:trapped`                   | with this status, or one that begins like that                             |
 * | `callId:7`, `sequence>=100`        | with this id; `:` and `=` mean the same, beside `>`, `>=`, `<`, `<=`       |
 * | `size>100`, `argumentSize`, `resultSize` | with a buffer of so many bytes; `100k`, `1.5MiB` are understood      |
 * | `duration>2ms`                     | that took so long; `ns`, `us`, `ms`, `s`, and µs where there is no unit    |
 * | `problem`, `problem:length`, `problems>1` | with findings, with a finding whose code contains it, with so many  |
 *
 * `-` before a term with a name turns it round (`-status:returned`). Values with white space are quoted
 * (`text:"Hello, Ada"`). Case does not matter. What is no term is plain words, so JSON can be searched as it is.
 */
export interface CallQuery {
  terms: QueryTerm[];
}

export type QueryTerm =
  | { kind: 'words'; text: string }
  | { kind: 'text'; field: TextField; text: string; negated: boolean }
  | { kind: 'number'; field: NumberField; relation: Relation; value: number; negated: boolean }
  | { kind: 'callId'; relation: Relation; value: bigint; negated: boolean };

export type TextField = 'text' | 'argument' | 'result' | 'export' | 'status' | 'problem';
export type NumberField = 'sequence' | 'size' | 'argumentSize' | 'resultSize' | 'duration' | 'problems';
export type Relation = '=' | '>' | '>=' | '<' | '<=';

/** What a query asks of a call. What is costly to make is asked for only where a term needs it. */
export interface QueriedCall {
  sequence: number;
  callId: bigint;
  /** In lower case. */
  export: string;
  status: string;
  /** µs; undefined while it runs. */
  durationMicros: number | undefined;
  /** Number of findings. */
  problems: number;
  /** Bytes; undefined where there is no such buffer. */
  size(direction: 'argument' | 'result'): number | undefined;
  /**
   * Whether the preview or the decoded text contains `text` in any case; undefined where they have to be read to know.
   * Asked first, as it is cheap.
   */
  contains?(direction: 'argument' | 'result', text: string, part: 'preview' | 'text'): boolean | undefined;
  preview(direction: 'argument' | 'result'): string;
  /** The decoded text, at least its first MiB; empty where there is no such buffer. */
  text(direction: 'argument' | 'result'): string;
  /** Codes of the findings. */
  problemCodes(): readonly string[];
}

const TEXT_FIELDS: Record<string, TextField> = {
  text: 'text',
  argument: 'argument',
  result: 'result',
  export: 'export',
  status: 'status',
  problem: 'problem',
};
const NUMBER_FIELDS: Record<string, NumberField> = {
  sequence: 'sequence',
  size: 'size',
  argumentsize: 'argumentSize',
  resultsize: 'resultSize',
  duration: 'duration',
  problems: 'problems',
};
/** Bytes, and µs. */
const SIZE_UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1000,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1e9,
  gib: 1024 ** 3,
};
const TIME_UNITS: Record<string, number> = { ns: 1e-3, '': 1, us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6 };

/** A piece of the query up to the next white space outside of quotes. */
const PIECE = /"[^"]*"|(?:[^\s"]|"[^"]*(?:"|$))+/gu;
const TERM = /^(-?)([a-z]+)(>=|<=|[:=<>])(.+)$/isu;

/** Reads a query. Nothing is wrong in it: what is no term is words to be found. */
export function parseCallQuery(query: string): CallQuery {
  const terms: QueryTerm[] = [];
  /** Where the plain words that are being read began and ended; -1: there are none. */
  let start = -1;
  let end = -1;
  const flush = (): void => {
    if (start >= 0) terms.push({ kind: 'words', text: query.slice(start, end).toLowerCase() });
    start = -1;
  };
  for (const match of query.matchAll(PIECE)) {
    const [piece] = match;
    const term = termOf(piece);
    if (term) {
      flush();
      terms.push(term);
    } else {
      if (start < 0) start = match.index;
      end = match.index + piece.length;
    }
  }
  flush();
  return { terms };
}

function termOf(piece: string): QueryTerm | null {
  const lower = piece.toLowerCase();
  if (lower === 'problem') return { kind: 'text', field: 'problem', text: '', negated: false };
  if (lower === '-problem') return { kind: 'text', field: 'problem', text: '', negated: true };
  if (/^"[^"]+"$/u.test(piece)) return { kind: 'words', text: unquoted(lower) };
  const match = TERM.exec(piece);
  if (!match) return null;
  const [, sign, name = '', operator = '', written = ''] = match;
  const negated = sign === '-';
  const field = name.toLowerCase();
  const relation = operator === ':' ? '=' : (operator as Relation);
  const text = unquoted(written.toLowerCase());
  const textField = TEXT_FIELDS[field];
  if (textField) {
    return relation === '=' && text !== '' ? { kind: 'text', field: textField, text, negated } : null;
  }
  if (field === 'callid') {
    return /^-?\d{1,20}$/u.test(text) ? { kind: 'callId', relation, value: BigInt(text), negated } : null;
  }
  const numberField = NUMBER_FIELDS[field];
  const value = numberField && numberOf(text, numberField);
  return numberField && value !== undefined
    ? { kind: 'number', field: numberField, relation, value, negated }
    : null;
}

function unquoted(text: string): string {
  return text.replace(/^"([^"]*)"?$/su, '$1');
}

function numberOf(text: string, field: NumberField): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)([a-zµμ]*)$/u.exec(text);
  if (!match) return undefined;
  const unit = match[2] ?? '';
  const units: Record<string, number> =
    field === 'duration' ? TIME_UNITS : field.toLowerCase().endsWith('size') ? SIZE_UNITS : { '': 1 };
  const factor = units[unit];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

/** Whether all of the query's terms hold for the call. */
export function matchesQuery({ terms }: CallQuery, call: QueriedCall): boolean {
  return terms.every((term) => matches(term, call));
}

function matches(term: QueryTerm, call: QueriedCall): boolean {
  switch (term.kind) {
    case 'words':
      return hasWords(call, term.text);
    case 'text':
      return hasText(call, term.field, term.text) !== term.negated;
    case 'callId':
      return compares(call.callId, term.relation, term.value) !== term.negated;
    case 'number':
      return (
        numbersOf(call, term.field).some((each) => compares(each, term.relation, term.value)) !== term.negated
      );
  }
}

/** The call's own facts are looked at first: previews have to be decoded. */
function hasWords(call: QueriedCall, text: string): boolean {
  return (
    call.export.includes(text) ||
    (mayBeNumber(text) && String(call.callId).includes(text)) ||
    call.status.includes(text) ||
    previewHas(call, 'argument', text) ||
    previewHas(call, 'result', text)
  );
}

function mayBeNumber(text: string): boolean {
  // A look at its first character spares most texts the rest.
  const first = text.charCodeAt(0);
  return (first === 0x2d || (first >= 0x30 && first <= 0x39)) && /^-?\d+$/u.test(text);
}

function previewHas(call: QueriedCall, direction: 'argument' | 'result', text: string): boolean {
  return call.contains?.(direction, text, 'preview') ?? call.preview(direction).toLowerCase().includes(text);
}

function hasText(call: QueriedCall, field: TextField, text: string): boolean {
  switch (field) {
    case 'export':
      return call.export.includes(text);
    case 'status':
      return call.status.startsWith(text);
    case 'problem':
      return call.problems > 0 && call.problemCodes().some((code) => code.includes(text));
    case 'text':
      return hasText(call, 'argument', text) || hasText(call, 'result', text);
    case 'argument':
    case 'result':
      return call.contains?.(field, text, 'text') ?? call.text(field).toLowerCase().includes(text);
  }
}

function numbersOf(call: QueriedCall, field: NumberField): number[] {
  switch (field) {
    case 'sequence':
    case 'problems':
      return [call[field]];
    case 'duration':
      return call.durationMicros === undefined ? [] : [call.durationMicros];
    case 'argumentSize':
      return present(call.size('argument'));
    case 'resultSize':
      return present(call.size('result'));
    case 'size':
      return [...present(call.size('argument')), ...present(call.size('result'))];
  }
}

function present(value: number | undefined): number[] {
  return value === undefined ? [] : [value];
}

function compares<T extends number | bigint>(left: T, relation: Relation, right: T): boolean {
  switch (relation) {
    case '=':
      return left === right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
}
