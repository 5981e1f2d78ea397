import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { provideChromium } from '../../../scripts/editor-chromium.ts';
import { startEditorServer, type EditorServer } from '../../../scripts/editor-server.ts';
import { DEFAULT_EDITOR, isEditorVersion, provideCodeServer } from '../../../scripts/editor-setup.ts';
import { root } from '../../../scripts/paths.ts';
import { processTree, waitUntilGone } from '../../support/processes.ts';
import { EditorWindow } from './window.ts';
import { addSettings, type Workspace } from './workspace.ts';

/** design.md §10, and no /dev/shm, which containers keep small. */
const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** An editor that does not show something within this is broken; nothing waits for this long otherwise. */
const PATIENCE_MS = 60_000;

/** Names as they stand in `workbench.colorTheme`. */
export type Theme = 'Default Light Modern' | 'Default Dark Modern' | 'Default High Contrast';

export interface OpenOptions {
  theme?: Theme;
  /** CSS pixels. */
  size?: { width: number; height: number };
}

/** Real VS Code with the packaged extension, in a browser. */
export class Editor {
  readonly #server: EditorServer;
  readonly #browser: Browser;
  readonly #state: string;

  private constructor(server: EditorServer, browser: Browser, state: string) {
    this.#server = server;
    this.#browser = browser;
    this.#state = state;
  }

  /** @param env added to the environment in which the extension and its debug adapter run. */
  static async start(env: NodeJS.ProcessEnv = {}): Promise<Editor> {
    const version = process.env.EDITOR_VERSION ?? DEFAULT_EDITOR;
    if (!isEditorVersion(version)) throw new Error(`EDITOR_VERSION is ${version}, which is not set up.`);
    const editor = await provideCodeServer(console.log, version);
    const extension = process.env.EDITOR_VSIX ?? (await packaged());
    const executablePath = process.env.EDITOR_CHROMIUM ?? (await provideChromium(console.log));
    const state = await mkdtemp(path.join(os.tmpdir(), 'kotlin-wasmedge-vscode-'));
    const server = await startEditorServer({ editor, extension, state, env });
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    return new Editor(server, browser, state);
  }

  /** Opens a window on a workspace, as a person who has never used this editor. */
  async open(workspace: Workspace, options: OpenOptions = {}): Promise<EditorWindow> {
    if (options.theme) await addSettings(workspace, { 'workbench.colorTheme': options.theme });
    const context = await this.#browser.newContext({
      viewport: options.size ?? { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.goto(this.#server.address(workspace.folder));
    const window = new EditorWindow(page);
    await window.ready();
    return window;
  }

  /** What the server has printed, for a failure's report. */
  output(): string {
    return this.#server.output();
  }

  /** The command lines of processes that the editor has started and that name this file. */
  async processes(file: string): Promise<string[]> {
    const tree = await processTree(this.#server.pid);
    return tree.map(({ command }) => command).filter((command) => command.includes(file));
  }

  /** Resolves when no process names this file; the caller's own limit of time is what ends the waiting. */
  async noProcess(file: string): Promise<void> {
    const tree = await processTree(this.#server.pid);
    await waitUntilGone(tree.filter(({ command }) => command.includes(file)));
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    await rm(this.#state, { recursive: true, force: true });
  }
}

/** Loads the packager only where the caller has not packaged already. */
async function packaged(): Promise<string> {
  const { packageVsix } = await import('../../../scripts/package.ts');
  return packageVsix();
}

/** Where screenshots are kept. */
export async function artifact(name: string): Promise<string> {
  const folder = path.join(root, 'artifacts', 'editor');
  await mkdir(folder, { recursive: true });
  return path.join(folder, name);
}
