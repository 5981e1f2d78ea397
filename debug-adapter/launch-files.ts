import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ProblemCode } from '../protocol/inspection.ts';
import type { LaunchConfiguration } from '../protocol/launch.ts';
import { UserError } from './errors.ts';

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;

/** @throws UserError with `code` where there is no such file or folder. */
async function mustBe(
  kind: 'file' | 'folder',
  name: string,
  where: string,
  code: ProblemCode,
): Promise<string> {
  const resolved = path.resolve(name);
  const found = await stat(resolved).catch(() => null);
  if (!found) {
    throw new UserError(code, `${where}: there is no ${kind} ${resolved}. Correct the path.`, openLaunch);
  }
  if (kind === 'folder' ? !found.isDirectory() : found.isDirectory()) {
    const other = kind === 'folder' ? 'not a folder' : 'a folder, not a file';
    throw new UserError(code, `${where}: ${resolved} is ${other}. Correct the path.`, openLaunch);
  }
  return resolved;
}

/** The files and folders that a configuration names, as absolute paths. */
export interface LaunchFiles {
  host?: string;
  preopens: Record<string, string>;
}

/** @throws UserError `host-module` or `bad-configuration` that names the field whose file or folder is not there. */
export async function checkFiles(
  configuration: Pick<LaunchConfiguration, 'host' | 'preopens' | 'stdin'>,
): Promise<LaunchFiles> {
  const files: LaunchFiles = { preopens: {} };
  const { host, stdin, preopens } = configuration;
  if (host !== undefined) files.host = await mustBe('file', host, 'host', 'host-module');
  if (stdin !== undefined) await mustBe('file', stdin, 'stdin', 'bad-configuration');
  for (const [guestPath, folder] of Object.entries(preopens)) {
    const where = `preopens[${JSON.stringify(guestPath)}]`;
    files.preopens[guestPath] = await mustBe('folder', folder, where, 'bad-configuration');
  }
  return files;
}

const UNITS: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Bytes of `512MiB`; a number alone is bytes. @throws UserError `bad-configuration` for anything else. */
export function parseBytes(text: string, where: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB)?$/.exec(text);
  const bytes = Math.floor(Number(found?.[1]) * (UNITS[found?.[2] ?? 'B'] ?? 1));
  if (found && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UserError(
    'bad-configuration',
    `${where} is “${text}”: give a size such as 512MiB or 2GiB.`,
    openLaunch,
  );
}
