// Runs an export of a guest in Node, to be debugged there: node-guest.mjs MODULE HOST EXPORT NUMBER.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { WASI } from 'node:wasi';

const [program, host, name, number] = process.argv.slice(2);
const { imports } = await import(pathToFileURL(host));
const wasi = new WASI({ version: 'preview1' });
const { instance } = await WebAssembly.instantiate(await readFile(program), {
  ...imports,
  ...wasi.getImportObject(),
});
wasi.initialize(instance);
instance.exports[name](Number(number));
