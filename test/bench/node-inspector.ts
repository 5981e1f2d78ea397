import { performance } from 'node:perf_hooks';
import path from 'node:path';
import { z } from 'zod';
import { root } from '../../scripts/paths.ts';
import { NOTE_HOST } from '../support/guests.ts';
import { InspectorClient } from './inspector-client.ts';
import { median } from './report.ts';
import { EXPORT, LAST_TURN, type Loop, type LoopTimes, PROGRAM, STEPS } from './tight-loop.ts';

/** Modules of WebAssembly, as V8 names them: the guest is the only one. */
const GUEST = '^wasm://wasm/';

const frameSchema = z.object({
  callFrameId: z.string(),
  location: z.object({ scriptId: z.string(), columnNumber: z.number() }),
});
const pausedSchema = z.object({ callFrames: z.tuple([frameSchema]).rest(frameSchema) });
const breakpointSchema = z.object({ breakpointId: z.string() });
const valueSchema = z.object({ result: z.object({ value: z.number() }) });

/** The loop under V8's own debugger, in a Node: V8 knows a Wasm module's byte offsets as columns of its line 0. */
export async function inspectedLoop(node: string, { offset, lineOffsets }: Loop): Promise<LoopTimes> {
  const start = performance.now();
  const guest = path.join(root, 'test/bench/node-guest.mjs');
  const client = await InspectorClient.launch(node, [
    guest,
    PROGRAM,
    NOTE_HOST,
    EXPORT,
    String(2 * LAST_TURN),
  ]);
  const paused = async (request: string, params: object = {}): Promise<z.infer<typeof frameSchema>> => {
    const stop = client.event('Debugger.paused');
    await client.request(request, params);
    return pausedSchema.parse(await stop).callFrames[0];
  };
  try {
    const place = { urlRegex: GUEST, lineNumber: 0, columnNumber: offset };
    const configured = Promise.all([
      client.request('Debugger.enable'),
      client.request('Debugger.setBreakpointByUrl', place),
    ]);
    const { location } = await paused('Runtime.runIfWaitingForDebugger');
    const firstStop = performance.now() - start;
    expectColumn(offset, location.columnNumber);
    const [, breakpoint] = await configured;
    await client.request('Debugger.removeBreakpoint', {
      breakpointId: breakpointSchema.parse(breakpoint).breakpointId,
    });

    // V8 steps by instructions: a step to the next line leaves out all others, as DevTools do it.
    const skipList = lineOffsets.slice(0, -1).map((from, i) => ({
      scriptId: location.scriptId,
      start: { lineNumber: 0, columnNumber: from + 1 },
      end: { lineNumber: 0, columnNumber: lineOffsets[i + 1] },
    }));
    const steps = [];
    let frame = location;
    for (let step = 0; step < STEPS; step++) {
      await client.settled();
      const before = performance.now();
      const stop = await paused('Debugger.stepOver', { skipList });
      steps.push(performance.now() - before);
      if (
        stop.location.columnNumber === frame.columnNumber ||
        !lineOffsets.includes(stop.location.columnNumber)
      ) {
        throw new Error(
          `V8 stepped to byte offset ${stop.location.columnNumber}, where no other line begins.`,
        );
      }
      frame = stop.location;
    }

    const condition = `$i.value === ${LAST_TURN}`;
    await client.request('Debugger.setBreakpointByUrl', { ...place, condition });
    const resumed = performance.now();
    const last = await paused('Debugger.resume');
    const milliseconds = performance.now() - resumed;
    expectColumn(offset, last.location.columnNumber);
    const { result } = valueSchema.parse(
      await client.request('Debugger.evaluateOnCallFrame', {
        callFrameId: last.callFrameId,
        expression: '$i.value',
      }),
    );
    if (result.value !== LAST_TURN) throw new Error(`V8 stopped in turn ${result.value}.`);
    return {
      firstStop,
      step: median(steps),
      condition: (milliseconds * 1000) / (LAST_TURN - Math.ceil(STEPS / 3)),
    };
  } finally {
    await client.close();
  }
}

function expectColumn(wanted: number, found: number): void {
  if (wanted !== found) throw new Error(`V8 stopped at byte offset ${found}, not at ${wanted}.`);
}
