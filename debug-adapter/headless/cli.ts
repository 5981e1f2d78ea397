import path from 'node:path';
import { UserError } from '../errors.ts';
import { parseCommandLine, USAGE } from './arguments.ts';
import { chooseConfiguration, type ChosenConfiguration } from './launch-file.ts';
import { JsonReport, TableReport } from './report.ts';
import { runConfiguration, showLedger } from './run.ts';

/** Exit code where nothing could be run. */
const UNUSABLE = 2;

/** The exit code. @throws UserError where nothing can be run. */
async function main(args: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(args);
  if (parsed.command === 'help') {
    console.log(USAGE);
    return 0;
  }
  const { json, failOn } = parsed;
  const print = (line: string): void => console.log(line);
  const reporting = {
    adapter: path.join(__dirname, 'debug-adapter.js'),
    failOn,
    report: json ? new JsonReport(print) : new TableReport(print, process.cwd()),
  };
  if (parsed.command === 'show') return showLedger(parsed.ledgerFile, reporting);
  const chosen = await chooseConfiguration(parsed.launchFile, parsed.configuration);
  return runConfiguration(parsed.save === undefined ? chosen : saving(chosen, parsed.save), {
    ...reporting,
    // With --json standard output holds nothing but JSON lines.
    output: (category, text) =>
      (category === 'stdout' && !json ? process.stdout : process.stderr).write(text),
  });
}

/** The configuration with another file for its ledger. */
function saving(chosen: ChosenConfiguration, file: string): ChosenConfiguration {
  const { ledger } = chosen.configuration;
  const kept = typeof ledger === 'object' && ledger !== null ? ledger : {};
  return {
    ...chosen,
    configuration: { ...chosen.configuration, ledger: { ...kept, save: path.resolve(file) } },
  };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = UNUSABLE;
  },
);
