import path from 'node:path';
import * as z from 'zod';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import { BOUNDARY_CHANGED_EVENT, PAUSE_UNANSWERED_EVENT, type PauseUnanswered } from '../../protocol/dap.ts';
import { launchSchema } from '../../protocol/launch.ts';
import { UserError } from '../errors.ts';
import { parseBytes } from '../launch-files.ts';
import { prepareLaunch, type PreparedLaunch, type SessionConfiguration } from './prepare.ts';
import { bindBreakpoints } from './binding.ts';
import { handler, type Handlers, type SessionContext } from './context.ts';
import type { RunEnd } from './end.ts';
import { explainLoadFailure } from './load-failure.ts';
import { badFields, ErrorId, RequestError } from './request-error.ts';
import { Run } from './run.ts';
import { toClient } from './numbering.ts';
import { LedgerWriter } from '../boundary/saved-ledger/writer.ts';
import type { Runners } from './runners.ts';
import { announceStop, currentSequence, forgetStop } from './stops.ts';

/** How the session is embedded: on stdio, a socket, or inline. */
export interface SessionHost {
  /** The session's own; those that are left are ended with it. */
  runners: Runners;
  /** The client does not read as fast as it is sent to. */
  isCongested(): boolean;
  onceDrained(listener: () => void): void;
  /** DAP traffic, what has passed already included, goes to this file. @throws Error where it cannot be written. */
  traceTo(file: string): void;
  /** The client has disconnected and has been answered. */
  disconnected(): void;
}

/** `new`: nothing launched, or a launch has failed. `closed`: the client is gone or going. */
type State = 'new' | 'launching' | 'launched' | 'restarting' | 'closed';

/** The launch, restart and end of guests, and what their runs report meanwhile. */
export class Lifecycle {
  readonly #context: SessionContext;
  readonly #host: SessionHost;
  #state: State = 'new';
  /** configurationDone has come: what to stop at is known. */
  #isConfigured = false;
  #launchInput: unknown;

  constructor(context: SessionContext, host: SessionHost) {
    this.#context = context;
    this.#host = host;
  }

