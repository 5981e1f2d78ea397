import { text } from 'node:stream/consumers';
import { readSavedLedger } from './boundary/saved-ledger/reader.ts';
import { fieldCondition } from './boundary/field-condition.ts';
import { redecode } from './boundary/redecode.ts';
import { UserError } from './errors.ts';
import { inspect } from './inspect.ts';
import { listen, serve } from './serve.ts';
import { RUNNER_SCRIPT, type Standby } from './session/runner-start.ts';
import { Runners } from './session/runners.ts';
import { provideWasmEdge } from './wasmedge/provide.ts';
import { ENGINE_VERSIONS } from './wasmedge/version.ts';

const USAGE = `Usage:
  debug-adapter.js                           speaks DAP on standard input and output
  debug-adapter.js listen PORT               speaks DAP with whoever connects to 127.0.0.1:PORT, one session each
  debug-adapter.js open FILE                 speaks DAP on standard input and output, about a saved ledger
  debug-adapter.js inspect CONFIGURATION     prints what is known of a launch configuration (JSON), as one JSON line
  debug-adapter.js decode < REQUEST          prints a captured buffer in another decoder (JSON), as one JSON line
  debug-adapter.js condition < REQUEST       prints a condition for a part of a decoded buffer (JSON), as one JSON line
  debug-adapter.js provide-wasmedge VERSION  puts WasmEdge 0.14 or 0.17 into the cache, unless it is there`;

/**
 * Does what its command line asks for, and ends the process. All parts are imported statically: parts that are loaded on
 * demand would keep esbuild from leaving out what nobody uses of the packages, and a session would wait for that.
 *
 * @param args the command line without the programs
 * @param ahead a runner that has been started for the session on standard input and output
 */
export function main(args: string[], ahead: Standby | null): void {
  run(args, ahead).then(
    () => process.exit(0),
    (error: unknown) => {
      // One sentence: whoever started this shows it.
      console.error(error instanceof UserError ? error.message : error);
      process.exit(1);
    },
  );
}

async function run([command, ...args]: string[], ahead: Standby | null): Promise<void> {
  switch (command) {
    case undefined:
      return serve(process.stdin, process.stdout, new Runners(RUNNER_SCRIPT, ahead));
    case 'listen':
      return listen(portOf(args[0] ?? ''), RUNNER_SCRIPT, (port) =>
        console.error(`Listening on 127.0.0.1:${port}.`),
      );
    case 'open':
      return serve(process.stdin, process.stdout, new Runners(null), readSavedLedger(args[0] ?? ''));
    case 'inspect':
      return print(await inspect(parseJson(args[0] ?? '', 'The configuration')));
    case 'decode':
      return print(await redecode(parseJson(await text(process.stdin), 'The request')));
    case 'condition':
      return print(fieldCondition(parseJson(await text(process.stdin), 'The request')));
    case 'provide-wasmedge': {
      const version = ENGINE_VERSIONS.find((known) => known === args[0]);
      if (!version) {
        const known = ENGINE_VERSIONS.join(' and ');
        throw new UserError(
          'wasmedge-wrong-version',
          `WasmEdge ${known} can be provided, not “${args[0] ?? ''}”.`,
        );
      }
      const located = await provideWasmEdge(version, (line) => console.log(line));
      return console.log(located.library);
    }
    default:
      throw new UserError('bad-configuration', `There is no command “${command}”.\n${USAGE}`);
  }
}

/** @throws UserError for what is no TCP port; 0 is any. */
function portOf(argument: string): number {
  if (/^\d{1,5}$/.test(argument) && Number(argument) < 65536) return Number(argument);
  throw new UserError('bad-configuration', `“${argument}” is no port: give a number from 0 (any) to 65535.`);
}

function print(value: unknown): void {
  console.log(JSON.stringify(value));
}

function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UserError(
      'bad-configuration',
      `${what} is not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
