import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromeTrace } from '../../extension/calls/chrome-trace.ts';
import { hostTimes, timelinePart } from '../../extension/calls/timeline.ts';
import {
  hostMicros,
  hostParts,
  layOut,
  moved,
  ticks,
  zoomed,
  type TimedCall,
} from '../../webview/model/timeline.ts';
import { greeterLedger } from '../editor/webview/sample-ledger.ts';

const call = (
  sequence: number,
  startMicros: number,
  durationMicros?: number,
  parent?: number,
): TimedCall => ({
  sequence,
  startMicros,
  status: 'returned',
  ...(durationMicros !== undefined && { durationMicros }),
  ...(parent !== undefined && { parent }),
});

test('bars: nested calls lie below their caller, a running one reaches to the end', () => {
  const bars = layOut([call(0, 0, 50), call(1, 25, 25, 0), call(2, 60)], [0, 100], 1000);
  assert.deepEqual(
    bars.map(({ sequence, left, width, depth }) => [sequence, left, width, depth]),
    [
      [0, 0, 0.5, 0],
      [1, 0.25, 0.25, 1],
      [2, 0.6, 0.4, 0],
    ],
  );
});

test('bars: time in the host is a part of them, without the calls that the host made back', () => {
  const outer = call(0, 100, 100);
  const crossings = [
    [110, 10],
    [140, 40],
  ] as const;
  const parts = (range: [number, number], nested: TimedCall[] = []) =>
    hostParts(outer, crossings, nested, range).map(({ left, width }) => [left, width]);
  assert.deepEqual(parts([0, 1000]), [
    [0.1, 0.1],
    [0.4, 0.4],
  ]);
  assert.deepEqual(parts([0, 1000], [call(1, 150, 20, 0)]), [
    [0.1, 0.1],
    [0.4, 0.1],
    [0.7, 0.1],
  ]);
  assert.deepEqual(parts([150, 200]), [[0, 0.6]], 'cut at the edge of what is shown');
  assert.deepEqual(parts([300, 400]), []);
});

test('when calls were in the host is asked of the ledger, without their buffers', async () => {
  const ledger = greeterLedger();
  const [first] = ledger.made;
  assert.ok(first);
  const times = await hostTimes(ledger, [0, 4]);
  assert.deepEqual(times, [
    first.crossings.map(({ startMicros, durationMicros }) => [startMicros, durationMicros]),
    [],
  ]);
  assert.equal(
    (
      await hostTimes(
        ledger,
        Array.from({ length: 500 }, () => 0),
      )
    ).length,
    200,
  );
});

test('bars: only what is in the range, and calls on one pixel are one bar', () => {
  assert.deepEqual(layOut([call(0, 0, 5), call(1, 95, 50)], [10, 90], 100), []);
  const many = Array.from({ length: 10_000 }, (_, index) => call(index, index, 1));
  const bars = layOut(many, [0, 10_000], 100);
  assert.ok(bars.length <= 101, `${bars.length} bars`);
  assert.equal(
    bars.reduce((sum, { count }) => sum + count, 0),
    10_000,
  );
});

