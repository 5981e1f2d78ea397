import type { Role } from '../../protocol/boundary.ts';
import { wordsOf } from './words.ts';

/**
 * How far an import's name speaks for a role.
 * `forum`: the forum's own name or one that says the same, so that its parameter order may be assumed too.
 * `related`: a relative, which needs parameters that are named like a pointer. `weak`: needs a call id as well.
 */
export interface NameEvidence {
  role: Role;
  strength: 'forum' | 'related' | 'weak';
  /** The name says that a buffer is meant: `…Data`, `…Buffer`. */
  saysBuffer: boolean;
}

const ARGUMENT = new Set(['argument', 'arguments', 'arg', 'args']);
const WEAK_ARGUMENT = new Set([
  'input',
  'inputs',
  'request',
  'parameter',
  'parameters',
  'param',
  'params',
  'payload',
]);
const RESULT = new Set(['result', 'results']);
const WEAK_RESULT = new Set(['output', 'outputs', 'response', 'reply', 'answer']);

/** The verbs of the forum's names and those that say the same of the guest's memory. */
const FORUM_VERBS: Record<Role, Set<string>> = {
  storeArgument: new Set(['store', 'write', 'fill', 'copy', 'put']),
  returnResult: new Set(['return', 'store', 'write', 'copy', 'deliver']),
};
/** `readArgument` may be said of the guest, `setResult` of a number: these need the parameters' names. */
const RELATED_VERBS: Record<Role, Set<string>> = {
  storeArgument: new Set([
    'read',
    'get',
    'fetch',
    'load',
    'receive',
    'take',
    'provide',
    'pass',
    'give',
    'request',
  ]),
  returnResult: new Set([
    'set',
    'send',
    'put',
    'give',
    'pass',
    'report',
    'submit',
    'post',
    'provide',
    'emit',
    'publish',
  ]),
};
/** What the host is called to do (`callHostToReadResult`), where the guest would do the opposite. */
const HOST_RESULT_VERBS = new Set(['read', 'get', 'fetch', 'take', 'receive', 'load']);

/** Names with these are about something beside the buffer: how long, how many, which, whether. */
const OTHER_MATTER = new Set([
  'count',
  'size',
  'sizes',
  'len',
  'length',
  'num',
  'number',
  'type',
  'kind',
  'code',
  'status',
  'error',
  'flag',
  'flags',
  'name',
  'index',
  'at',
  'has',
  'is',
  'can',
  'free',
  'release',
  'alloc',
  'allocate',
  'clear',
  'reset',
  'parse',
  'print',
  'log',
  'check',
  'validate',
]);
const BUFFER = new Set([
  'data',
  'buffer',
  'buf',
  'bytes',
  'string',
  'text',
  'memory',
  'payload',
  'ptr',
  'pointer',
]);
const VALUE = new Set(['value', 'values']);
/** Words that change nothing: the forum's own around verb and noun, and who does it. */
const FILLER = new Set([
  'call',
  'host',
  'to',
  'the',
  'into',
  'in',
  'from',
  'guest',
  'for',
  'of',
  'and',
  'js',
  'import',
  'my',
  'its',
]);

/** What the name of an import alone suggests; null where it suggests nothing, or both roles. */
export function roleByName(name: string): NameEvidence | null {
  const words = wordsOf(name);
  if (words.some((word) => OTHER_MATTER.has(word))) return null;
  const has = (set: Set<string>) => words.some((word) => set.has(word));
  const strongArgument = has(ARGUMENT);
  const strongResult = has(RESULT);
  const returnsBuffer = words.includes('return') && (has(BUFFER) || has(VALUE));
  const argument = strongArgument || (!strongResult && has(WEAK_ARGUMENT));
  const result = strongResult || (!strongArgument && (has(WEAK_RESULT) || returnsBuffer));
  if (argument === result) return null;

  const role: Role = argument ? 'storeArgument' : 'returnResult';
  const strong = argument ? strongArgument : strongResult;
  const saysBuffer = has(BUFFER);
  const weakNouns = argument ? WEAK_ARGUMENT : WEAK_RESULT;
  const nouns = strong ? (argument ? ARGUMENT : RESULT) : weakNouns;
  const rest = words.filter((word) => ![FILLER, BUFFER, VALUE, nouns].some((set) => set.has(word)));
  const hostActs = words.indexOf('host') >= 0 && words.indexOf('to') > words.indexOf('host');

  const [verb, ...others] = rest;
  if (verb === undefined) return null;
  if (FORUM_VERBS[role].has(verb) && others.length === 0) {
    return { role, strength: strong ? 'forum' : 'weak', saysBuffer };
  }
  const related =
    FORUM_VERBS[role].has(verb) ||
    RELATED_VERBS[role].has(verb) ||
    (role === 'returnResult' && hostActs && HOST_RESULT_VERBS.has(verb));
  if (!related) return null;
  return { role, strength: strong ? 'related' : 'weak', saysBuffer };
}
