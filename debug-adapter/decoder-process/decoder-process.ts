import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { DecodedNode } from '../../protocol/boundary.ts';
import { cutText } from '../boundary/decoders/tree.ts';
import { decodeKaitai } from './kaitai.ts';
import { TEXT_LIMIT, type DecodeAnswer, type DecodeJob } from './messages.ts';
import { textOfValue, treeOfValue } from './value-tree.ts';

/**
 * The process in which a person's decoder runs: reads jobs as lines of JSON from standard input and writes an answer to
 * each to file descriptor 3. Whoever started it ends it where an answer does not come.
 */
const answers = createWriteStream('', { fd: 3 });

interface DecoderModule {
  decode(bytes: Uint8Array, call: DecodeJob['call']): unknown;
}

async function load(file: string): Promise<DecoderModule> {
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const decoder = module.default;
  if (
    typeof decoder === 'object' &&
    decoder !== null &&
    'decode' in decoder &&
    typeof decoder.decode === 'function'
  ) {
    return decoder as DecoderModule;
  }
  throw new Error('it has no “export default { id, decode(bytes, call) }”');
}

/** An answer that is already in the parts that are shown: at least one of text and tree, and nothing else. */
function isWhole(value: object): value is DecodeAnswer {
  const parts = ['text', 'tree', 'error', 'value'];
  const keys = Object.keys(value);
  if (!keys.every((key) => parts.includes(key)) || !(keys.includes('text') || keys.includes('tree')))
    return false;
  const { text, tree } = value as { text?: unknown; tree?: unknown };
  return (text === undefined || typeof text === 'string') && (tree === undefined || isNode(tree));
}

function isNode(value: unknown): value is DecodedNode {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
}

function answerOf(value: unknown): DecodeAnswer {
  if (typeof value === 'string') return { text: cutText(value, TEXT_LIMIT) };
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && isWhole(value)) {
    const answer: DecodeAnswer = {};
    if (value.tree !== undefined) answer.tree = value.tree;
    if (value.text !== undefined) answer.text = cutText(value.text, TEXT_LIMIT);
    if (value.error !== undefined) answer.error = value.error;
    return answer;
  }
  return { text: cutText(textOfValue(value), TEXT_LIMIT), tree: treeOfValue(value) };
}

async function run({ decoder: { kind, file }, data, call }: DecodeJob): Promise<DecodeAnswer> {
  try {
    const bytes = new Uint8Array(Buffer.from(data, 'base64'));
    if (kind === 'kaitai') return await decodeKaitai(file, bytes);
    const decoder = await load(file);
    return answerOf(await decoder.decode(bytes, call));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // What a module throws is named as its author knows it; what is wrong with a format is a sentence.
    if (kind === 'module' && thrown instanceof Error)
      return { error: cutText(`${thrown.name}: ${message}`, 1000) };
    return { error: cutText(message, 1000) };
  }
}

async function serve(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    answers.write(`${JSON.stringify(await run(JSON.parse(line) as DecodeJob))}\n`);
  }
}

void serve().finally(() => process.exit());