  /** Loads the guest. It starts when `configurationDone` has come too. @throws UserError where it cannot be loaded. */
  async launch(input: unknown): Promise<void> {
    if (this.#state !== 'new')
      throw outOfOrder('“launch” has been sent before: a session launches one guest.');
    this.#state = 'launching';
    this.#launchInput = input;
    try {
      const prepared = await this.#prepare(input);
      await this.#load(prepared, () => this.#context.sendEvent('initialized'));
      this.#setState('launched');
    } catch (error) {
      this.#context.run = null;
      this.#setState('new');
      throw error;
    }
    this.#startIfReady();
  }

  /** Ends the guest and begins it anew, with the breakpoints as they are and the ledger going on. */
  async restart(input: unknown): Promise<void> {
    const { run } = this.#context;
    if (this.#state !== 'launched' || !run) {
      throw outOfOrder(
        'There is no running session to restart: send “launch” first, and “configurationDone”.',
      );
    }
    if (run.state === 'ended')
      throw outOfOrder('The guest has ended and so has the session: launch it again.');
    this.#state = 'restarting';
    try {
      const prepared = await this.#prepare(input ?? this.#launchInput);
      const wasStopped = run.state === 'stopped';
      forgetStop(this.#context);
      await run.replace();
      if (wasStopped) this.#continued();
      await this.#load(prepared, () => undefined);
      this.#setState('launched');
    } catch (error) {
      this.#setState('launched');
      // Its guest is gone, and the new one cannot be had: the session is over. Before that, the old one goes on.
      if (this.#context.run?.state === 'ended') this.#context.sendEvent('terminated');
      throw error;
    }
    this.#startIfReady();
  }

  configurationDone(): void {
    if (this.#state === 'new') throw outOfOrder('“configurationDone” came before “launch”.');
    if (this.#isConfigured) throw outOfOrder('“configurationDone” has been sent before.');
    this.#isConfigured = true;
    this.#startIfReady();
  }

  /** Asks the guest to end; the events that say so follow. */
  terminate(): void {
    const { run } = this.#context;
    if (run) void run.terminate();
    else if (this.#state === 'launching') this.#state = 'closed';
  }

  async disconnect(): Promise<void> {
    await this.shutDown();
    // After the answer, which goes out when this promise resolves.
    setImmediate(() => this.#host.disconnected());
  }

  /** Ends the guest; resolves when no process is left. */
  async shutDown(): Promise<void> {
    this.#state = 'closed';
    await Promise.all([this.#context.run?.terminate(), this.#host.runners.close()]);
    this.#context.changes.dispose();
    this.#context.ledger.dispose();
  }

  /** Sends `boundary/changed` as things are now. */
  sendBoundaryChanged(): void {
    const { ledger, run } = this.#context;
    const body: BoundaryChanged = { total: ledger.total, current: currentSequence(run) };
    if (ledger.problems > 0) body.problems = ledger.problems;
    if (typeof run?.memoryBytes === 'number') body.memoryBytes = run.memoryBytes;
    this.#context.sendEvent(BOUNDARY_CHANGED_EVENT, body);
  }

  #setState(state: State): void {
    if (this.#state !== 'closed') this.#state = state;
  }

  async #prepare(input: unknown): Promise<PreparedLaunch> {
    const configuration = parseConfiguration(input);
    if (configuration.trace !== undefined) this.#trace(path.resolve(configuration.trace));
    const prepared = await prepareLaunch(configuration, this.#host.runners);
    if (this.#state === 'closed') {
      await prepared.runner.discard();
      throw new RequestError(ErrorId.cancelled, 'The session was ended while it was being launched.', {
        showUser: false,
      });
    }
    return prepared;
  }

  #trace(file: string): void {
    try {
      this.#host.traceTo(file);
    } catch (error) {
      throw new UserError(
        'bad-configuration',
        `The trace file ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}. Change "trace" in launch.json.`,
        { kind: 'open-launch-json', title: 'Open launch.json' },
      );
    }
  }

  /** @throws UserError where the ledger is to be saved and cannot be. A restart goes on in the same file. */
  #keepLedger({ maxBytes, save }: PreparedLaunch['configuration']['ledger']): void {
    const context = this.#context;
    const { ledger } = context;
    ledger.maxBytes = parseBytes(maxBytes, 'ledger.maxBytes');
    if (save === undefined || ledger.journal) return;
    const file = path.resolve(save);
    try {
      ledger.journal = new LedgerWriter(file, (why) =>
        context.output(
          'important',
          `The ledger is not saved any further: ${file} cannot be written (${why}).\n`,
        ),
      );
    } catch (error) {
      throw new UserError(
        'bad-configuration',
        `The ledger ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}. Change "ledger.save" in launch.json.`,
        { kind: 'open-launch-json', title: 'Open launch.json' },
      );
    }
  }

  /** @param planned called when names can be bound, while the runner still loads */
  async #load(prepared: PreparedLaunch, planned: () => void): Promise<void> {
    const context = this.#context;
    this.#keepLedger(prepared.configuration.ledger);
    const run = new Run(prepared, context.ledger, {
      output: (category, text, place) => context.output(category, text, place),
      ledgerChanged: () => context.changes.changed(),
      stopped: (stop) => announceStop(context, stop),
      continued: () => this.#continued(),
      pauseUnanswered: () => this.#pauseUnanswered(),
      ended: (end) => this.#ended(end),
      client: this.#host,
    });
    context.run = run;
    for (const line of prepared.notes) context.output('console', `${line}\n`);
    for (const line of prepared.kotlin?.warnings ?? []) context.output('important', `${line}\n`);
    planned();
    try {
      await run.loaded;
    } catch (error) {
      throw explainLoadFailure(error, prepared, await run.abandon());
    }
    context.sendEvent('process', {
      name: prepared.plan.program,
      ...(run.pid === undefined ? {} : { systemProcessId: run.pid }),
      isLocalProcess: true,
      startMethod: 'launch',
      pointerSize: 32,
    });
    const errors = await bindBreakpoints(context);
    for (const breakpoint of [
      ...context.breakpoints.takeUnannounced(prepared.plan, prepared.kotlin, errors),
      ...context.breakpoints.lines.takeUnannounced(prepared.kotlin, errors),
      ...context.breakpoints.data.takeUnannounced(prepared, errors),
    ]) {
      context.sendEvent('breakpoint', {
        reason: 'changed',
        breakpoint: toClient(context.client, breakpoint),
      });
    }
  }

  #startIfReady(): void {
    const { run } = this.#context;
    if (this.#state !== 'launched' || !this.#isConfigured || run?.state !== 'configuring') return;
    run.start();
  }

  #continued(): void {
    forgetStop(this.#context);
    this.#context.sendEvent('continued', { threadId: 1, allThreadsContinued: true });
  }

  #pauseUnanswered(): void {
    const { ledger } = this.#context;
    const sequence = ledger.innermostRunning;
    const facts = sequence === null ? undefined : ledger.facts(sequence);
    const where = facts ? `${facts.export} (callId ${facts.callId})` : 'The guest';
    const message =
      `${where} has not crossed the boundary within a second, and only there can it be stopped. ` +
      'It will stop at its next crossing; if it never comes to one, Terminate ends it.';
    this.#context.output('console', `${message}\n`);
    const body: PauseUnanswered = { message, sequence };
    this.#context.sendEvent(PAUSE_UNANSWERED_EVENT, body);
  }

  #ended(end: RunEnd): void {
    const context = this.#context;
    forgetStop(context);
    context.output(end.isUnwanted ? 'important' : 'console', `${end.reason}\n`);
    context.changes.flush(true);
    context.sendEvent('exited', { exitCode: end.exitCode });
    context.sendEvent('terminated');
  }
}

function outOfOrder(message: string): RequestError {
  return new RequestError(ErrorId.outOfOrder, message, { showUser: true });
}

/** @throws UserError `bad-configuration` that names each field which is wrong. */
function parseConfiguration(input: unknown): SessionConfiguration {
  const parsed = launchSchema.extend({ noDebug: z.boolean().optional() }).safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UserError(
    'bad-configuration',
    `The launch configuration cannot be used: ${badFields(parsed.error)}.`,
    { kind: 'open-launch-json', title: 'Open launch.json' },
  );
}

const noArguments = z.looseObject({});

export function lifecycleHandlers(lifecycle: Lifecycle): Handlers {
  return {
    launch: handler(z.unknown(), (input) => lifecycle.launch(input)),
    restart: handler(z.object({ arguments: z.unknown().optional() }), (args) =>
      lifecycle.restart(args.arguments),
    ),
    configurationDone: handler(noArguments, () => lifecycle.configurationDone()),
    terminate: handler(noArguments, () => lifecycle.terminate()),
    disconnect: handler(noArguments, () => lifecycle.disconnect()),
  };
}
