import type { DecodedNode } from '../../protocol/boundary.ts';

/** What a person's decoder is told of the call whose buffer it gets. */
export interface DecodedCall {
  sequence: number;
  callId: number | string;
  export: string;
  direction: 'argument' | 'result';
  /** Where the buffer lay in linear memory. */
  address: number;
  size: number;
}

/** Absolute path of what decodes: an ES module, or a format of Kaitai Struct (.ksy). */
export interface OwnDecoder {
  kind: 'module' | 'kaitai';
  file: string;
}

/** One line of JSON to the process. */
export interface DecodeJob {
  decoder: OwnDecoder;
  /** Base64. */
  data: string;
  call: DecodedCall;
}

/** One line of JSON from the process. */
export interface DecodeAnswer {
  text?: string;
  tree?: DecodedNode;
  error?: string;
}

/** Bytes of an answer; a process that writes more is ended. */
export const ANSWER_LIMIT = 8 * 1024 * 1024;
/** Characters of text: they must fit an answer. */
export const TEXT_LIMIT = 1024 * 1024;
