import type { RunnerPlan, StopPlan, ToRunner } from '../../protocol/runner.ts';
import { CallStack } from './calls.ts';
import type { Channel } from './channel.ts';
import { type CrossingParts, makeCallback } from './crossings.ts';
import { Debugger } from './debugger.ts';
import { toFailure } from './engine-failures.ts';
import { messageOf } from './failures.ts';
import { Guest } from './guest.ts';
import { GuestCaller } from './guest-caller.ts';
import { terminated } from './last-messages.ts';
import { type RunParts, runGuest } from './run.ts';
import { Ending, State, type ToMain } from './signals.ts';

/** The main thread's side of a session: loads the guest and runs it, once. */
export class RunnerSession {
  readonly #channel: Channel;
  /** What is to stop, as it was last told before the guest was loaded. */
  #stops: StopPlan = { functions: [], filters: [] };
  #parts: RunParts | null = null;
  #phase: 'new' | 'loading' | 'loaded' | 'started' = 'new';

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Serves a message from the event loop: before the guest runs, and after it has ended. */
  handle(message: ToMain): void {
    if (message.type === 'exit') process.exit(message.code & 0xff);
    if (message.type === 'request') this.#handleRequest(message.request);
    if (this.#channel.ending !== Ending.no && this.#phase !== 'started') this.#end();
  }

  /** Terminated before the guest ran. */
  #end(): void {
    this.#phase = 'started';
    this.#channel.state = State.ended;
    this.#channel.send(terminated());
  }

  #handleRequest(request: ToRunner): void {
    switch (request.command) {
      case 'load':
        if (this.#phase !== 'new') return this.#outOfOrder(request, 'A guest has been loaded already.');
        this.#phase = 'loading';
        void this.#load(request.id, request.arguments.plan);
        break;
      case 'start':
        this.#start(request);
        break;
      case 'setStops':
        this.#stops = request.arguments.stops;
        this.#parts?.debugging.setStops(this.#stops);
        break;
      case 'pause':
        // Before the guest runs it stops at its first crossing then; afterwards there is nothing to pause.
        this.#parts?.debugging.pause();
        break;
      default:
        this.#channel.fail(request.id, { code: 'not-stopped', message: 'The guest is not stopped.' });
    }
  }

  #outOfOrder({ id }: ToRunner, message: string): void {
    this.#channel.fail(id, { code: 'internal', message });
  }

  async #load(id: number, plan: RunnerPlan): Promise<void> {
    try {
      const guest = new Guest(plan);
      const calls = new CallStack(guest, this.#channel);
      const debugging = new Debugger(guest, calls, this.#channel);
      const caller = new GuestCaller(calls, debugging, plan.calls);
      const parts: CrossingParts = { guest, calls, caller, debugging };
      const loaded = await guest.load(
        (index, host) => makeCallback(parts, index, host),
        (site) => debugging.siteReached(site),
      );
      debugging.setStops(this.#stops);
      this.#parts = { ...parts, channel: this.#channel };
      this.#channel.post({
        type: 'attach',
        ...guest.sharedIds,
        probes: guest.probes?.shared ?? null,
        memoryLimitBytes: plan.memoryLimitBytes,
      });
      this.#phase = 'loaded';
      this.#channel.answer(id, loaded);
    } catch (thrown) {
      this.#phase = 'new';
      this.#channel.fail(id, toFailure(thrown));
    }
  }

  #start(request: ToRunner): void {
    const parts = this.#parts;
    if (!parts || this.#phase !== 'loaded') {
      return this.#outOfOrder(
        request,
        parts ? 'The guest has been started already.' : 'No guest is loaded yet.',
      );
    }
    this.#phase = 'started';
    this.#channel.answer(request.id, {});
    // In a turn of its own: the guest runs in it from its beginning to its end.
    setImmediate(() => this.#run(parts));
  }

  #run(parts: RunParts): void {
    const channel = this.#channel;
    channel.state = State.running;
    channel.post({ type: 'resumed' });
    try {
      const finished = runGuest(parts);
      channel.state = State.ended;
      channel.send(finished);
    } catch (thrown) {
      channel.state = State.ended;
      const message = `The runner failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}`;
      channel.send({ type: 'finished', exitCode: 1, reason: 'failed', message });
    }
  }
}