test('zooming keeps the place, moving stays in the session', () => {
  assert.deepEqual(zoomed([0, 100], 0.5, 50, [0, 100]), [25, 75]);
  assert.deepEqual(zoomed([20, 40], 2, 20, [0, 100]), [20, 60]);
  assert.deepEqual(zoomed([20, 40], 100, 30, [0, 100]), [0, 100]);
  assert.deepEqual(moved([20, 40], 0.5, [0, 100]), [30, 50]);
  assert.deepEqual(moved([70, 90], 1, [0, 100]), [80, 100]);
  assert.deepEqual(moved([5, 25], -1, [0, 100]), [0, 20]);
  assert.deepEqual(ticks([0, 100], 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticks([130, 1130], 4), [500, 1000]);
});

test('time in the host is that of the crossings, without calls made back meanwhile', () => {
  const crossings = [
    { startMicros: 0, durationMicros: 5 },
    { startMicros: 10, durationMicros: 40 },
    { startMicros: 60 },
  ];
  assert.equal(hostMicros(crossings, [call(1, 12, 30, 0)]), 15);
});

test('a range of time leads to its calls, and to those around them', async () => {
  const ledger = greeterLedger();
  // Call 3 begins at 2640 µs inside call 2, which began at 2160.
  const part = await timelinePart(ledger, 10, 3000, 3700);
  assert.deepEqual(
    part.calls.map(({ sequence }) => sequence),
    [2, 3, 4, 5],
  );
  assert.deepEqual([part.omitted, part.end], [0, 5520]);
  assert.equal((await timelinePart(ledger, 10, 0, 1e9)).calls.length, 10);
  assert.deepEqual(await timelinePart(ledger, 0, 0, 1e9), { calls: [], omitted: 0, end: 0 });
});

test('the Chrome trace holds calls and crossings with their times in µs', async () => {
  const text = await chromeTrace(greeterLedger(), 'Greet');
  const { traceEvents } = JSON.parse(text) as { traceEvents: Record<string, unknown>[] };
  const greet = traceEvents.find(({ name }) => name === 'greet');
  assert.deepEqual(greet, {
    name: 'greet',
    cat: 'guest',
    ph: 'X',
    ts: 1200,
    dur: 61,
    pid: 1,
    tid: 1,
    args: {
      callId: 1,
      sequence: 0,
      status: 'returned',
      argument: 'World',
      argumentSize: 5,
      result: 'Hello, World!',
      resultSize: 13,
    },
  });
  const crossings = traceEvents.filter(({ cat }) => cat === 'host');
  assert.equal(crossings.length, 15);
  assert.ok(crossings.every(({ ph, dur }) => ph === 'X' && typeof dur === 'number'));
  assert.equal(traceEvents.filter(({ ph }) => ph === 'B').length, 1, 'the call that still runs');
});

/** The rules of the Trace Event Format for what the trace has: https://perfetto.dev/docs/getting-started/other-formats. */
test('as a Chrome trace: each event has what its phase demands, and those of a thread are disjoint or nested', async () => {
  interface Event {
    name: unknown;
    ph: string;
    pid: unknown;
    tid: unknown;
    ts: number;
    dur?: number;
    s?: string;
    args?: { name?: unknown };
  }
  const { traceEvents } = JSON.parse(await chromeTrace(greeterLedger(), 'Greet')) as { traceEvents: Event[] };
  for (const event of traceEvents) {
    const said = JSON.stringify(event);
    assert.equal(typeof event.name, 'string', said);
    assert.ok(Number.isInteger(event.pid) && Number.isInteger(event.tid), said);
    assert.ok(Number.isFinite(event.ts) && event.ts >= 0, said);
    assert.ok(['X', 'B', 'M', 'i'].includes(event.ph), said);
    assert.equal(event.ph === 'X', Number.isFinite(event.dur) && (event.dur ?? -1) >= 0, said);
    if (event.ph === 'i') assert.match(event.s ?? '', /^[gpt]$/, said);
    if (event.ph === 'M') assert.equal(typeof event.args?.name, 'string', said);
  }
  const bars = traceEvents
    .filter(({ ph }) => ph === 'X')
    .map(({ ts, dur = 0, name }) => ({ ts, end: ts + dur, name }))
    .sort((one, other) => one.ts - other.ts || other.end - one.end);
  const open: typeof bars = [];
  for (const bar of bars) {
    while ((open.at(-1)?.end ?? Infinity) <= bar.ts) open.pop();
    const around = open.at(-1);
    // Times are sums of fractions of a microsecond.
    assert.ok(!around || bar.end <= around.end + 1e-6, `${JSON.stringify(bar)} in ${JSON.stringify(around)}`);
    open.push(bar);
  }
});
