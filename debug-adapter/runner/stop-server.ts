import type { RunnerRequests, Stop, StopPlan, ToRunner } from '../../protocol/runner.ts';
import type { Channel } from './channel.ts';
import { toFailure } from './engine-failures.ts';
import { GuestEnded } from './failures.ts';
import type { Frame } from './frames.ts';
import type { Guest } from './guest.ts';
import { Inspection } from './inspection.ts';
import { Ending, State, type ToMain } from './signals.ts';
import type { Decision } from './stop-decisions.ts';
import { answerAtStop } from './stop-requests.ts';

/** How the user goes on from a stop. */
export type Resume = RunnerRequests['resume']['arguments'];

/** Blocks the thread of the guest in a stop, and serves what is asked meanwhile. */
export class StopServer {
  readonly #guest: Guest;
  readonly #channel: Channel;
  readonly #setStops: (stops: StopPlan) => void;

  constructor(guest: Guest, channel: Channel, setStops: (stops: StopPlan) => void) {
    this.#guest = guest;
    this.#channel = channel;
    this.#setStops = setStops;
  }

  /**
   * Tells of the stop and returns how the user goes on.
   * @param frames innermost first
   * @throws GuestEnded
   */
  serve(at: Stop['at'], decision: Decision, frames: Frame[]): Resume {
    const channel = this.#channel;
    channel.state = State.stopped;
    const stop: Stop = {
      ...decision,
      at,
      frames: frames.map((frame) => frame.toRunnerFrame()),
      memoryBytes: this.#guest.memory?.size ?? null,
    };
    channel.stopped(stop, lackingBuffers(frames));
    const inspection = new Inspection(this.#guest, at, frames, isFailure(at, decision), (message) => {
      channel.send({ type: 'notice', message, category: 'important' });
    });
    const step = this.#untilResumed(inspection, frames);
    this.#guest.probes?.heap?.release();
    channel.state = State.running;
    channel.post({ type: 'resumed' });
    return step;
  }

  #untilResumed(inspection: Inspection, frames: Frame[]): Resume {
    const channel = this.#channel;
    for (;;) {
      if (channel.ending !== Ending.no) throw new GuestEnded();
      const message = channel.receive();
      if (!message) channel.wait();
      else if (message.type === 'captured') addCaptured(message.buffers, frames);
      else if (message.type === 'request') {
        if (message.request.command === 'resume') {
          const { id, arguments: resume } = message.request;
          channel.answer(id, {});
          channel.send({ type: 'continued' });
          return resume;
        }
        this.#answer(message.request, inspection, frames[0]);
      }
    }
  }

  #answer(request: ToRunner, inspection: Inspection, innermost: Frame | undefined): void {
    // Both have been answered by the control thread.
    if (request.command === 'pause') return;
    if (request.command === 'setStops') return this.#setStops(request.arguments.stops);
    try {
      this.#channel.answer(request.id, answerAtStop(request, inspection, this.#guest, innermost));
    } catch (thrown) {
      this.#channel.fail(request.id, toFailure(thrown));
    }
  }
}

/** Whether what the innermost call has run will not go on. */
function isFailure(at: Stop['at'], { reason }: Decision): boolean {
  return at === 'call end' || reason === 'trap' || reason === 'uncaught exception';
}

/** Sequences of calls whose buffers may have crossed without entering JavaScript. */
function lackingBuffers(frames: readonly Frame[]): number[] {
  return frames.flatMap((frame) =>
    frame.kind === 'call' && !(frame.stored && frame.result) ? [frame.sequence] : [],
  );
}

function addCaptured(buffers: (ToMain & { type: 'captured' })['buffers'], frames: readonly Frame[]): void {
  for (const { sequence, direction, address, size, bytes } of buffers) {
    const call = frames.find((frame) => frame.kind === 'call' && frame.sequence === sequence);
    if (call?.kind !== 'call') continue;
    if (direction === 'argument') call.stored ??= { address, size };
    else if (!call.result) call.setResult({ address, size }, bytes);
  }
}
