import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { processTree } from '../support/processes.ts';
import { withAdapter } from './debuggee.ts';

const vitalsSchema = z.object({
  heapBytes: z.number(),
  arrayBufferBytes: z.number(),
  handles: z.number(),
});

/** What the adapter holds after a full garbage collection (vitals.mjs), and how many processes it and its children are. */
export type Vitals = z.infer<typeof vitalsSchema> & { processes: number };

/** Runs a session and collects the adapter's vitals at each `sample()`. */
export async function observed(
  wasmedge: string,
  session: (client: DapClient, sample: () => Promise<void>) => Promise<void>,
): Promise<Vitals[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vitals-'));
  const socketPath = path.join(folder, 'socket');
  const samples: Vitals[] = [];
  try {
    await withAdapter(
      wasmedge,
      {
        env: {
          BENCH_VITALS: socketPath,
          NODE_OPTIONS: `--import ${path.join(root, 'test/bench/vitals.mjs')}`,
        },
      },
      (client) => session(client, async () => void samples.push(await vitals(client, socketPath))),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return samples;
}

async function vitals(client: DapClient, socketPath: string): Promise<Vitals> {
  const held = vitalsSchema.parse(JSON.parse(await text(net.connect(socketPath))));
  if (client.pid === undefined) throw new Error('The benchmark starts its own adapter.');
  return { ...held, processes: (await processTree(client.pid)).length };
}
