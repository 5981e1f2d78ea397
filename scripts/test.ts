import { parseArgs } from 'node:util';
import { ENGINE_VERSIONS } from '../debug-adapter/wasmedge/version.ts';
import { DEFAULT_EDITOR, EDITORS, isEditorVersion } from './editor-setup.ts';
import { selectStages, STAGE_NAMES, type Selection } from './testing/stages.ts';
import { add, counts, duration, emptyTally, indent } from './testing/tally.ts';
import { killTestProcesses } from './testing/test-process.ts';

const USAGE = `npm test [-- OPTIONS] [PART OF A TEST FILE'S PATH …]

  --only STAGE        one of ${STAGE_NAMES.join(', ')}; may be repeated
  --wasmedge VERSION  ${ENGINE_VERSIONS.join(' or ')}; both when left out
  --editor VERSION    ${Object.keys(EDITORS).join(' or ')} (VS Code's), may be repeated; ${DEFAULT_EDITOR} when left out
  --grep PATTERN      only tests whose name matches`;

/** `npm test`: every check and test, stage after stage, whatever the stages before said. */
async function main(): Promise<number> {
  const started = performance.now();
  const selection = readSelection();
  if (typeof selection === 'string') {
    console.log(`${selection}\n\n${USAGE}`);
    return 2;
  }
  const total = emptyTally();
  const summary: string[] = [];
  for (const stage of selectStages(selection)) {
    console.log(`\n── ${stage.title} ──`);
    const start = performance.now();
    const tally = await stage
      .run((line) => console.log(`  ${line}`))
      .catch((error: unknown) => {
        // What a stage needs could not be had: that is a failure too, and the others still run.
        console.log(`  ✗ ${stage.title} could not run`);
        console.log(
          indent(error instanceof Error ? (error.stack ?? error.message) : String(error), '      '),
        );
        return { passed: 0, failed: 1, skipped: [] };
      });
    add(total, tally);
    summary.push(`  ${stage.title}: ${counts(tally)} (${duration(performance.now() - start)})`);
  }
  console.log(`\n── all, ${duration(performance.now() - started)} ──`);
  console.log(summary.join('\n'));
  if (total.skipped.length > 0)
    console.log(`Skipped:\n${total.skipped.map((name) => `  ${name}`).join('\n')}`);
  const ran = total.passed + total.failed;
  if (ran === 0) console.log('No test ran: nothing matches what was asked for.');
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || ran === 0 ? 1 : 0;
}

/** What to run, from the command line; a sentence where that is wrong. */
function readSelection(): Selection | string {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        wasmedge: { type: 'string', multiple: true, default: [] },
        editor: { type: 'string', multiple: true, default: [DEFAULT_EDITOR] },
        grep: { type: 'string' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const only = STAGE_NAMES.filter((name) => values.only.includes(name));
  const wasmedge = ENGINE_VERSIONS.filter((version) => values.wasmedge.includes(version));
  const editors = values.editor.filter(isEditorVersion);
  if (only.length < values.only.length) return `--only ${values.only.join(', ')}: no such stage.`;
  if (wasmedge.length < values.wasmedge.length) return `--wasmedge ${values.wasmedge.join(', ')}: not known.`;
  if (editors.length < values.editor.length) return `--editor ${values.editor.join(', ')}: not known.`;
  return { only, wasmedge, editors, files: positionals, grep: values.grep };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killTestProcesses();
    console.log(`\nInterrupted.`);
    process.exit(130);
  });
}
process.exitCode = await main();
