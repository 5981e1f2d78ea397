import { UserError } from '../errors.ts';

/** The two lines of WasmEdge that set-up knows how to provide and that every test runs on. */
export const ENGINE_VERSIONS = ['0.14', '0.17'] as const;
export type EngineVersion = (typeof ENGINE_VERSIONS)[number];
/** Set-up's default (design.md §7). */
export const DEFAULT_ENGINE_VERSION: EngineVersion = '0.17';
/** The oldest minor version whose C API the binding speaks. */
export const OLDEST_MINOR = 14;

/**
 * The version that was asked for: the launch configuration's, else the environment's WASMEDGE_VERSION, else none.
 * @throws UserError `wasmedge-wrong-version` where WASMEDGE_VERSION is neither `0.14` nor `0.17` (patch numbers allowed).
 */
export function requestedVersion(
  configured: EngineVersion | undefined,
  env: NodeJS.ProcessEnv,
): EngineVersion | undefined {
  if (configured) return configured;
  const text = env.WASMEDGE_VERSION?.trim();
  if (!text) return undefined;
  const known = ENGINE_VERSIONS.find((version) => isVersion(text, version));
  if (known) return known;
  throw new UserError(
    'wasmedge-wrong-version',
    `The environment variable WASMEDGE_VERSION is "${text}": it takes ${ENGINE_VERSIONS.join(' or ')}.`,
  );
}

/** Whether `full` (`0.17.1`, `0.17.0-rc.2`) belongs to the line `version` (`0.17`). */
export function isVersion(full: string, version: EngineVersion): boolean {
  return full === version || full.startsWith(`${version}.`);
}

/** Whether the binding speaks the C API of `full`. */
export function isSupported(full: string): boolean {
  const [major = 0, minor = 0] = full.split('.').map(Number);
  return major > 0 || minor >= OLDEST_MINOR;
}
