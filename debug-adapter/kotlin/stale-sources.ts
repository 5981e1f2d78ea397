import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileFunctions } from './function-ranges.ts';
import type { LineTable } from './line-table.ts';

/** ms by which a source may be newer than the module: a checkout or an archive writes both at about the same time. */
const TOLERANCE = 10_000;
/** Files that are looked at, so that no project makes a launch slow. */
const MAX_FILES = 200;

/**
 * Sources that are not what the module was built from, as sentences: newer than the module, or without the lines that its
 * map names. Sources that are not on the disk are left out.
 *
 * @param files what was read of them
 */
export async function staleSources(
  program: string,
  lines: LineTable,
  files: ReadonlyMap<string, FileFunctions>,
): Promise<string[]> {
  const built = (await stat(program).catch(() => null))?.mtimeMs ?? Infinity;
  const module = path.basename(program);
  const sentences = await Promise.all(
    lines.files.slice(0, MAX_FILES).map(async (file) => {
      const changed = (await stat(file).catch(() => null))?.mtimeMs;
      if (changed === undefined) return null;
      if (changed > built + TOLERANCE) {
        return `${file} was changed after ${module} was built from it, so lines may be off: build the guest again.`;
      }
      const count = files.get(file)?.lines.length ?? Infinity;
      const last = lines.lastBeginning(file);
      return last > count
        ? `${file} has ${count} lines, but ${module} has code of line ${last}: it was built from another version of that file. Build the guest again.`
        : null;
    }),
  );
  return sentences.filter((each) => each !== null);
}
