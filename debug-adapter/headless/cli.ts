import path from 'node:path';
import { UserError } from '../errors.ts';
import { parseCommandLine, USAGE } from './arguments.ts';
import { chooseConfiguration } from './launch-file.ts';
import { JsonReport, TableReport } from './report.ts';
import { runConfiguration } from './run.ts';

/** Exit code where nothing could be run. */
const UNUSABLE = 2;

/** The exit code. @throws UserError where nothing can be run. */
async function main(args: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(args);
  if (parsed.command === 'help') {
    console.log(USAGE);
    return 0;
  }
  const { launchFile, configuration, json, failOn } = parsed;
  const chosen = await chooseConfiguration(launchFile, configuration);
  const print = (line: string): void => console.log(line);
  return runConfiguration(chosen, {
    adapter: path.join(__dirname, 'debug-adapter.js'),
    failOn,
    report: json ? new JsonReport(print) : new TableReport(print, process.cwd()),
    // With --json standard output holds nothing but JSON lines.
    output: (category, text) =>
      (category === 'stdout' && !json ? process.stdout : process.stderr).write(text),
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = UNUSABLE;
  },
);
