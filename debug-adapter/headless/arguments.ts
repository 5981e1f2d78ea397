import { parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import { didYouMean } from '../near-names.ts';

/** Findings of at least this severity make a run fail. */
export type FailOn = 'error' | 'warning' | 'info' | 'never';
const FAIL_ON: readonly FailOn[] = ['error', 'warning', 'info', 'never'];

export const USAGE = `Usage: kotlin-wasmedge run [LAUNCH_FILE] [options]
       kotlin-wasmedge show LEDGER_FILE [--json] [--fail-on SEVERITY]

Runs a launch configuration without stops, and prints its calls and what the boundary checks found; or prints those of a
saved ledger, without WasmEdge.

  LAUNCH_FILE            a launch.json; .vscode/launch.json when left out
  --configuration NAME   which of its kotlin-wasmedge configurations; needed where there are several
  --save LEDGER_FILE     writes the ledger to a file while the guest runs
  --json                 one JSON object a line: calls, findings, then a summary
  --fail-on SEVERITY     which findings fail the run: error, warning (when left out), info, or never
  --help                 this text

\${workspaceFolder} is the folder that holds .vscode, else the one of LAUNCH_FILE; relative paths start there.

Exit code: 0; 1 where a call trapped, the guest ended badly, or a finding is as severe as --fail-on says; 2 where nothing
could be run.`;

export interface RunArguments {
  command: 'run';
  launchFile: string;
  configuration: string | undefined;
  save: string | undefined;
  json: boolean;
  failOn: FailOn;
}

export interface ShowArguments {
  command: 'show';
  ledgerFile: string;
  json: boolean;
  failOn: FailOn;
}

/** @throws UserError where the command line cannot be understood. */
export function parseCommandLine(
  args: readonly string[],
): RunArguments | ShowArguments | { command: 'help' } {
  const { values, positionals } = parsed(args);
  if (values.help === true) return { command: 'help' };
  const [command, file, ...more] = positionals;
  if (command === undefined) throw wrong('no command is given');
  if (command !== 'run' && command !== 'show') throw wrong(`there is no command “${command}”`);
  if (more.length > 0) throw wrong(`“${more[0] ?? ''}” is one file too many`);
  const failOn = FAIL_ON.find((each) => each === values['fail-on']);
  if (!failOn) {
    const given = values['fail-on'];
    throw wrong(`--fail-on takes ${FAIL_ON.join(', ')}, not “${given}”${didYouMean(given, FAIL_ON)}`);
  }
  const json = values.json === true;
  const { configuration, save } = values;
  if (command === 'run') {
    return { command, launchFile: file ?? '.vscode/launch.json', configuration, save, json, failOn };
  }
  if (file === undefined) throw wrong('“show” needs the file of a saved ledger');
  if (configuration !== undefined || save !== undefined) throw wrong('“show” runs nothing');
  return { command, ledgerFile: file, json, failOn };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        configuration: { type: 'string' },
        save: { type: 'string' },
        json: { type: 'boolean' },
        'fail-on': { type: 'string', default: 'warning' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Its message names the option, and may go on with advice that is about other programs.
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) |\n/);
    throw wrong(first.replace(/\.$/, ''));
  }
}

function wrong(what: string): UserError {
  return new UserError(
    'bad-configuration',
    `The command line is wrong: ${what}. See kotlin-wasmedge --help.`,
  );
}
