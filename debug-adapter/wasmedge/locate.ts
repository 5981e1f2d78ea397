import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.ts';
import { homeDirectory, providedPrefix } from './cache.ts';
import { readLibraryFile } from './library-file.ts';
import { findProvided, type LocatedWasmEdge } from './provided.ts';
import {
  DEFAULT_ENGINE_VERSION,
  ENGINE_VERSIONS,
  isSupported,
  isVersion,
  requestedVersion,
  type EngineVersion,
} from './version.ts';

export type { LocatedWasmEdge } from './provided.ts';

export interface LocateOptions {
  /** `wasmedge.library` of the launch configuration: then nothing else is looked at. */
  library?: string | undefined;
  /** `wasmedge.version`; without it WASMEDGE_VERSION decides, and without that any supported version will do. */
  version?: EngineVersion | undefined;
  /** The process's own when left out. */
  env?: NodeJS.ProcessEnv | undefined;
}

/** A place that was looked at and what was wrong with it. */
interface Rejection {
  code: 'wasmedge-missing' | 'wasmedge-wrong-version' | 'wasmedge-unusable';
  text: string;
}

/**
 * Finds libwasmedge without loading it. In order (design.md §7): `library`, WASMEDGE_LIB_DIR, the official installer's
 * `~/.wasmedge`, the system's loader path, the copy that set-up provides.
 * @throws UserError `wasmedge-missing`, `wasmedge-wrong-version` or `wasmedge-unusable`, naming every place.
 */
export function locateWasmEdge(options: LocateOptions = {}): LocatedWasmEdge {
  const env = options.env ?? process.env;
  if (options.library) return locateConfigured(options.library, options.version);

  const wanted = requestedVersion(options.version, env);
  const rejections: Rejection[] = [];
  for (const place of places(env)) {
    const located = examine(place.file, place.foundBy, wanted);
    if (!('code' in located)) return located;
    rejections.push(located);
  }
  if (process.platform === 'linux') {
    rejections.push({
      code: 'wasmedge-missing',
      text: "no other in the system's loader cache (/etc/ld.so.cache)",
    });
  }
  for (const version of wanted ? [wanted] : preferredVersions()) {
    const provided = findProvided(version, env);
    if (provided) return provided;
    rejections.push({
      code: 'wasmedge-missing',
      text: `no copy from set-up in ${providedPrefix(version, env)}`,
    });
  }
  throw notFound(wanted, rejections);
}

function locateConfigured(file: string, version: EngineVersion | undefined): LocatedWasmEdge {
  const located = examine(path.resolve(file), 'by wasmedge.library', version);
  if (!('code' in located)) return located;
  throw new UserError(
    located.code,
    `WasmEdge as set by "wasmedge.library" cannot be used: ${located.text}. ` +
      'Correct the path, or leave it out and WasmEdge is looked for.',
    installFix(version),
  );
}

/** Files to try, in order; a folder without the library yields the name that was looked for. */
function* places(env: NodeJS.ProcessEnv): Generator<{ file: string; foundBy: string }> {
  if (env.WASMEDGE_LIB_DIR) {
    yield { file: libraryIn(path.resolve(env.WASMEDGE_LIB_DIR)), foundBy: 'by WASMEDGE_LIB_DIR' };
  }
  const installed = path.join(homeDirectory(env), '.wasmedge');
  for (const folder of ['lib', 'lib64']) {
    yield {
      file: libraryIn(path.join(installed, folder)),
      foundBy: `in the official installer's ~/.wasmedge/${folder}`,
    };
  }
  for (const folder of loaderPathFolders(env)) {
    yield { file: libraryIn(folder), foundBy: `in ${folder}, on the system's loader path` };
  }
  for (const file of loaderCache()) {
    yield { file, foundBy: "in the system's loader cache" };
  }
}

function examine(
  file: string,
  foundBy: string,
  wanted: EngineVersion | undefined,
): LocatedWasmEdge | Rejection {
  let library;
  try {
    library = readLibraryFile(file);
  } catch (error) {
    return { code: 'wasmedge-missing', text: `${file}: ${reasonOf(error)}` };
  }
  if (library.kind === 'unusable') {
    return { code: 'wasmedge-unusable', text: `${file} is ${library.reason}` };
  }
  const { version } = library;
  if (version !== undefined) {
    if (!isSupported(version)) {
      return {
        code: 'wasmedge-wrong-version',
        text: `${file} is WasmEdge ${version}, and 0.14 is the oldest that can be used`,
      };
    }
    if (wanted && !isVersion(version, wanted)) {
      return { code: 'wasmedge-wrong-version', text: `${file} is WasmEdge ${version}, not ${wanted}` };
    }
  }
  const located: LocatedWasmEdge = { library: file, foundBy };
  if (version !== undefined) located.version = version;
  const loader = loaderBeside(file);
  if (loader) located.loader = { path: loader, libraryPath: path.dirname(loader) };
  return located;
}

