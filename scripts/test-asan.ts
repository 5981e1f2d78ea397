import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { provideWasmEdge } from '../debug-adapter/wasmedge/provide.ts';
import { nodeCommand } from '../debug-adapter/wasmedge/provided.ts';
import { ENGINE_VERSIONS } from '../debug-adapter/wasmedge/version.ts';
import { buildBinding } from '../wasmedge-napi/scripts/build.ts';
import { runTestFiles, testFilesIn } from './testing/test-files.ts';
import { add, counts, emptyTally } from './testing/tally.ts';
import { killTestProcesses } from './testing/test-process.ts';

const run = promisify(execFile);

/** The sanitizers' libraries, which must be loaded before anything else: Node itself is not built with them. */
async function sanitizers(): Promise<string[]> {
  const compiler = process.env.CXX ?? 'c++';
  return Promise.all(
    ['libasan.so', 'libubsan.so'].map(async (name) => {
      const { stdout } = await run(compiler, [`-print-file-name=${name}`]);
      const file = stdout.trim();
      // A compiler that has none repeats the name.
      if (!path.isAbsolute(file)) {
        throw new Error(
          `${compiler} has no ${name}: npm run test:asan needs GCC with its sanitizers (libasan).`,
        );
      }
      return realpath(file);
    }),
  );
}

/** `npm run test:asan`: the binding's tests under AddressSanitizer and UndefinedBehaviorSanitizer, on each WasmEdge. */
async function main(): Promise<number> {
  if (process.platform !== 'linux') {
    console.log('npm run test:asan works on Linux only: it loads the sanitizers into an ordinary Node.');
    return 1;
  }
  const log = (line: string): void => console.log(`  ${line}`);
  log('Building the binding with sanitizers …');
  const [binary, libraries] = await Promise.all([buildBinding({ asan: true }), sanitizers()]);
  const files = (await testFilesIn('wasmedge-napi/test')).filter((file) =>
    process.argv.slice(2).every((part) => file.includes(part)),
  );
  const total = emptyTally();
  for (const version of ENGINE_VERSIONS) {
    console.log(`\n── binding under sanitizers, WasmEdge ${version} ──`);
    const engine = await provideWasmEdge(version, log);
    const [command, ...args] = nodeCommand(engine, process.execPath);
    const preload = libraries.join(' ');
    add(
      total,
      await runTestFiles({
        files,
        // Through a dynamic loader, LD_PRELOAD would also reach the compiler that tests start.
        node: engine.loader ? [command, '--preload', preload, ...args] : [command, ...args],
        env: {
          ...process.env,
          ...(engine.loader ? {} : { LD_PRELOAD: preload }),
          WASMEDGE_VERSION: version,
          WASMEDGE_LIB_DIR: path.dirname(engine.library),
          WASMEDGE_NAPI_BINARY: binary,
          // Node and V8 keep what they have until the process ends: those are no leaks of ours.
          ASAN_OPTIONS:
            'detect_leaks=0:abort_on_error=1:strict_string_checks=1:detect_stack_use_after_return=1',
          UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
        },
        concurrency: os.availableParallelism(),
      }),
    );
  }
  console.log(`\n${counts(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killTestProcesses();
    process.exit(130);
  });
}
process.exitCode = await main();
