import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDesktopEditor, hasDesktopEditor } from './demo/desktop-editor.ts';
import { findOrProvideWasmEdge } from './demo/engine.ts';
import { bold, dim, red } from './demo/terminal.ts';
import { buildIfChanged } from './build-if-changed.ts';
import { startEditorServer } from './editor-server.ts';
import { provideCodeServer } from './editor-setup.ts';
import { packageVsix } from './package.ts';
import { root } from './paths.ts';

const USAGE = `npm run demo:editor [-- --browser] [-- --port NUMBER]

  --browser      VS Code in a browser, even where "code" is installed
  --port NUMBER  where it is served; a free port when left out`;

const WORKSPACE = path.join(root, 'examples', 'greeter');

/** An editor that has been opened: wait for `closed`, or `close` it. */
export interface OpenedEditor {
  closed: Promise<void>;
  close(): Promise<void>;
}

/** `npm run demo:editor`: VS Code with the extension installed and the example workspace open, until Ctrl+C. */
async function main(): Promise<number> {
  let options;
  try {
    options = parseArgs({
      options: { browser: { type: 'boolean', default: false }, port: { type: 'string' } },
    }).values;
  } catch (error) {
    console.log(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  const port = options.port === undefined ? undefined : Number(options.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    console.log(`${String(options.port)} is no port.\n\n${USAGE}`);
    return 2;
  }
  await buildIfChanged(console.log);
  await findOrProvideWasmEdge();
  const vsix = await packageVsix();
  const state = await mkdtemp(path.join(os.tmpdir(), 'kotlin-wasmedge-demo-'));
  try {
    const desktop = !options.browser && (await hasDesktopEditor());
    const editor = desktop ? await openDesktopEditor(vsix, WORKSPACE, state) : await serve(vsix, state, port);
    console.log(
      '\nIn Run and Debug, choose a configuration and press F5. It stops on both callbacks; the view Boundary Calls ' +
        'shows what each call carried.\nCtrl+C here ends everything.',
    );
    await Promise.race([editor.closed, interrupted()]);
    await editor.close();
    return 0;
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

async function serve(vsix: string, state: string, port: number | undefined): Promise<OpenedEditor> {
  const server = await startEditorServer({
    editor: await provideCodeServer(console.log),
    extension: vsix,
    state,
    ...(port !== undefined && { port }),
  });
  console.log(`\nVS Code is at ${bold(server.address(WORKSPACE))}`);
  console.log(dim('It asks for no password, and listens on this machine only.'));
  const closed = server.ended.then(() => console.log('VS Code has ended.'));
  return { closed, close: () => server.stop() };
}

/** Resolves at Ctrl+C, or when the terminal or whoever started this wants it to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
