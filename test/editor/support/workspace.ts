import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { root } from '../../../scripts/paths.ts';

/** A folder that a test opens in the editor, and may change; `remove` deletes it. */
export interface Workspace {
  folder: string;
  remove(): Promise<void>;
}

/** A copy of `examples/NAME`, without what Gradle made. */
export async function copyExample(name: string): Promise<Workspace> {
  const workspace = await emptyWorkspace(name);
  await cp(path.join(root, 'examples', name), workspace.folder, { recursive: true });
  return workspace;
}

/** A new folder; its name is what the editor shows. */
export async function emptyWorkspace(name: string): Promise<Workspace> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'kotlin-wasmedge-editor-'));
  const folder = path.join(parent, name);
  await mkdir(folder);
  return { folder, remove: () => rm(parent, { recursive: true, force: true }) };
}

/** Adds settings to a workspace's own, e.g. the colour theme. */
export async function addSettings(workspace: Workspace, settings: Record<string, unknown>): Promise<void> {
  const file = path.join(workspace.folder, '.vscode', 'settings.json');
  const there: unknown = await readFile(file, 'utf8').then(
    (text) => parse(text) as unknown,
    () => ({}),
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...(there as object), ...settings }, null, 2));
}
