import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runChecked } from '../debug-adapter/wasmedge/command.ts';
import type { CodeServer } from './editor-setup.ts';

export interface EditorServerOptions {
  editor: CodeServer;
  /** The extension to install, a .vsix file. */
  extension?: string;
  /** Folder for everything that this instance keeps: settings, extensions, logs. */
  state: string;
  /** User settings on top of those that keep the editor quiet. */
  settings?: Record<string, unknown>;
  /** A free one when left out. */
  port?: number;
  /** Added to this process's environment. */
  env?: NodeJS.ProcessEnv;
}

/** VS Code, served to browsers of this machine. */
export interface EditorServer {
  pid: number;
  /** Address that opens a folder. */
  address(folder: string): string;
  /** What the server has printed. */
  output(): string;
  /** Resolves when it has ended. */
  ended: Promise<void>;
  /** Ends it and everything that runs in it. */
  stop(): Promise<void>;
}

/** No tips, no telemetry, no look for updates, no assistant: what the extension does is what is seen. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
};

/**
 * Starts code-server with the extension installed and waits until it serves.
 * @throws Error with what it printed where it ends instead.
 */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const { editor, state } = options;
  const user = path.join(state, 'user-data');
  const folders = ['--user-data-dir', user, '--extensions-dir', path.join(state, 'extensions')];
  const configuration = path.join(state, 'config.yaml');
  await mkdir(path.join(user, 'User'), { recursive: true });
  await writeFile(configuration, 'auth: none\n');
  await writeFile(
    path.join(user, 'User', 'settings.json'),
    JSON.stringify({ ...QUIET, ...options.settings }, null, 2),
  );
  const env = { ...withoutEditor(process.env), ...options.env };
  const common = [editor.entry, '--config', configuration, ...folders];
  if (options.extension) {
    await runChecked(editor.node, [...common, '--install-extension', options.extension, '--force'], { env });
  }
  const child = spawn(
    editor.node,
    [
      ...common,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      '--disable-getting-started-override',
    ],
    // A process group of its own, so that its extension hosts end with it.
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const base = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const served = /HTTP server listening on (http:\S+)/.exec(line)?.[1];
      if (served) resolve(served);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`code-server ended (${code ?? 'killed'}) instead of serving:\n${output}`));
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('code-server was not started.');
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid,
    address: (folder) => `${new URL(base).href}?folder=${encodeURIComponent(folder)}`,
    output: () => output,
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
}

/** The environment without what an editor's own terminal sets: code-server would hand over to that editor. */
function withoutEditor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(VSCODE_|CODE_SERVER_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$)/.test(name),
    ),
  );
}
