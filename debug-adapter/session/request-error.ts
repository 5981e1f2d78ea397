import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { PROBLEM_VARIABLE } from '../../protocol/dap.ts';
import type { ProblemCode } from '../../protocol/inspection.ts';
import { UserError } from '../errors.ts';
import { RunnerGoneError, RunnerRequestError } from './runner-channel.ts';

/**
 * A request that cannot be done, with a sentence for whoever sent it. `showUser`: the editor should show it by itself;
 * false where it shows the answer beside what was asked (a watch, a variable, a hover) or asks by itself.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly id: number;
  readonly showUser: boolean;

  constructor(id: number, message: string, options: { showUser: boolean }) {
    super(message);
    this.id = id;
    this.showUser = options.showUser;
  }
}

/** Ids of `body.error`: stable, so that clients and tests can tell errors apart without their text. */
export const ErrorId = {
  unknownRequest: 1000,
  badArguments: 1001,
  outOfOrder: 1002,
  notStopped: 1003,
  alreadyStopped: 1004,
  noSuchId: 1005,
  ended: 1006,
  cancelled: 1007,
  expression: 1008,
  memory: 1009,
  runner: 1010,
  defect: 1099,
} as const;

/** `body.error.id` of a Problem: these codes have been given out; new ones go at the end. */
const PROBLEM_IDS: Record<ProblemCode, number> = {
  'wasmedge-missing': 2000,
  'wasmedge-wrong-version': 2001,
  'wasmedge-unusable': 2002,
  'program-missing': 2003,
  'program-unreadable': 2004,
  'program-not-a-module': 2005,
  'program-is-component': 2006,
  'program-truncated': 2007,
  'legacy-exception-handling': 2008,
  'no-memory-export': 2009,
  'no-boundary-imports': 2010,
  'missing-imports': 2011,
  'no-such-export': 2012,
  'export-type-mismatch': 2013,
  'bad-argument': 2014,
  'bad-configuration': 2015,
  'host-module': 2016,
  'engine-refused': 2017,
  'runner-died': 2018,
  'limit-exceeded': 2019,
  'function-not-readable': 2020,
};

/** Commands whose answer the editor shows by itself: their errors are worth a message. */
const SHOWN_COMMANDS = new Set(['launch', 'restart', 'configurationDone', 'terminate', 'pause']);

/** Anything that was thrown, as the error of an answer to `command`. */
export function toErrorMessage(error: unknown, command: string): DebugProtocol.Message {
  const showUser = SHOWN_COMMANDS.has(command);
  if (error instanceof RequestError) {
    return { id: error.id, format: error.message, showUser: error.showUser };
  }
  if (error instanceof UserError) {
    const problem = error.toProblem();
    const variables = { code: problem.code, [PROBLEM_VARIABLE]: JSON.stringify(problem) };
    return { id: PROBLEM_IDS[error.code], format: error.message, showUser, variables };
  }
  if (error instanceof RunnerRequestError) {
    const id =
      error.failure.code === 'expression' || error.failure.code === 'value'
        ? ErrorId.expression
        : error.failure.code === 'range'
          ? ErrorId.memory
          : error.failure.code === 'not-stopped'
            ? ErrorId.notStopped
            : ErrorId.runner;
    return { id, format: error.message, showUser };
  }
  if (error instanceof RunnerGoneError) {
    return { id: ErrorId.ended, format: `${error.message} There is no guest to ask.`, showUser };
  }
  if (error instanceof z.ZodError) {
    return { id: ErrorId.badArguments, format: `${command}: ${badFields(error)}.`, showUser };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    id: ErrorId.defect,
    format: `The debugger failed at “${command}”: ${message}. This is a defect of the debugger; please report it with the trace (set "trace" in launch.json).`,
    showUser: true,
    ...(error instanceof Error && error.stack !== undefined ? { variables: { stack: error.stack } } : {}),
  };
}

/** `calls[0].export: is missing; program: must not be empty`: each field that is wrong, with its path. */
export function badFields(error: z.ZodError): string {
  return error.issues.map((issue) => `${dotPath(issue.path) || 'arguments'}: ${issueText(issue)}`).join('; ');
}

/** `calls[0].export`, as a person would write it. */
function dotPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, '');
}

/** What is wrong with a field, in words that need no schema beside them. */
function issueText(issue: z.core.$ZodIssue): string {
  const message = `${issue.message[0]?.toLowerCase() ?? ''}${issue.message.slice(1)}`;
  switch (issue.code) {
    case 'invalid_type':
      return /received undefined/.test(message) ? 'is missing' : message.replace(/^invalid input: /, '');
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return `must be at least ${issue.minimum}`;
    case 'invalid_union': {
      const ways = issue.errors.flatMap(([first]) =>
        first && first.path.length === 0 ? [issueText(first)] : [],
      );
      return ways.length === 0 ? 'has none of the forms that are possible' : [...new Set(ways)].join(', or ');
    }
    default:
      return message;
  }
}
