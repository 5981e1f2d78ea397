import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { editorTest, useEditor } from './support/editor-test.ts';
import { GREET, STORE } from './support/frames.ts';
import { emptyWorkspace, type Workspace } from './support/workspace.ts';

useEditor({ WASMEDGE_VERSION: '0.17' });

/** Where Gradle links a Kotlin/Wasm program. */
const GRADLE_OUTPUT = 'build/compileSync/wasmWasi/main/developmentExecutable/kotlin';

/** A folder that Gradle has built the example's guest in, without a launch.json. */
async function built(...names: string[]): Promise<Workspace> {
  const workspace = await emptyWorkspace('built');
  const output = path.join(workspace.folder, GRADLE_OUTPUT);
  await mkdir(output, { recursive: true });
  for (const name of names) await cp(path.join(root, 'examples/greeter/guest.wasm'), path.join(output, name));
  return workspace;
}

/** A folder with this launch configuration and these files of the repository. */
async function configured(configuration: object, files: Record<string, string>): Promise<Workspace> {
  const workspace = await emptyWorkspace('configured');
  await mkdir(path.join(workspace.folder, '.vscode'));
  await writeFile(
    path.join(workspace.folder, '.vscode', 'launch.json'),
    JSON.stringify({
      version: '0.2.0',
      configurations: [{ type: 'kotlin-wasmedge', request: 'launch', name: 'Guest', ...configuration }],
    }),
  );
  for (const [name, from] of Object.entries(files)) {
    await cp(path.join(root, from), path.join(workspace.folder, name));
  }
  return workspace;
}

editorTest(
  'F5 without launch.json finds the only guest and asks what to call it with',
  { workspace: () => built('guest.wasm') },
  async ({ window, debugging, calls }) => {
    await debugging.pressF5();
    await window.choose('Kotlin/Wasm on WasmEdge');
    await window.choose('greet');
    await window.answer('Ada');
    await debugging.stoppedAt(STORE, GREET);
    await calls.showsText('argument', 'Ada');
  },
);

editorTest(
  'F5 without launch.json asks which guest, where there are several',
  { workspace: () => built('first.wasm', 'second.wasm') },
  async ({ window, debugging }) => {
    await debugging.pressF5();
    await window.choose('Kotlin/Wasm on WasmEdge');
    await window.choose('second.wasm');
    await window.choose('greet');
    await window.answer('Ada');
    await debugging.stoppedAt(STORE, GREET);
  },
);

editorTest(
  'a guest that is not there: one sentence, and a button to choose another',
  { workspace: () => configured({ program: '${workspaceFolder}/missing.wasm' }, {}) },
  async ({ window, debugging }) => {
    await debugging.pressF5();
    const toast = await window.notification('missing.wasm');
    await toast.getByRole('button', { name: /Choose/ }).click();
    await window.quickInput.getByText('Choose the Guest to Debug').waitFor();
  },
);

editorTest(
  'legacy exception handling: the button takes the WasmEdge that accepts it',
  {
    workspace: () =>
      configured(
        { program: '${workspaceFolder}/guest.wasm', calls: [{ export: 'greet', argument: 'World' }] },
        { 'guest.wasm': 'test/guests/greet/greet-2.2.10-legacy.wasm' },
      ),
  },
  async ({ window, debugging, workspace }) => {
    await debugging.pressF5();
    const toast = await window.notification('legacy exception handling');
    await toast.getByRole('button', { name: 'Use WasmEdge 0.14' }).click();
    await debugging.stoppedAt(STORE, GREET);
    const written = await readFile(path.join(workspace.folder, '.vscode', 'launch.json'), 'utf8');
    assert.match(written, /"version": "0\.14"/);
  },
);

editorTest(
  'imports that nobody provides: the button writes the host module',
  {
    workspace: () =>
      configured(
        { program: '${workspaceFolder}/guest.wasm', calls: [{ export: 'seat', argument: 'Grace' }] },
        { 'guest.wasm': 'examples/greeter/nested/guest.wasm' },
      ),
  },
  async ({ window, debugging, workspace }) => {
    await debugging.pressF5();
    const toast = await window.notification('seating.rowFor');
    await toast.getByRole('button').filter({ hasText: /host/i }).click();
    await window.page.locator('.tab.active', { hasText: 'host.mjs' }).waitFor();
    const module = await readFile(path.join(workspace.folder, 'host.mjs'), 'utf8');
    assert.match(module, /rowFor\(/);
    const written = await readFile(path.join(workspace.folder, '.vscode', 'launch.json'), 'utf8');
    assert.match(written, /host\.mjs/);
  },
);
