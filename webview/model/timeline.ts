import type { CallStatus } from '../../protocol/boundary.ts';

/** µs since the session's first call. */
export type TimeRange = readonly [from: number, to: number];

/** A call as the timeline draws it. */
export interface TimedCall {
  sequence: number;
  parent?: number;
  startMicros: number;
  /** Absent while it runs. */
  durationMicros?: number;
  status: CallStatus;
}

/** A bar: one call, or several that would lie on the same pixel. */
export interface Bar {
  /** Of the first call. */
  sequence: number;
  /** Calls that it stands for. */
  count: number;
  /** Share of the width, 0 to 1. */
  left: number;
  width: number;
  /** 0 for calls that the host made by itself. */
  depth: number;
  /** One of the calls trapped. */
  trapped: boolean;
}

/** Shortest range that is zoomed to, in µs. */
const SHORTEST = 1;

/**
 * Places calls in a row for each level of nesting. Calls too short to be told apart are put together.
 * @param calls in the order of their beginning
 * @param pixels that the whole range takes
 */
export function layOut(calls: readonly TimedCall[], [from, to]: TimeRange, pixels: number): Bar[] {
  const span = Math.max(SHORTEST, to - from);
  const pixel = 1 / Math.max(1, pixels);
  const depths = new Map<number, number>();
  const lastOf = new Map<number, Bar>();
  const bars: Bar[] = [];
  for (const call of calls) {
    const depth = call.parent === undefined ? 0 : (depths.get(call.parent) ?? 0) + 1;
    depths.set(call.sequence, depth);
    const end = call.durationMicros === undefined ? to : call.startMicros + call.durationMicros;
    if (end < from || call.startMicros > to) continue;
    const left = (Math.max(from, call.startMicros) - from) / span;
    const right = (Math.min(to, end) - from) / span;
    const width = Math.max(pixel, right - left);
    const trapped = call.status === 'trapped';
    const last = lastOf.get(depth);
    const isTiny = right - left < pixel;
    if (last && isTiny && left < last.left + last.width) {
      last.count++;
      last.trapped ||= trapped;
      last.width = Math.max(last.width, left + width - last.left);
      continue;
    }
    const bar = { sequence: call.sequence, count: 1, left, width, depth, trapped };
    lastOf.set(depth, bar);
    bars.push(bar);
  }
  return bars;
}

/** Zooms around a place, within the session. @param factor below 1 shows a shorter range */
export function zoomed([from, to]: TimeRange, factor: number, at: number, whole: TimeRange): TimeRange {
  const longest = Math.max(SHORTEST, whole[1] - whole[0]);
  const span = Math.max(SHORTEST, Math.min((to - from) * factor, longest));
  const share = to > from ? (at - from) / (to - from) : 0.5;
  return within([at - share * span, at + (1 - share) * span], whole);
}

/** The same length, moved by a part of it, within the session. */
export function moved([from, to]: TimeRange, part: number, whole: TimeRange): TimeRange {
  const by = (to - from) * part;
  return within([from + by, to + by], whole);
}

function within([from, to]: TimeRange, whole: TimeRange): TimeRange {
  const span = to - from;
  if (from < whole[0]) return [whole[0], whole[0] + span];
  if (to > whole[1] && span <= whole[1] - whole[0]) return [whole[1] - span, whole[1]];
  return [from, to];
}

/** Round times for the axis: at most `most`, at steps of 1, 2 or 5 times a power of ten. */
export function ticks([from, to]: TimeRange, most: number): number[] {
  const span = Math.max(SHORTEST, to - from);
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) found.push(at * step);
  return found;
}

/** A part of a bar: shares of its width, 0 to 1. */
export interface HostPart {
  left: number;
  width: number;
}

/**
 * Where in a call's bar the host ran: its crossings, without the calls that the host made back into the guest meanwhile.
 * @param crossings `[start, duration]` in µs, in order
 * @param nested calls made inside this one, directly, in order
 * @param range that the timeline shows: a bar is cut at its edges
 */
export function hostParts(
  call: TimedCall,
  crossings: readonly (readonly [number, number])[],
  nested: readonly TimedCall[],
  [from, to]: TimeRange,
): HostPart[] {
  const begin = Math.max(from, call.startMicros);
  const end = Math.min(to, call.startMicros + (call.durationMicros ?? Infinity));
  const parts: HostPart[] = [];
  const add = (start: number, stop: number): void => {
    const [first, last] = [Math.max(begin, start), Math.min(end, stop)];
    if (last > first && end > begin)
      parts.push({ left: (first - begin) / (end - begin), width: (last - first) / (end - begin) });
  };
  for (const [start, duration] of crossings) {
    let at = start;
    for (const inner of nested) {
      if (inner.startMicros < start || inner.startMicros >= start + duration) continue;
      add(at, inner.startMicros);
      at = inner.startMicros + (inner.durationMicros ?? 0);
    }
    add(at, start + duration);
  }
  return parts;
}

/** A crossing's time, as the ledger has it. */
interface TimedCrossing {
  startMicros: number;
  durationMicros?: number;
}

/**
 * How long a call was in the host: its crossings, without the calls that the host made back into the guest meanwhile.
 * @param nested calls made inside this one, directly
 */
export function hostMicros(crossings: readonly TimedCrossing[], nested: readonly TimedCall[]): number {
  const sum = (items: readonly { durationMicros?: number }[]): number =>
    items.reduce((total, { durationMicros = 0 }) => total + durationMicros, 0);
  return Math.max(0, sum(crossings) - sum(nested));
}
