import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.ts';
import { nearNames } from '../near-names.ts';
import { type GuestModule, readGuestModule } from './module.ts';

const chooseProgram = { kind: 'choose-program', title: 'Choose Another Program' } as const;

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

/** The nearest folder above `missing` that is there. */
async function nearestFolder(missing: string): Promise<string> {
  let folder = path.dirname(missing);
  while (folder !== path.dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) return folder;
    folder = path.dirname(folder);
  }
  return folder;
}

async function missingProgram(program: string): Promise<UserError> {
  const folder = await nearestFolder(program);
  let hint: string;
  if (folder === path.dirname(program)) {
    const names = await readdir(folder).catch(() => []);
    const modules = names.filter((name) => name.endsWith('.wasm'));
    const near = nearNames(path.basename(program), modules);
    const shown = near.length > 0 ? near : modules.slice(0, 3);
    hint =
      shown.length > 0
        ? `Did you mean ${shown.map((name) => `“${name}”`).join(' or ')}?`
        : 'There is no .wasm file in that folder: build the guest first.';
  } else {
    hint = `The folder ${path.relative(folder, path.dirname(program))} is not there either (in ${folder}): build the guest first.`;
  }
  return new UserError('program-missing', `There is no file ${program}. ${hint}`, chooseProgram);
}

/** A guest with the bytes it was read from and its absolute path. */
export interface Program {
  path: string;
  bytes: Uint8Array;
  guest: GuestModule;
}

/**
 * Reads the guest at `program`; a relative path starts at the working directory.
 *
 * @throws UserError `program-missing` with names that are near, `program-unreadable`, or what `readGuestModule` says.
 */
export async function readProgram(program: string): Promise<Program> {
  const file = path.resolve(program);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (thrown) {
    switch (codeOf(thrown)) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw await missingProgram(file);
      case 'EISDIR':
        throw new UserError(
          'program-unreadable',
          `${file} is a folder: name the .wasm file in it.${await modulesIn(file)}`,
          chooseProgram,
        );
      case 'EACCES':
      case 'EPERM':
        throw new UserError(
          'program-unreadable',
          `${file} cannot be read: permission denied. Change its permissions, or choose another program.`,
          chooseProgram,
        );
      default:
        throw new UserError(
          'program-unreadable',
          `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
          chooseProgram,
        );
    }
  }
  return { path: file, bytes, guest: readGuestModule(bytes, path.basename(file)) };
}

async function modulesIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const modules = names.filter((name) => name.endsWith('.wasm')).slice(0, 3);
  return modules.length === 0 ? '' : ` It holds ${modules.join(', ')}.`;
}
