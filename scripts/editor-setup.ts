import { access, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { commandExists, runChecked } from '../debug-adapter/wasmedge/command.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { installDebianPackages } from './debian-install.ts';
import { installPackages, nodePackage, nodeProgram, plainNpm } from './npm-packages.ts';

/**
 * The VS Code versions that the editor tests know: the oldest that the extension supports (`engines.vscode`) and a new
 * one. code-server is VS Code served to a browser; each release wants one major version of Node (design.md §10).
 */
export const EDITORS = {
  '1.99': {
    codeServer: '4.99.4',
    node: '20.20.2',
    addons: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
    ripgrep: '1.18.0',
  },
  '1.139': {
    codeServer: '4.139.1',
    node: '24.21.0',
    addons: ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty'],
    // Brings it along.
    ripgrep: undefined,
  },
} as const;
export type EditorVersion = keyof typeof EDITORS;
export const DEFAULT_EDITOR: EditorVersion = '1.99';

export function isEditorVersion(text: string): text is EditorVersion {
  return Object.hasOwn(EDITORS, text);
}

/** An installed code-server: start `node` with `entry`. */
export interface CodeServer {
  version: EditorVersion;
  node: string;
  entry: string;
}

/**
 * Puts code-server and the Node that it wants into the cache, unless they are there. It appears whole or not at all, and
 * runs at the same time wait for each other. About 90 s and 600 MB the first time.
 * @throws Error that says which step failed and what npm printed.
 */
export async function provideCodeServer(
  log: Log,
  version: EditorVersion = DEFAULT_EDITOR,
  env: NodeJS.ProcessEnv = process.env,
): Promise<CodeServer> {
  const name = `code-server-${EDITORS[version].codeServer}-${process.platform}-${process.arch}`;
  const prefix = path.join(cacheDirectory(env), 'editor', name);
  if (!(await exists(prefix))) {
    const onWait = () => log(`Another process is setting up VS Code ${version}: waiting for it …`);
    await withLock(`${prefix}.lock`, onWait, async () => {
      if (!(await exists(prefix))) await install(version, prefix, log);
    });
  }
  return {
    version,
    node: nodeProgram(prefix),
    entry: path.join(prefix, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

async function install(version: EditorVersion, prefix: string, log: Log): Promise<void> {
  const { codeServer, node, addons, ripgrep } = EDITORS[version];
  await requireCompiler(log);
  await mkdir(path.dirname(prefix), { recursive: true });
  const folder = await mkdtemp(`${prefix}.tmp-`);
  try {
    log(`Setting up VS Code ${version} (code-server ${codeServer}, Node ${node}) …`);
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
    // What packages' install scripts would download comes from npm or is compiled below.
    const platform = `${process.platform}-${process.arch}`;
    const programs = [`${nodePackage()}@${node}`];
    if (ripgrep) programs.push(`@vscode/ripgrep-${platform}@${ripgrep}`);
    await installPackages(folder, `code-server@${codeServer}`, ...programs);
    const modules = path.join(folder, 'node_modules');
    const nodeFolder = path.join(modules, nodePackage());
    const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
    // Addons are compiled by and for the Node that will load them. node-gyp would download that Node's headers, which
    // the package brings along: no other server than npm's registry is needed.
    const build = {
      ...plainNpm(),
      PATH: `${path.join(nodeFolder, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      npm_config_nodedir: nodeFolder,
      npm_config_ignore_scripts: 'false',
    };
    log("Installing VS Code's own packages …");
    await installPackages(vscode);
    await installPackages(path.join(vscode, 'extensions'));
    if (ripgrep) {
      const from = path.join(modules, '@vscode', `ripgrep-${platform}`, 'bin');
      await cp(from, path.join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin'), { recursive: true });
    }
    log('Compiling its native addons (up to a minute) …');
    await runChecked('npm', ['rebuild', 'argon2'], { cwd: folder, env: build });
    await runChecked('npm', ['rebuild', ...addons], { cwd: vscode, env: build });
    await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
    await verify(folder, version);
    await rename(folder, prefix);
    log(`VS Code ${version} is ready in ${prefix}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const RUN_RIPGREP = "require('child_process').execFileSync(require('@vscode/ripgrep').rgPath, ['--version'])";

/** Loads what was installed: what is missing, or was compiled for another Node, fails here. */
async function verify(folder: string, version: EditorVersion): Promise<void> {
  const { codeServer, addons, ripgrep } = EDITORS[version];
  const modules = path.join(folder, 'node_modules');
  const node = nodeProgram(folder);
  const entry = path.join(modules, 'code-server', 'out', 'node', 'entry.js');
  const shown = await runChecked(node, [entry, '--version'], {
    env: { ...process.env, XDG_CONFIG_HOME: path.join(folder, 'config') },
  });
  if (!shown.includes(codeServer)) throw new Error(`code-server says that it is ${shown.trim()}.`);
  const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
  const load = addons.map((addon) => `require('${addon}');`).join(' ');
  await runChecked(node, ['-e', load], { cwd: vscode });
  if (ripgrep) await runChecked(node, ['-e', RUN_RIPGREP], { cwd: vscode });
}

/** node-gyp needs Python, make and a C++ compiler. @throws Error that names what is missing. */
async function requireCompiler(log: Log): Promise<void> {
  const needed = { python3: 'python3', make: 'make', 'g++': 'g++' };
  const missing = [];
  for (const [command, debianPackage] of Object.entries(needed)) {
    if (!(await commandExists(command))) missing.push(debianPackage);
  }
  if (missing.length === 0) return;
  if (await installDebianPackages(missing, log)) return;
  throw new Error(
    `VS Code's native addons are compiled here, and this is missing: ${missing.join(', ')}. Install it and try again.`,
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
