import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/** Code that has not been written anew for so long belongs to what is not used any more. */
const STALE_MS = 30 * 24 * 3600 * 1000;
/** Characters that `wrap` puts before a module's first line. */
const WRAPPED_COLUMNS = Module.wrap('').indexOf('{') + 2;

/** What `Module.wrap` makes of a CommonJS module. */
type ModuleFunction = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

/**
 * What `require(file)` gives, for a CommonJS file that exports things and that nothing else requires. Compiling the
 * bundles takes a tenth of the time to the first stop: V8's code is kept in a folder when the process ends, and taken from
 * there the next time. Whatever is wrong with that folder, the file is compiled. The file must not use `import()`: to Node 20,
 * kept code belongs to no module.
 *
 * @param file absolute path
 * @param folder made when it is needed; what V8 does not accept in it is replaced
 */
export function requireCompiled(file: string, folder: string): object {
  const require = createRequire(file);
  const kept = path.join(folder, keptName(file));
  const cachedData = readKept(kept);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    columnOffset: -WRAPPED_COLUMNS,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as ModuleFunction;
  run.call(module.exports, module.exports, require, module, file, path.dirname(file));
  if (!cachedData || script.cachedDataRejected) process.once('exit', () => keep(script, kept));
  return module.exports;
}

/** V8 itself checks its version and its flags, but of the source only the length. */
function keptName(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const place = Buffer.from(path.dirname(file)).toString('base64url').slice(-80);
  const made = `${size}-${Math.round(mtimeMs)}-${process.versions.v8}-${process.arch}`;
  return `${path.basename(file, '.js')}-${made}-${place}`;
}

function readKept(kept: string): Buffer | undefined {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}

function keep(script: Script, kept: string): void {
  const folder = path.dirname(kept);
  try {
    mkdirSync(folder, { recursive: true });
    // Other processes read it meanwhile.
    const written = `${kept}.${process.pid}`;
    writeFileSync(written, script.createCachedData());
    renameSync(written, kept);
    for (const name of readdirSync(folder)) {
      const other = path.join(folder, name);
      if (Date.now() - statSync(other).mtimeMs > STALE_MS) rmSync(other);
    }
  } catch {
    // The next process compiles, too.
  }
}
