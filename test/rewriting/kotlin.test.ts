import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readFrames } from '../../debug-adapter/kotlin/rewriting/frames.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { GUESTS } from '../../scripts/kotlin-guests.ts';
import { atLeast } from '../../wasmedge-napi/test/support/engine.ts';
import { kotlinGuest } from './support/kotlin-plan.ts';
import { transcribe } from './support/transcript.ts';

for (const { module, kotlinVersion, extraArgs } of GUESTS) {
  const legacy = kotlinVersion === '2.2.10' && extraArgs.length === 0;
  const skip = legacy && atLeast(16) && 'this WasmEdge refuses legacy exception handling';
  describe(module, { skip }, () => {
    const file = `${module}.wasm`;
    const run = async (stack: boolean, stopping: boolean) => {
      const { bytes, functions, throwable } = await kotlinGuest(file);
      assert(functions.length > 0);
      // Not what never ends, or waits for a host that answers.
      const common = {
        calls: (name: string) => !/forever|endless|many/i.test(name),
        values: [3, -1],
        costLimit: 100_000_000n,
      };
      const plain = transcribe({ bytes, ...common });
      const rewritten = rewrite(
        bytes,
        stack ? { functions, stack: { depth: 2000 }, exceptions: { type: throwable } } : { functions },
      );
      if (stack) assert(rewritten.thrown);
      let stops = 0;
      const result = transcribe({
        ...common,
        bytes: rewritten.bytes,
        rewritten,
        ...(stopping && {
          onStop: (_site, instance) => {
            stops += 1;
            const { stackPointer, memory } = rewritten.exports;
            if (stackPointer === null) return;
            const sp = Number(instance.global(stackPointer).value);
            const frames = readFrames(
              new Uint8Array(instance.memory(memory).buffer),
              rewritten.memory.stackAt,
              sp,
            );
            assert.equal(frames.at(-1)?.functionIndex, rewritten.sites[_site]?.functionIndex);
          },
        }),
      });
      assert(plain && result && plain.lines.length > 3 && !plain.cutOff);
      assert.deepEqual(result.lines, plain.lines);
      assert.equal(stops > 0, stopping);
    };
    test('does the same with probes', () => run(false, false));
    test('does the same with probes that stop', () => run(false, true));
    test('does the same with stack and locals', () => run(true, false));
    test('does the same with stack and locals while it stops, and each stop is in the innermost frame', () =>
      run(true, true));
  });
}
