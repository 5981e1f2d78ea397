import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { configure, ended } from '../support/session.ts';
import type { Benchmark } from './context.ts';
import { NO_STOPS, withAdapter } from './debuggee.ts';
import { inspected, pressed } from './inspected.ts';

const TIMES = 7;
const SIZE = 64 << 20;
/** Lines of text. */
const LINE = 'Kotlin asks its host for this line, and for the next one.\n';
const SMALL = 'World';

/** The first byte of the chosen call's argument in the hex grid. */
const firstByte = (sequence: number, text: string) => ({
  selector: `[data-testid=details][data-sequence="${sequence}"] [data-testid=argument] .hex-byte[data-offset="0"]`,
  text: text.charCodeAt(0).toString(16),
});

/** A call that was handed 64 MiB: from the key that chooses it in the list until its bytes are painted. */
export const large: Benchmark = {
  names: ['large/open'],
  async run({ wasmedge, report }) {
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-large-'));
    try {
      const file = path.join(folder, 'argument');
      await writeFile(file, Buffer.alloc(SIZE, LINE));
      const calls = [SMALL, { file }].map((argument) => ({
        export: 'storeMany',
        argument,
        params: ['$size', '$callId', 1],
      }));
      const opened: number[] = [];
      await withAdapter(wasmedge, {}, async (client) => {
        const program = path.join(root, 'test/guests/bench/bench.wasm');
        await configure(client, { program, host: path.join(root, 'test/bench/host.mjs'), calls }, NO_STOPS);
        if ((await ended(client)) !== 0) throw new Error(`The guest failed: ${client.output('stderr')}`);
        await inspected(client, calls.length, async (page) => {
          await page.reload();
          for (let time = 0; time < TIMES; time++) {
            await pressed(page, 'Home', firstByte(0, SMALL));
            opened.push(await pressed(page, 'End', firstByte(1, LINE)));
          }
        });
      });
      const figure = { name: 'large/open', unit: 'ms', wasmedge, budget: '≤ 200 ms for 64 MiB' };
      await report.addMedian(figure, opened);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
