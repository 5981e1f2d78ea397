import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** Writes a host module, `host.mjs`, and returns its path. It is gone when the test ends. */
export async function hostModule(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'host-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'host.mjs');
  await writeFile(file, text);
  return file;
}
