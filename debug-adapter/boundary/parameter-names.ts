import { wordsOf } from './words.ts';

/** What a parameter is for in the callId protocol. */
export type Meaning = 'pointer' | 'size' | 'callId';

const POINTER = new Set([
  'ptr',
  'pointer',
  'addr',
  'address',
  'buf',
  'buffer',
  'dst',
  'dest',
  'destination',
  'src',
  'source',
  'target',
  'data',
  'memory',
  'mem',
]);
const SIZE = new Set(['size', 'len', 'length', 'capacity', 'bytelength', 'bytecount', 'bytesize']);
/** Words that mean a size only beside a pointer; alone they count or number something else. */
const SIZE_BESIDE_POINTER = new Set(['bytes', 'count', 'n', 'cap', 'max', 'limit']);
const ID = new Set(['id', 'ident', 'identifier', 'no', 'nr', 'number', 'handle', 'token', 'key', 'ref']);
/** What an id may be of, to be the call's. */
const CALL = new Set([
  'call',
  'request',
  'invocation',
  'correlation',
  'req',
  'operation',
  'message',
  'msg',
  'rpc',
  'task',
]);
const CALL_ID_JOINED = new Set([
  'callid',
  'cid',
  'requestid',
  'reqid',
  'invocationid',
  'callno',
  'callhandle',
]);

/**
 * What a parameter's own name says; the last word counts (`dataSize` is a size). Strict, because these decide what an
 * export is given: `count` or a bare `id` may be a number of anything's.
 */
export function meaningOfExportParameter(name: string): 'size' | 'callId' | null {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined) return null;
  if (
    SIZE.has(last) ||
    (last === 'bytes' && words.length > 1) ||
    (last === 'count' && words.at(-2) === 'byte')
  ) {
    return 'size';
  }
  return isCallId(words) ? 'callId' : null;
}

function isCallId(words: string[]): boolean {
  const last = words.at(-1) ?? '';
  if (CALL_ID_JOINED.has(last)) return true;
  return ID.has(last) && words.slice(0, -1).some((word) => CALL.has(word));
}

/** What a parameter of an import is for that is known to carry a buffer, so that short names are enough. */
export function meaningOfImportParameter(name: string): Meaning | null {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined) return null;
  if (SIZE.has(last) || SIZE_BESIDE_POINTER.has(last)) return 'size';
  if (isCallId(words) || (words.length === 1 && (last === 'id' || last === 'call'))) return 'callId';
  if (POINTER.has(last) || words.some((word) => word === 'ptr' || word === 'pointer')) return 'pointer';
  return words.length === 1 && last === 'p' ? 'pointer' : null;
}
