import { Socket } from 'node:net';
import { FRAME_JSON, FRAME_RECORDS, type FromRunner, type ToRunner } from '../../protocol/runner.ts';
import { encodeFrame, encodeMessage, FrameReader } from './frame-stream.ts';

/** File descriptor of the control channel (protocol/runner.ts). */
const CONTROL_FD = 3;
/** Bytes waiting for the adapter beyond which the recorder is left to fill up, so that the guest waits instead. */
const HIGH_WATER = 1 << 20;

/** The control thread's link to the adapter. It ends this process when the adapter is gone. */
export class AdapterLink {
  readonly #socket = openControlChannel();
  #finished = false;

  constructor(onRequest: (request: ToRunner) => void) {
    const reader = new FrameReader((type, payload) => {
      if (type === FRAME_JSON) onRequest(JSON.parse(payload.toString()) as ToRunner);
    });
    this.#socket.on('data', (chunk) => reader.push(chunk));
    for (const event of ['end', 'close', 'error'] as const) {
      this.#socket.on(event, () => {
        if (!this.#finished) endProcess();
      });
    }
  }

  /** True while the adapter does not keep up. */
  get congested(): boolean {
    return this.#socket.writableLength > HIGH_WATER;
  }
  onDrain(listener: () => void): void {
    this.#socket.on('drain', listener);
  }

  send(message: FromRunner): void {
    this.#socket.write(encodeMessage(message));
  }
  sendRecords(batch: Uint8Array): void {
    this.#socket.write(encodeFrame(FRAME_RECORDS, batch));
  }

  /** Calls `done` once everything has been handed to the system; what comes after is not sent. */
  finish(done: () => void): void {
    this.#socket.end(() => {
      this.#finished = true;
      done();
    });
  }
}

function openControlChannel(): Socket {
  try {
    return new Socket({ fd: CONTROL_FD, readable: true, writable: true });
  } catch (cause) {
    const message = `file descriptor ${CONTROL_FD} is no control channel: the debug adapter starts this program`;
    throw new Error(message, { cause });
  }
}

/** At once, whatever the main thread does: nothing is left behind. */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
