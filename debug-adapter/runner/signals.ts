import type { MessagePort } from 'node:worker_threads';
import type { BufferRecord } from './captured-buffers.ts';
import type { FromRunner, Stop, ToRunner } from '../../protocol/runner.ts';

/**
 * What the runner's two threads share: 32-bit words in shared memory, and the messages between them. The main thread
 * runs the guest and may be blocked in it or in a stop; the control thread never blocks.
 */

/** Word that counts the messages to the main thread: what it waits on during a stop. */
export const MESSAGES = 0;
/** Word that holds one of `State`. Written by the main thread. */
export const STATE = 1;
/** Word that holds the sequence of the innermost running call, or `NO_CALL`. Written by the main thread. */
export const SEQUENCE = 2;
/** Word that holds one of `Ending`. Written by the control thread. */
export const ENDING = 3;
/** Word that holds the message count up to which the main thread has looked. Written by the main thread. */
export const SEEN = 4;
export const WORDS = 5;

export const NO_CALL = -1;

export const State = {
  /** The main thread is in its event loop: before `start`, or while it loads. */
  idle: 0,
  /** The guest or a host function runs. */
  running: 1,
  /** Blocked in a stop, serving requests. */
  stopped: 2,
  /** Nothing of the guest will run again. */
  ended: 3,
} as const;
export type State = (typeof State)[keyof typeof State];

export const Ending = { no: 0, terminate: 1, memoryLimit: 2 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

export type ToMain =
  | { type: 'request'; request: ToRunner }
  /** `ENDING` has been set: for a main thread that is in its event loop. */
  | { type: 'end' }
  /** What the recorder captured of open calls without entering JavaScript. */
  | { type: 'captured'; buffers: BufferRecord[] }
  /** Everything has been sent: the process can end. */
  | { type: 'exit'; code: number };

export type ToControl =
  | { type: 'send'; message: FromRunner }
  /** `lacking`: sequences of open calls of which the main thread wants to know what the recorder captured. */
  | { type: 'stopped'; stop: Stop; lacking: number[] }
  | { type: 'resumed' }
  | {
      type: 'attach';
      engine: number;
      memory: number | null;
      recorder: number;
      /** The sites of a rewritten guest: bytes in a memory. */
      probes: { memory: number; at: number; count: number } | null;
      memoryLimitBytes: number;
    };

/** `workerData` of the control thread. */
export interface ControlData {
  words: Int32Array;
  /** To the main thread: it receives `ToControl` and is sent `ToMain`. */
  port: MessagePort;
}
