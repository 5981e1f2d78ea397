import type { DecodedFields } from '../boundary/decoded-fields.ts';
import type { DecodedAnswers, DecodedAsk } from '../../protocol/decoded.ts';

/** What is decoded: `bytes` where the worker does not have the document yet. */
export interface DocumentName {
  key: string;
  /** Of the decoder. */
  id: string;
  /** Who named it. */
  reason: string;
  bytes?: Uint8Array;
  /** Keys of documents that are not needed any more. */
  drop: string[];
}

export type DecodingJob =
  | { document: DocumentName; ask: DecodedAsk }
  /** Everything at once, with a tree within the bounds of tree.ts. */
  | { document: Required<DocumentName>; ask: 'fields' };

export type DecodingAnswer =
  | { answer: DecodedAnswers[keyof DecodedAnswers] | DecodedFields }
  /** A sentence. */
  | { error: string };