/**
 * The dynamic loader that lies beside the library with a libc of its own, as in the prefix that set-up makes: such a
 * library was built for that libc and not for this system's. Null for a library of the system itself.
 */
function loaderBeside(library: string): string | null {
  if (process.platform !== 'linux') return null;
  const folder = path.dirname(library);
  const names = readdirSync(folder);
  const name = names.find((candidate) => /^ld-linux-.*\.so\.\d+$/.test(candidate));
  if (!name || !names.includes('libc.so.6')) return null;
  const loader = path.join(folder, name);
  const real = realpathSync(loader);
  for (const system of ['/lib64', '/lib']) {
    try {
      if (realpathSync(path.join(system, name)) === real) return null;
    } catch {
      // This system keeps its loader elsewhere.
    }
  }
  return loader;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file';
    case 'EISDIR':
      return 'a folder, not a file';
    case 'EACCES':
      return 'may not be read';
    default:
      return String(error);
  }
}

/** Names that the library has, the one with the ABI's number first. */
const LIBRARY_NAMES: string[] =
  process.platform === 'darwin'
    ? ['libwasmedge.0.dylib', 'libwasmedge.dylib']
    : process.platform === 'win32'
      ? ['wasmedge.dll']
      : ['libwasmedge.so.0', 'libwasmedge.so'];

/** The library's path in a folder: the first name that is there, else the first. */
function libraryIn(folder: string): string {
  const candidates = LIBRARY_NAMES.map((name) => path.join(folder, name));
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0] ?? folder;
}

/** Folders that the dynamic loader searches: the variable for it, then the standard ones that ldconfig may not list. */
function loaderPathFolders(env: NodeJS.ProcessEnv): string[] {
  const variable = process.platform === 'darwin' ? env.DYLD_LIBRARY_PATH : env.LD_LIBRARY_PATH;
  const named = (variable ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const standard =
    process.platform === 'darwin'
      ? ['/usr/local/lib', '/opt/homebrew/lib']
      : process.platform === 'win32'
        ? []
        : ['/usr/local/lib', '/usr/local/lib64', '/usr/lib', '/usr/lib64'];
  return [...named, ...standard];
}

/**
 * Paths that glibc's loader cache holds for the library; none where there is no cache. The file (`man 8 ldconfig`) is read
 * as what it is made of, strings that end with NUL, because asking `ldconfig -p` takes longer than all the rest.
 */
function loaderCache(): string[] {
  if (process.platform !== 'linux') return [];
  let cache = '';
  try {
    cache = readFileSync('/etc/ld.so.cache', 'latin1');
  } catch {
    // This system's loader has none.
  }
  return [
    ...new Set(
      [...cache.matchAll(/\0(\/[^\0]*\/libwasmedge\.so[^\0/]*)(?=\0)/g)].map(([, file]) => file ?? ''),
    ),
  ];
}

function preferredVersions(): EngineVersion[] {
  return [DEFAULT_ENGINE_VERSION, ...ENGINE_VERSIONS.filter((version) => version !== DEFAULT_ENGINE_VERSION)];
}

/** One error for all places: a wrong version says more than an unusable file, and that more than a missing one. */
function notFound(wanted: EngineVersion | undefined, rejections: Rejection[]): UserError {
  const name = wanted ? `WasmEdge ${wanted}` : 'WasmEdge';
  const code =
    (['wasmedge-wrong-version', 'wasmedge-unusable'] as const).find((candidate) =>
      rejections.some((rejection) => rejection.code === candidate),
    ) ?? 'wasmedge-missing';
  const summary = {
    'wasmedge-missing': `${name} was not found`,
    'wasmedge-wrong-version': `${name} was not found, only another version`,
    'wasmedge-unusable': `${name} was not found, and a file of its name is not it`,
  }[code];
  const list = rejections.map((rejection) => `\n  - ${rejection.text}`).join('');
  return new UserError(
    code,
    `${summary}. Install it, or set "wasmedge.library" in launch.json or WASMEDGE_LIB_DIR. Looked at:${list}`,
    installFix(wanted),
  );
}

function installFix(wanted: EngineVersion | undefined) {
  const version = wanted ?? DEFAULT_ENGINE_VERSION;
  return { kind: 'install-wasmedge' as const, title: `Install WasmEdge ${version}`, version };
}
