import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { launchReference } from './launch-reference.ts';
import { launchJsonSchema } from './launch-schema.ts';
import { root } from './paths.ts';

/** A file that holds something made from protocol/launch.ts. */
interface Generated {
  file: string;
  text: string;
  /** What the file should be. */
  wanted: string;
}

const START = '<!-- launch-reference:start -->';
const END = '<!-- launch-reference:end -->';

/**
 * Everything that is generated, with what it is now.
 * @param folder holds package.json and README.md
 */
export async function generatedFiles(folder: string): Promise<Generated[]> {
  return [await manifest(folder), await readme(folder)];
}

/** package.json with the debugger's `configurationAttributes`. */
async function manifest(folder: string): Promise<Generated> {
  const file = path.join(folder, 'package.json');
  const text = await readFile(file, 'utf8');
  const json = JSON.parse(text) as {
    contributes: { debuggers: { configurationAttributes: unknown }[] };
  };
  for (const contributed of json.contributes.debuggers)
    contributed.configurationAttributes = { launch: launchJsonSchema() };
  return { file, text, wanted: await formatted('package.json', JSON.stringify(json, null, 2)) };
}

/** README.md with the reference between its markers. @throws Error where the markers are missing */
async function readme(folder: string): Promise<Generated> {
  const file = path.join(folder, 'README.md');
  const text = await readFile(file, 'utf8').catch(() => `${START}\n${END}\n`);
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md must have the lines ${START} and ${END}.`);
  const wanted = `${text.slice(0, start + START.length)}\n\n${launchReference()}\n\n${text.slice(end)}`;
  return { file, text, wanted: await formatted('README.md', wanted) };
}

async function formatted(name: string, text: string): Promise<string> {
  const file = path.join(root, name);
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

async function main(check: boolean): Promise<number> {
  const stale = (await generatedFiles(root)).filter(({ text, wanted }) => text !== wanted);
  for (const { file, wanted } of stale) {
    console.log(`${path.basename(file)} ${check ? 'is stale: run `npm run generate`.' : 'written.'}`);
    if (!check) await writeFile(file, wanted);
  }
  if (stale.length === 0) console.log('package.json and README.md are as generated.');
  return check && stale.length > 0 ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main(process.argv.includes('--check'));
}
