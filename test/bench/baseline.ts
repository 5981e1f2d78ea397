import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LocatedWasmEdge } from '../../debug-adapter/wasmedge/locate.ts';
import { root } from '../../scripts/paths.ts';

const run = promisify(execFile);

/** The C++ loop over WasmEdge's C API (baseline/baseline.cc), built for one version of the library. */
export class Baseline {
  readonly #wasmedge: LocatedWasmEdge;
  readonly #program: string;

  private constructor(wasmedge: LocatedWasmEdge, program: string) {
    this.#wasmedge = wasmedge;
    this.#program = program;
  }

  /** Compiles it with -O2 against the headers that came with the library. */
  static async build(wasmedge: LocatedWasmEdge, version: string): Promise<Baseline> {
    if (!wasmedge.includeDirectory) {
      throw new Error(`No headers beside ${wasmedge.library}: the baseline is built against set-up's copy.`);
    }
    const folder = path.join(root, 'build', 'bench');
    await mkdir(folder, { recursive: true });
    const program = path.join(folder, `baseline-${version}`);
    await run(process.env.CXX ?? 'c++', [
      '-std=c++17',
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-isystem',
      wasmedge.includeDirectory,
      path.join(root, 'test/bench/baseline/baseline.cc'),
      '-o',
      program,
      wasmedge.library,
      // The library's own dependencies are found by its loader when it runs.
      '-Wl,--allow-shlib-undefined',
    ]);
    return new Baseline(wasmedge, program);
  }

  /** Runs one mode of baseline.cc; its elapsed time in µs, without loading and start-up. */
  async micros(module: string, mode: 'greet' | 'calls' | 'store' | 'tick', count: number): Promise<number> {
    const { loader } = this.#wasmedge;
    const [command, ...before] = loader
      ? [loader.path, '--library-path', loader.libraryPath, this.#program]
      : [this.#program];
    const { stdout } = await run(command, [...before, module, mode, String(count)]);
    const micros = Number(stdout);
    if (!(micros > 0)) throw new Error(`The baseline printed ${JSON.stringify(stdout)}.`);
    return micros;
  }
}
