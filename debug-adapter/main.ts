import { text } from 'node:stream/consumers';
import { UserError } from './errors.ts';

const USAGE = `Usage:
  debug-adapter.js                           speaks DAP on standard input and output
  debug-adapter.js listen PORT               speaks DAP with whoever connects to 127.0.0.1:PORT, one session each
  debug-adapter.js inspect CONFIGURATION     prints what is known of a launch configuration (JSON), as one JSON line
  debug-adapter.js decode < REQUEST          prints a captured buffer in another decoder (JSON), as one JSON line
  debug-adapter.js provide-wasmedge VERSION  puts WasmEdge 0.14 or 0.17 into the cache, unless it is there`;

/** Each part is loaded when it is needed: a session must not wait for what only set-up uses. */
async function main([command, ...args]: string[]): Promise<void> {
  switch (command) {
    case undefined: {
      const { serve } = await import('./serve.ts');
      return serve(process.stdin, process.stdout);
    }
    case 'listen': {
      const { listen } = await import('./serve.ts');
      return listen(portOf(args[0] ?? ''), (port) => console.error(`Listening on 127.0.0.1:${port}.`));
    }
    case 'inspect': {
      const { inspect } = await import('./inspect.ts');
      return print(await inspect(parseJson(args[0] ?? '', 'The configuration')));
    }
    case 'decode': {
      const { redecode } = await import('./boundary/redecode.ts');
      return print(redecode(parseJson(await text(process.stdin), 'The request')));
    }
    case 'provide-wasmedge': {
      const { provideWasmEdge } = await import('./wasmedge/provide.ts');
      const { ENGINE_VERSIONS } = await import('./wasmedge/version.ts');
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

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    // One sentence: whoever started this shows it.
    console.error(error instanceof UserError ? error.message : error);
    process.exit(1);
  },
);
