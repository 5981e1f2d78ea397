import { LINT_CHECKS, runChecks } from './testing/checks.ts';

/** `npm run lint`: eslint and prettier over the whole checkout. */
const { failed } = await runChecks(LINT_CHECKS);
process.exitCode = failed > 0 ? 1 : 0;
