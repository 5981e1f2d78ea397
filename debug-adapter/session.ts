import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { Ledger } from './boundary/ledger.ts';
import { boundaryHandlers } from './session/boundary.ts';
import { breakpointHandlers } from './session/breakpoint-requests.ts';
import { dataBreakpointHandlers } from './session/data-breakpoint-requests.ts';
import { Breakpoints } from './session/breakpoints.ts';
import { ChangeNotifier } from './session/changes.ts';
import { handler, type Handler, type Handlers, type SessionContext } from './session/context.ts';
import { controlHandlers } from './session/control.ts';
import { disassemblyHandlers } from './session/disassembly.ts';
import { evaluateHandlers } from './session/evaluate.ts';
import { exceptionHandlers } from './session/exception.ts';
import { initializeHandlers } from './session/initialize.ts';
import { Lifecycle, lifecycleHandlers, type SessionHost } from './session/lifecycle.ts';
import { memoryHandlers } from './session/memory.ts';
import { toClient } from './session/numbering.ts';
import { ErrorId, RequestError, toErrorMessage } from './session/request-error.ts';
import { sourceHandlers } from './session/sources.ts';
import { stackHandlers } from './session/stack.ts';
import { StopScoped } from './session/stop-scoped.ts';
import { variableHandlers } from './session/variables.ts';

const requestSchema = z.object({
  seq: z.number().int(),
  type: z.literal('request'),
  command: z.string(),
  arguments: z.unknown().optional(),
});
type Request = z.infer<typeof requestSchema>;

/** Answered before `initialize`, too. */
const ALWAYS = new Set(['initialize', 'disconnect', 'cancel']);

/**
 * A debug session: every request gets one answer, and nothing that a client or a guest does ends the adapter. What a
 * request does is in session/, one file a concern.
 *
 * Of the base class it uses messages and their numbering. Reading is done by `MessageReader`, and dispatching here,
 * because the base class ends the process on malformed JSON and answers what it does not know with success.
 */
export class BoundarySession extends DebugSession {
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #pending = new Map<number, AbortController>();
  readonly #lifecycle: Lifecycle;
  #isInitialized = false;

  /** @param ledger one that was saved, to be shown; a new one for a guest when left out */
  constructor(host: SessionHost, ledger = new Ledger()) {
    super();
    const context: SessionContext = {
      client: {
        linesStartAt1: true,
        columnsStartAt1: true,
        supportsVariableType: false,
        supportsMemoryEvent: false,
        supportsInvalidatedEvent: false,
      },
      ledger,
      breakpoints: new Breakpoints(),
      changes: new ChangeNotifier(() => this.#lifecycle.sendBoundaryChanged()),
      frames: new StopScoped('stack frame'),
      frameIds: [],
      variables: new StopScoped('variables reference'),
      stepTargets: new StopScoped('step-in target'),
      watchedMemory: new Set(),
      run: null,
      sendEvent: (event, body) => this.sendEvent(new Event(event, body)),
      output: (category, output, place) => {
        const where = place && toClient(context.client, place);
        this.sendEvent(new Event('output', { category, output, ...where }));
      },
    };
    this.#lifecycle = new Lifecycle(context, host);
    const handlers: Handlers = {
      ...initializeHandlers(context),
      ...lifecycleHandlers(this.#lifecycle),
      ...breakpointHandlers(context),
      ...dataBreakpointHandlers(context),
      ...controlHandlers(context),
      ...stackHandlers(context),
      ...sourceHandlers(context),
      ...disassemblyHandlers(context),
      ...variableHandlers(context),
      ...evaluateHandlers(context),
      ...exceptionHandlers(context),
      ...memoryHandlers(context),
      ...boundaryHandlers(context),
      cancel: this.#cancelHandler(),
    };
    this.#handlers = new Map(Object.entries(handlers));
  }

  /** Ends the guest, if one is left; resolves when its process is gone. For the end of the client's stream. */
  async close(): Promise<void> {
    for (const pending of this.#pending.values()) pending.abort();
    await this.#lifecycle.shutDown();
  }

  /** A message of the client, whatever it is. */
  override handleMessage(message: unknown): void {
    const request = requestSchema.safeParse(message);
    if (request.success) {
      void this.#answer(request.data);
      return;
    }
    const partial = z.object({ seq: z.number().int(), type: z.string() }).safeParse(message);
    if (partial.success && partial.data.type === 'request') {
      const refused = { seq: partial.data.seq, type: 'request', command: '' } as const;
      const problem = 'This request names no command.';
      this.#fail(refused, new RequestError(ErrorId.badArguments, problem, { showUser: false }));
      return;
    }
    // Answers to requests of the adapter: it makes none.
    if (partial.success && ['response', 'event'].includes(partial.data.type)) return;
    this.reportMalformed('a message is not a DAP request with seq, type and command');
  }

  /** Tells the client about a message that cannot be answered, as nobody knows which it was. */
  reportMalformed(problem: string): void {
    const output = `The debug adapter ignored something that its client sent: ${problem}.\n`;
    this.sendEvent(new Event('output', { category: 'stderr', output }));
  }

  async #answer(request: Request): Promise<void> {
    const controller = new AbortController();
    this.#pending.set(request.seq, controller);
    try {
      const body = await Promise.race([this.#run(request, controller.signal), rejectOn(controller.signal)]);
      const response: DebugProtocol.Response = new Response(request);
      if (body !== undefined) response.body = body;
      this.sendResponse(response);
    } catch (error) {
      this.#fail(request, error);
    } finally {
      this.#pending.delete(request.seq);
      controller.abort();
    }
  }

  /** The answer's body, or a promise of it. Its first part runs at once, so requests begin in the order they came. */
  #run(request: Request, signal: AbortSignal): unknown {
    const { seq, command } = request;
    const found = this.#handlers.get(command);
    if (!found) {
      const message = `This debugger does not know the request “${command}”.`;
      throw new RequestError(ErrorId.unknownRequest, message, { showUser: false });
    }
    if (!this.#isInitialized && !ALWAYS.has(command)) {
      const message = `“${command}” came before “initialize”, which must be the first request.`;
      throw new RequestError(ErrorId.outOfOrder, message, { showUser: false });
    }
    if (command === 'initialize' && this.#isInitialized) {
      const message = '“initialize” has been sent before: a session is initialized once.';
      throw new RequestError(ErrorId.outOfOrder, message, { showUser: false });
    }
    const args: unknown = found.schema.parse(request.arguments ?? {});
    const body = found.run(args, { seq, command, signal });
    if (command === 'initialize') this.#isInitialized = true;
    return body;
  }

  #fail(request: Request, error: unknown): void {
    const message = toErrorMessage(error, request.command);
    const response: DebugProtocol.ErrorResponse = Object.assign(new Response(request), {
      success: false,
      // VS Code shows body.error; other clients show this.
      message: message.format,
      body: { error: message },
    });
    this.sendResponse(response);
  }

  #cancelHandler(): Handler {
    const schema = z.object({ requestId: z.number().int().optional(), progressId: z.string().optional() });
    return handler(schema, ({ requestId, progressId }) => {
      if (requestId !== undefined) {
        // A request that has been answered already is no error: the two messages crossed (DAP, “Cancel Request”).
        this.#pending.get(requestId)?.abort();
      } else if (progressId !== undefined) {
        const message = `There is no progress “${progressId}”: this debugger reports none.`;
        throw new RequestError(ErrorId.noSuchId, message, { showUser: false });
      }
    });
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new RequestError(ErrorId.cancelled, 'cancelled', { showUser: false })),
      { once: true },
    );
  });
}
