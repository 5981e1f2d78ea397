import path from 'node:path';
import { runCommand } from '../../debug-adapter/wasmedge/command.ts';
import { root } from '../paths.ts';
import { duration, emptyTally, indent, type Tally } from './tally.ts';

/** A program whose exit code says whether the checkout is well: counted as one test. */
export interface Check {
  name: string;
  /** A script of a package or of this repository, run by Node, and its arguments. */
  script: string;
  args: string[];
  /** What to do when it fails. */
  advice?: string;
}

const tool = (file: string) => path.join(root, 'node_modules', file);

export const LINT_CHECKS: Check[] = [
  { name: 'eslint', script: tool('eslint/bin/eslint.js'), args: ['.', '--max-warnings', '0'] },
  {
    name: 'prettier',
    script: tool('prettier/bin/prettier.cjs'),
    args: ['--check', '--log-level', 'warn', '.'],
    advice: 'Run `npm run format`.',
  },
];

export const TYPE_CHECKS: Check[] = [
  { name: 'tsc', script: tool('typescript/bin/tsc'), args: ['-p', '.'] },
  { name: 'tsc (webview)', script: tool('typescript/bin/tsc'), args: ['-p', 'webview'] },
];

export const GENERATED_CHECKS: Check[] = [
  {
    name: 'package.json and README are as generated',
    script: path.join(root, 'scripts/generate.ts'),
    args: ['--check'],
    advice: 'Run `npm run generate`.',
  },
  {
    name: 'the example guest is as compiled',
    script: path.join(root, 'scripts/examples.ts'),
    args: ['--check'],
  },
];

/** Runs checks one after the other and prints each with what it said, if it failed. */
export async function runChecks(checks: Check[]): Promise<Tally> {
  const tally = emptyTally();
  for (const check of checks) {
    const start = performance.now();
    const { status, stdout, stderr } = await runCommand(
      process.execPath,
      [...(check.script.endsWith('.ts') ? ['--import', 'tsx'] : []), check.script, ...check.args],
      { cwd: root },
    );
    const took = duration(performance.now() - start);
    if (status === 0) {
      tally.passed += 1;
      console.log(`  ✓ ${check.name} (${took})`);
      continue;
    }
    tally.failed += 1;
    console.log(`  ✗ ${check.name} (${took})`);
    console.log(indent(`${stdout}${stderr}`.trimEnd(), '      '));
    if (check.advice) console.log(`      ${check.advice}`);
  }
  return tally;
}
