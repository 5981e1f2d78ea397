import { writeSync } from 'node:fs';
import { type MessagePort, workerData } from 'node:worker_threads';
import { attachEngine, attachMemory, type SharedEngine, type SharedMemory } from 'wasmedge-napi';
import type { FromRunner, RunnerFailure, ToRunner } from '../../protocol/runner.ts';
import { AdapterLink, endProcess } from './adapter-link.ts';
import { errorText } from './failures.ts';
import { GuestEnder } from './guest-ender.ts';
import { MemoryWatch } from './memory-watch.ts';
import { RecordPump } from './record-pump.ts';
import { type ControlData, MESSAGES, SEEN, STATE, State, type ToControl, type ToMain } from './signals.ts';
import { checkStops } from './stop-rules.ts';

/**
 * The control thread: owns the channel to the adapter, and never blocks. It passes requests to the main thread, answers
 * by itself what must work while the guest runs, sends the records, watches the memory and ends the guest.
 */

/** Milliseconds between two looks at the recorder and the process's memory while the guest runs. */
const TICK = 20;

class Control {
  readonly #words: Int32Array;
  readonly #port: MessagePort;
  readonly #link = new AdapterLink((request) => this.#handle(request));
  readonly #ender: GuestEnder;
  #pump: RecordPump | null = null;
  #engine: SharedEngine | null = null;
  #memory: SharedMemory | null = null;
  /** Arms every site of a rewritten guest. */
  #armSites: (() => void) | null = null;
  #watch: MemoryWatch | null = null;
  #ticking: NodeJS.Timeout | null = null;
  /** From the message that the guest stopped until it is resumed: the main thread then serves requests. */
  #stopped = false;

