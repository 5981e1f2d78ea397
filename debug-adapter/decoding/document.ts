import type { DecodedAnswers, DecodedAsk, DecodedHead } from '../../protocol/decoded.ts';
import { ReplacedCharacters } from '../../protocol/replaced-characters.ts';
import { textPage, TextRows } from '../../protocol/text-rows.ts';
import { chooseDecoder } from '../boundary/decoders/auto.ts';
import { MalformedBytes } from '../boundary/decoders/byte-cursor.ts';
import { walkCbor } from '../boundary/decoders/cbor-walk.ts';
import { decoderById, decodeWith } from '../boundary/decoders/index.ts';
import { jsonError } from '../boundary/decoders/json.ts';
import { walkMessagePack } from '../boundary/decoders/messagepack-walk.ts';
import type { Walked } from '../boundary/decoders/structured-walk.ts';
import { STRUCTURED_LIMIT } from '../boundary/decoders/structured-walk.ts';
import { decodeUtf8 } from '../boundary/decoders/text.ts';
import { cborFormat } from './cbor-format.ts';
import { MadeTree, type DecodedTree } from './decoded-tree.ts';
import { jsonFormat } from './json-format.ts';
import { messagePackFormat } from './messagepack-format.ts';
import type { StructuredFormat } from './structured-format.ts';
import { StructuredTree } from './structured-tree.ts';

/** What a buffer was decoded to. */
interface Parts {
  decoder: string;
  reason: string;
  text: string;
  tree?: DecodedTree;
  error?: string;
  invalid?: [number, number][];
}

/** Formats whose trees are read in pages, and how the beginning of their text is made. */
const BINARY: Partial<
  Record<string, { name: string; format: StructuredFormat; walk: (bytes: Uint8Array) => Walked }>
> = {
  cbor: { name: 'CBOR', format: cborFormat, walk: walkCbor },
  messagepack: { name: 'MessagePack', format: messagePackFormat, walk: walkMessagePack },
};

/** The whole of a buffer, decoded once, and read in pages. Decoding may take long: this is used in a worker. */
export class DecodedDocument {
  readonly #parts: Parts;
  readonly #replaced: ReplacedCharacters;
  #rows: TextRows | null = null;

  /**
   * @param id of a decoder that runs here, or `auto`
   * @param reason who named it
   * @throws UserError where there is no such decoder
   */
  constructor(bytes: Uint8Array, id: string, reason: string) {
    this.#parts = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), id, reason);
    this.#replaced = new ReplacedCharacters(this.#parts.decoder, bytes, this.#parts.invalid);
  }

  /** @throws Error with a sentence where there is nothing of that kind */
  answer<A extends DecodedAsk>(ask: A): DecodedAnswers[A['kind']];
  answer(ask: DecodedAsk): DecodedAnswers[DecodedAsk['kind']] {
    const { text, tree } = this.#parts;
    switch (ask.kind) {
      case 'head':
        return this.#head();
      case 'wholeText':
        return { text };
      case 'text': {
        const rows = this.#rows?.columns === ask.columns ? this.#rows : new TextRows(text, ask.columns);
        this.#rows = rows;
        return textPage(rows, this.#replaced, ask.start, ask.count);
      }
      case 'tree': {
        const nodes = tree?.children(ask.path, ask.start, ask.count);
        if (!nodes) throw new Error(`The decoded value has no part at ${ask.path.join('.')}.`);
        return { nodes };
      }
      case 'find':
        if (!tree) throw new Error('The decoded value has no parts to search: choose another decoder.');
        return { found: tree.find(ask.text, ask.after, ask.backwards) };
      case 'nodeAt':
        return { path: tree?.nodeAt(ask.range) ?? null };
    }
  }

  #head(): DecodedHead {
    const { decoder, reason, text, tree, error, invalid } = this.#parts;
    return {
      decoder,
      decoderReason: reason,
      textLength: text.length,
      tree: tree?.root ?? null,
      ...(error !== undefined && { decodeError: error }),
      ...(invalid && { invalid }),
    };
  }
}

function decode(bytes: Buffer, id: string, reason: string): Parts {
  const chosen = id === 'auto' ? chooseDecoder(bytes) : null;
  const decoder = chosen?.id ?? decoderById(id)?.id ?? id;
  const why = chosen ? `auto: ${chosen.why}` : reason;
  if (chosen?.maybeJson) {
    const parts = decodeJson(bytes, 'auto: parses as JSON');
    if (parts.tree) return parts;
    // That it is no JSON is no fault of text.
    return { decoder: 'utf-8', reason: `${why}; begins like JSON, but is not`, ...decodeUtf8(bytes) };
  }
  if (decoder === 'json') return decodeJson(bytes, why);
  const binary = BINARY[decoder];
  if (binary) return decodeBinary(bytes, decoder, binary, why);
  const { text, tree, error, invalid } = decodeWith(decoder, bytes);
  return {
    decoder,
    reason: why,
    text,
    ...(tree && { tree: new MadeTree(tree) }),
    ...(error !== undefined && { error }),
    ...(invalid && { invalid }),
  };
}

function decodeJson(bytes: Buffer, reason: string): Parts {
  const { text, error: fault, invalid } = decodeUtf8(bytes);
  const parts = { decoder: 'json', reason, text, ...(invalid && { invalid }) };
  const error = fault ?? jsonError(text);
  if (error !== undefined) return { ...parts, error };
  const mark = text.startsWith('\ufeff') ? 3 : 0;
  const space = /^\s*/.exec(text.slice(mark > 0 ? 1 : 0))?.[0].length ?? 0;
  return { ...parts, tree: new StructuredTree(jsonFormat, bytes, mark + space) };
}

function decodeBinary(
  bytes: Buffer,
  decoder: string,
  { name, format, walk }: NonNullable<(typeof BINARY)[string]>,
  reason: string,
): Parts {
  const walked = walk(bytes);
  const parts = { decoder, reason, text: walked.text };
  const fault = faultOf(bytes, name, format);
  if (fault !== undefined || (walked.error !== undefined && bytes.length <= STRUCTURED_LIMIT)) {
    const error = fault ?? walked.error;
    return {
      ...parts,
      ...(error !== undefined && { error }),
      ...(walked.tree && { tree: new MadeTree(walked.tree) }),
    };
  }
  const cut = `The text is of the first ${STRUCTURED_LIMIT} of ${bytes.length} bytes; the tree is of all.`;
  return {
    ...parts,
    ...(bytes.length > STRUCTURED_LIMIT && { error: cut }),
    tree: new StructuredTree(format, bytes, 0),
  };
}

/** Why the bytes are not one value of the format; undefined where they are. */
function faultOf(bytes: Buffer, name: string, format: StructuredFormat): string | undefined {
  try {
    const end = format.skip(bytes, 0);
    if (end === bytes.length) return undefined;
    return `Not ${name}: ${bytes.length - end} bytes are left over after the first item at byte ${end}.`;
  } catch (thrown) {
    if (thrown instanceof MalformedBytes) return `Not ${name}: ${thrown.message} at byte ${thrown.offset}.`;
    throw thrown;
  }
}
