import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DEBUG_TYPE } from '../protocol/debug-type.ts';
import { DapClient } from '../test/support/dap-client.ts';
import { buildIfChanged } from './build-if-changed.ts';
import { findOrProvideWasmEdge } from './demo/engine.ts';
import { printLedger, printLines, printStop } from './demo/print.ts';
import { bold, dim, quote, red } from './demo/terminal.ts';
import { root } from './paths.ts';

const USAGE = 'npm run demo [-- --argument TEXT]';
const GUEST = path.join('examples', 'greeter', 'guest.wasm');

/** `npm run demo`: a real session of the debug adapter on the example guest, printed. */
async function main(): Promise<number> {
  const argument = readArgument(process.argv.slice(2));
  if (argument === undefined) {
    console.log(USAGE);
    return 2;
  }
  await buildIfChanged(console.log);
  const engine = await findOrProvideWasmEdge();
  console.log(`${bold('Guest')}     ${GUEST}`);
  console.log(`${bold('WasmEdge')}  ${engine.version ?? 'unknown version'}, ${engine.foundBy}`);
  const size = Buffer.byteLength(argument);
  console.log(
    `${bold('Call')}      greet(${quote(argument)})  ${dim(`${size.toLocaleString('en')} bytes of UTF-8`)}\n`,
  );

  const exitCode = await runSession(argument);
  console.log(
    `\nThe same in an editor, with the call's buffers beside the code: ${bold('npm run demo:editor')}`,
  );
  return exitCode;
}

/** The text after `--argument`, whatever it is; undefined where the command line is not understood. */
function readArgument(args: string[]): string | undefined {
  const [first = '', second, ...rest] = args;
  if (args.length === 0) return 'World';
  if (first === '--argument' && second !== undefined && rest.length === 0) return second;
  if (first.startsWith('--argument=') && args.length === 1) return first.slice('--argument='.length);
  return undefined;
}

/** Debugs the call from launch to end as an editor does, and prints what one would show; the guest's exit code. */
async function runSession(argument: string): Promise<number> {
  const client = await DapClient.start();
  try {
    const capabilities = await client.request<DebugProtocol.Capabilities>('initialize', {
      adapterID: DEBUG_TYPE,
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
    });
    const launched = client.request('launch', {
      type: DEBUG_TYPE,
      request: 'launch',
      name: 'Demo',
      program: path.join(root, GUEST),
      calls: [{ export: 'greet', argument }],
    });
    // A launch that is refused never sends `initialized`: its error is what `launched` rejects with.
    await Promise.race([client.event('initialized'), launched.then(() => client.event('initialized'))]);
    const filters = (capabilities.exceptionBreakpointFilters ?? []).filter((filter) => filter.default);
    await client.request('setExceptionBreakpoints', { filters: filters.map(({ filter }) => filter) });
    await client.request('configurationDone');
    await launched;

    const printOutput = outputPrinter(client);
    const exited = client.event<DebugProtocol.ExitedEvent['body']>('exited');
    for (let number = 1; ; number++) {
      // None comes after the last one: the wait then fails with the guest's end, or the adapter's.
      const stop = client.event<DebugProtocol.StoppedEvent['body']>('stopped').catch(() => null);
      const stopped = await Promise.race([stop, exited.then(() => null)]);
      printOutput();
      if (!stopped) break;
      await showStop(client, number, stopped);
      await client.request('continue', { threadId: 1 });
    }
    const { exitCode } = await exited;
    await client.event('terminated');
    printOutput();
    const { calls } = await client.boundary('boundary/calls', { start: 0, count: 100 });
    printLedger(calls);
    await client.request('disconnect', {});
    await client.closed;
    return exitCode;
  } catch (error) {
    client.kill();
    throw error;
  }
}

async function showStop(
  client: DapClient,
  number: number,
  stopped: DebugProtocol.StoppedEvent['body'],
): Promise<void> {
  const { stackFrames } = await client.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
    threadId: stopped.threadId ?? 1,
  });
  const frameId = stackFrames[0]?.id;
  const at = frameId === undefined ? null : await client.boundary('boundary/locate', { frameId });
  const sequence = at?.sequence ?? null;
  const answer = sequence === null ? undefined : await client.boundary('boundary/call', { sequence });
  printStop(number, stopped, stackFrames, answer?.call);
}

/** Prints the output that has come since the last time. */
function outputPrinter(client: DapClient): () => void {
  let printed = 0;
  return () => {
    const events = client.eventsSoFar('output');
    for (const { body } of events.slice(printed)) printLines(body as DebugProtocol.OutputEvent['body']);
    printed = events.length;
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
