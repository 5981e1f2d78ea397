import { performance } from 'node:perf_hooks';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { provideNode } from '../../scripts/node-setup.ts';
import { NOTE_HOST } from '../support/guests.ts';
import { setLines } from '../support/kotlin-session.ts';
import { CLIENT, evaluate, resumeTo, stopped, topFrame } from '../support/session.ts';
import type { Benchmark } from './context.ts';
import { withAdapter } from './debuggee.ts';
import { inspectedLoop } from './node-inspector.ts';
import { median, spread } from './report.ts';
import {
  EXPORT,
  LAST_TURN,
  type Loop,
  type LoopTimes,
  PROGRAM,
  readLoop,
  SOURCE,
  STEPS,
} from './tight-loop.ts';

/** A Node whose V8 runs what Kotlin compiles to, from npm. */
const NODE = '24.21.0';
const ROUNDS = 5;

const FIGURES = [
  { name: 'kotlin/first-stop', of: 'firstStop', unit: 'ms', budget: 'none' },
  { name: 'kotlin/step', of: 'step', unit: 'ms', budget: 'median ≤ 5 ms' },
  { name: 'kotlin/false-condition', of: 'condition', unit: 'µs', budget: '≤ 5 µs a hit' },
] as const;

/** Breakpoints, steps and conditions on lines of Kotlin, beside V8's own debugger on the same guest. */
export const kotlin: Benchmark = {
  names: FIGURES.flatMap(({ name }) => [name, `${name}/inspector`]),
  async run({ wasmedge, report }, wanted) {
    const node = await provideNode(NODE, console.log);
    const loop = await readLoop();
    // Not counted: it rewrites the guest, which is cached from then on.
    await debuggedLoop(wasmedge, loop);
    const rounds: { own: LoopTimes; inspector: LoopTimes }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ own: await debuggedLoop(wasmedge, loop), inspector: await inspectedLoop(node, loop) });
    }
    for (const { name, of, unit, budget } of FIGURES) {
      const ratios = rounds.map(({ own, inspector }) => own[of] / inspector[of]);
      if (wanted(name)) {
        await report.add({
          name,
          value: median(rounds.map(({ own }) => own[of])),
          unit,
          ratio: median(ratios),
          against: `Node ${NODE}'s inspector`,
          wasmedge,
          spread: spread(ratios),
          budget,
        });
      }
      if (wanted(`${name}/inspector`)) {
        const values = rounds.map(({ inspector }) => inspector[of]);
        await report.addMedian({ name: `${name}/inspector`, unit, wasmedge }, values);
      }
    }
  },
};

/** The loop under this debugger. */
async function debuggedLoop(wasmedge: string, { line }: Loop): Promise<LoopTimes> {
  const start = performance.now();
  return withAdapter(wasmedge, {}, async (client) => {
    await client.request('initialize', CLIENT);
    const calls = [{ export: EXPORT, params: [2 * LAST_TURN] }];
    const launched = client.request('launch', { program: PROGRAM, host: NOTE_HOST, calls });
    await Promise.race([client.event('initialized'), launched]);
    await setLines(client, SOURCE, { line });
    await client.request('setExceptionBreakpoints', { filters: [] });
    await client.request('configurationDone');
    await launched;
    await stopped(client);
    const firstStop = performance.now() - start;
    expectLine(line, await topFrame(client));
    await setLines(client, SOURCE);

    const steps = [];
    let before = line;
    for (let step = 0; step < STEPS; step++) {
      const began = performance.now();
      await resumeTo(client, 'next');
      steps.push(performance.now() - began);
      const frame = await topFrame(client);
      if (frame.line === before) throw new Error(`A step stayed on line ${before}.`);
      before = frame.line;
    }

    await setLines(client, SOURCE, { line, condition: `i == ${LAST_TURN}` });
    const resumed = performance.now();
    await resumeTo(client);
    const milliseconds = performance.now() - resumed;
    const { result } = await evaluate(client, 'i');
    if (result !== String(LAST_TURN)) throw new Error(`The condition stopped in turn ${result}.`);
    return {
      firstStop,
      step: median(steps),
      condition: (milliseconds * 1000) / (LAST_TURN - Math.ceil(STEPS / 3)),
    };
  });
}

function expectLine(wanted: number, { line }: DebugProtocol.StackFrame): void {
  if (line !== wanted) throw new Error(`Stopped on line ${line}, not on ${wanted}.`);
}
