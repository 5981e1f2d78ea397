import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DecodedAnswers, DecodedAsk } from '../../protocol/decoded.ts';
import type { DecodedFields } from '../boundary/decoded-fields.ts';
import { UserError } from '../errors.ts';
import type { DecodingAnswer, DecodingJob, DocumentName } from './messages.ts';

/** Heap of the thread, in MiB: a text of 64 MiB and what is made of it have room. */
const MEMORY_LIMIT = 1024;
/** A thread that nobody asks ends, and with it what it holds. */
const IDLE_MS = 60_000;

/** Documents that the thread keeps: a call's argument and its result. */
const MOST_HELD = 2;

/** A buffer and how it is decoded. */
export interface DecodedBuffer {
  /** Names the bytes and the decoder: another one where the bytes have changed. */
  key: string;
  /** Of a decoder that is none of a person's own, or `auto`. */
  id: string;
  /** Who named the decoder. */
  reason: string;
  /** The captured bytes; they are copied. */
  bytes: () => Uint8Array;
}

/**
 * Decodes large buffers in a thread of its own, so that nothing that is decoded keeps the adapter from answering. Jobs are
 * done one after the other; one that is cancelled ends the thread, and the next starts another.
 */
export class Decoding {
  readonly #script: string;
  #worker: Worker | null = null;
  /** Keys of the documents that the thread holds, the newest last. */
  #held: string[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /** @param script absolute path of dist/decoding-worker.js, which is beside the adapter's bundle */
  constructor(script = path.join(import.meta.dirname, 'decoding-worker.js')) {
    this.#script = script;
  }

  /**
   * Reads a part of what the whole buffer decodes to.
   *
   * @throws UserError with a sentence; the signal's reason where it is aborted
   */
  ask<A extends DecodedAsk>(
    buffer: DecodedBuffer,
    ask: A,
    signal: AbortSignal,
  ): Promise<DecodedAnswers[A['kind']]> {
    return this.#next(async () => {
      const { key, id, reason } = buffer;
      const isHeld = this.#held.includes(key);
      const others = this.#held.filter((each) => each !== key);
      const drop = others.splice(0, Math.max(0, others.length - (MOST_HELD - 1)));
      const document: DocumentName = { key, id, reason, drop, ...(!isHeld && { bytes: buffer.bytes() }) };
      this.#held = isHeld ? [...others, key] : others;
      const answer = await this.#run({ document, ask }, signal);
      if (!isHeld) this.#held = [...this.#held, key];
      return answer as DecodedAnswers[A['kind']];
    }, signal);
  }

  /**
   * What a message says of a buffer that is given whole.
   *
   * @throws as `ask`
   */
  fields({ key, id, reason, bytes }: DecodedBuffer, signal: AbortSignal): Promise<DecodedFields> {
    return this.#next(async () => {
      const document = { key, id, reason, bytes: bytes(), drop: [] };
      return (await this.#run({ document, ask: 'fields' }, signal)) as DecodedFields;
    }, signal);
  }

  /** Ends the thread. */
  close(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = null;
    this.#held = [];
  }

  #next<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const next = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run(job: DecodingJob, signal: AbortSignal): Promise<unknown> {
    clearTimeout(this.#idle);
    const worker = this.#started();
    const outcome = await new Promise<DecodingAnswer | Failed>((resolve) => {
      const done = (result: DecodingAnswer | Failed): void => {
        worker.off('message', done).off('error', failed).off('exit', ended);
        signal.removeEventListener('abort', cancelled);
        resolve(result);
      };
      const failed = (error: Error): void => done({ failed: error });
      const ended = (): void => done({ failed: new Error('it ended by itself') });
      const cancelled = (): void => done({ failed: new Error('it was cancelled') });
      worker.on('message', done).on('error', failed).on('exit', ended);
      signal.addEventListener('abort', cancelled);
      const { document } = job;
      if (!document.bytes) return worker.postMessage(job);
      const copy = Uint8Array.from(document.bytes);
      worker.postMessage({ ...job, document: { ...document, bytes: copy } }, [copy.buffer]);
    });
    if ('failed' in outcome) {
      this.close();
      signal.throwIfAborted();
      throw new UserError('bad-argument', sentenceOf(outcome.failed));
    }
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
    if ('error' in outcome) throw new UserError('bad-argument', outcome.error);
    return outcome.answer;
  }

  #started(): Worker {
    if (!this.#worker) {
      const worker = new Worker(this.#script, {
        name: 'decoding',
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT },
      });
      // The adapter's end does not wait for it; how it fails is told to who waits for an answer.
      worker.unref();
      worker.on('error', () => undefined);
      worker.on('exit', () => {
        if (this.#worker === worker) this.close();
      });
      this.#worker = worker;
    }
    return this.#worker;
  }
}

/** The thread is gone. */
interface Failed {
  failed: Error;
}

function sentenceOf(error: Error & { code?: string }): string {
  const advice = 'Choose another decoder, e.g. hex.';
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return `Decoding took more than ${MEMORY_LIMIT} MiB of memory and was ended. ${advice}`;
  return `Decoding ended: ${error.message.replace(/\.$/, '')}. ${advice}`;
}