  constructor({ words, port }: ControlData) {
    this.#words = words;
    this.#port = port;
    this.#ender = new GuestEnder(this.#words, {
      wake: () => this.#toMain({ type: 'end' }),
      cancel: () => void this.#engine?.cancel(),
      flush: () => this.#pump?.flush(),
      giveUp: (message) => this.#giveUp(message),
    });
    port.on('message', (message: ToControl) => this.#fromMain(message));
  }

  #toMain(message: ToMain): void {
    this.#port.postMessage(message);
    Atomics.add(this.#words, MESSAGES, 1);
    Atomics.notify(this.#words, MESSAGES);
  }

  #fromMain(message: ToControl): void {
    switch (message.type) {
      case 'send':
        this.#send(message.message);
        break;
      case 'stopped': {
        this.#stopped = true;
        this.#tick(false);
        this.#pump?.flush();
        const buffers = this.#pump?.buffersOf(message.lacking) ?? [];
        if (buffers.length > 0) this.#toMain({ type: 'captured', buffers });
        this.#link.send({ type: 'stopped', stop: message.stop });
        break;
      }
      case 'resumed':
        this.#tick(true);
        break;
      case 'attach':
        this.#engine = attachEngine(message.engine);
        if (message.memory !== null) this.#memory = attachMemory(message.memory);
        if (message.probes) this.#armSites = siteArmer(message.probes);
        this.#pump = new RecordPump(this.#link, message.recorder);
        this.#watch = new MemoryWatch(this.#words, message.memoryLimitBytes);
        break;
    }
  }

  #send(message: FromRunner): void {
    if (message.type !== 'finished') {
      // An edit at a stop is recorded: the ledger has it when the edit is answered.
      if (message.type === 'answer') this.#pump?.flush();
      this.#link.send(message);
      return;
    }
    this.#finish(message, () => this.#toMain({ type: 'exit', code: message.exitCode }));
  }

  /** The last message of all, after every record. */
  #finish(message: FromRunner, done: () => void): void {
    if (!this.#ender.close()) return;
    this.#tick(false);
    this.#pump?.flush();
    this.#pump?.close();
    this.#link.send(message);
    this.#link.finish(done);
  }

  /** The main thread does not come back: the adapter is told, and the process ends without it. */
  #giveUp(message: FromRunner): void {
    this.#finish(message, endProcess);
  }

  /** Looks after the recorder and the memory while the guest runs. */
  #tick(running: boolean): void {
    if (this.#ticking) clearInterval(this.#ticking);
    this.#ticking = running ? setInterval(() => this.#look(), TICK) : null;
  }

  #look(): void {
    this.#pump?.pump();
    // The main thread may have disarmed just after a message had been posted.
    if (Atomics.load(this.#words, SEEN) !== Atomics.load(this.#words, MESSAGES)) this.#armAll();
    const exceeded = this.#watch?.exceeded();
    if (!exceeded || this.#ender.active) return;
    this.#pump?.flush();
    this.#link.send(exceeded);
    this.#ender.endForMemory();
  }

  #handle(request: ToRunner): void {
    switch (request.command) {
      case 'terminate':
        this.#answer(request, {});
        this.#ender.terminate();
        break;
      case 'readMemory':
        this.#readMemory(request);
        break;
      case 'writeMemory':
        // At a stop the main thread writes, which knows whether a buffer of the ledger is meant.
        if (this.#stopped) this.#forward(request);
        else this.#writeMemory(request);
        break;
      case 'setStops':
        // Answered here, so that a guest that makes no crossing does not hold up the answer.
        this.#answer(request, { errors: checkStops(request.arguments.stops) });
        this.#forward(request);
        break;
      case 'pause':
        this.#answer(request, {});
        this.#forward(request);
        break;
      case 'load':
      case 'start':
        this.#forward(request);
        break;
      default:
        if (this.#stopped) this.#forward(request);
        else this.#fail(request, { code: 'not-stopped', message: 'The guest is not stopped.' });
    }
  }

  /** Passes a request on; while the guest runs, its next crossing enters JavaScript and finds it. */
  #forward(request: ToRunner): void {
    if (request.command === 'resume') this.#stopped = false;
    this.#toMain({ type: 'request', request });
    // In this order: the main thread looks for messages after it has said that it runs.
    if (Atomics.load(this.#words, STATE) === State.running) this.#armAll();
  }

  #armAll(): void {
    this.#pump?.recorder.armAll(true);
    this.#armSites?.();
  }

  #answer(request: ToRunner, body: (FromRunner & { type: 'answer' })['body']): void {
    this.#link.send({ type: 'answer', id: request.id, body });
  }
  #fail(request: ToRunner, failure: RunnerFailure): void {
    this.#link.send({ type: 'failed', id: request.id, failure });
  }

  #readMemory(request: ToRunner & { command: 'readMemory' }): void {
    if (!this.#memory) return this.#fail(request, NO_MEMORY);
    const { address, count } = request.arguments;
    const memoryBytes = this.#memory.byteLength;
    const length = Math.max(0, Math.min(count, memoryBytes - address));
    const bytes = length > 0 && address >= 0 ? this.#memory.read(address, length) : new Uint8Array();
    this.#answer(request, { data: Buffer.from(bytes).toString('base64'), memoryBytes });
  }

  #writeMemory(request: ToRunner & { command: 'writeMemory' }): void {
    if (!this.#memory) return this.#fail(request, NO_MEMORY);
    const { address } = request.arguments;
    const memoryBytes = this.#memory.byteLength;
    const bytes = Buffer.from(request.arguments.data, 'base64');
    const written = address < 0 ? 0 : Math.max(0, Math.min(bytes.length, memoryBytes - address));
    if (written > 0) this.#memory.write(address, bytes.subarray(0, written));
    this.#answer(request, { written, memoryBytes });
  }
}

function siteArmer({ memory, at, count }: { memory: number; at: number; count: number }): () => void {
  const attached = attachMemory(memory);
  const armed = new Uint8Array(count).fill(1);
  return () => attached.write(at, armed);
}

const NO_MEMORY: RunnerFailure = {
  code: 'range',
  message: 'The guest has no memory that can be read: it is not loaded yet, or exports none.',
};

// Without this thread nobody hears of the process any more; the main thread may be blocked and never know.
process.on('uncaughtException', (error) => {
  writeSync(2, `The debugger's runner has failed: ${errorText(error)}\n`);
  endProcess();
});

new Control(workerData as ControlData);
