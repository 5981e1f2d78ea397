import { homedir } from 'node:os';
import path from 'node:path';
import type { EngineVersion } from './version.ts';

/**
 * The folder in which set-up keeps what it provides (engines, compilers, the tests' editor): KOTLIN_WASMEDGE_CACHE, else
 * `kotlin-wasmedge` in the user's cache folder (XDG Base Directory specification).
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  if (env.KOTLIN_WASMEDGE_CACHE) return path.resolve(env.KOTLIN_WASMEDGE_CACHE);
  const base = env.XDG_CACHE_HOME
    ? path.resolve(env.XDG_CACHE_HOME)
    : path.join(homeDirectory(env), '.cache');
  return path.join(base, 'kotlin-wasmedge');
}

/** Where compiled code of the product's own programs is kept (code-cache.ts). */
export function codeFolder(env: NodeJS.ProcessEnv): string {
  return path.join(cacheDirectory(env), 'code');
}

/** Where the provided copy of one version lies; one per platform, since home folders are shared between machines. */
export function providedPrefix(version: EngineVersion, env: NodeJS.ProcessEnv): string {
  return path.join(cacheDirectory(env), 'wasmedge', `${version}-${process.platform}-${process.arch}`);
}

export function homeDirectory(env: NodeJS.ProcessEnv): string {
  return env.HOME ?? env.USERPROFILE ?? homedir();
}
