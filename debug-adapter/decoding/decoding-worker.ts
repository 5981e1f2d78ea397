import { parentPort } from 'node:worker_threads';
import { decodedFields } from '../boundary/decoded-fields.ts';
import { DecodedDocument } from './document.ts';
import type { DecodingAnswer, DecodingJob } from './messages.ts';

/**
 * The thread in which large buffers are decoded: it answers one job after the other, and is ended where an answer is not
 * wanted any more. It keeps the documents that it was asked about last.
 */
const held = new Map<string, DecodedDocument>();

function answer(job: DecodingJob): DecodingAnswer {
  try {
    if (job.ask === 'fields') {
      const { bytes, id, reason } = job.document;
      return { answer: decodedFields(bytes, id, reason) };
    }
    const { key, bytes, id, reason } = job.document;
    for (const dropped of job.document.drop) held.delete(dropped);
    if (bytes) held.set(key, new DecodedDocument(bytes, id, reason));
    const document = held.get(key);
    if (!document) throw new Error('The buffer was decoded anew in the meantime.');
    return { answer: document.answer(job.ask) };
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

parentPort?.on('message', (job: DecodingJob) => parentPort?.postMessage(answer(job)));
