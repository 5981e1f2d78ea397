import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import { DapClient, type ClientOptions } from './dap-client.ts';
import { assertNoneLeft, processTree } from './processes.ts';

type StoppedBody = DebugProtocol.StoppedEvent['body'];

export interface SessionOptions extends ClientOptions {
  functionBreakpoints?: (DebugProtocol.FunctionBreakpoint & { logMessage?: string })[];
  /** The default ones where left out. */
  filters?: string[];
  filterOptions?: DebugProtocol.ExceptionFilterOptions[];
  noDebug?: boolean;
  /** Waits for the launch's answer before anything else is sent: for golden transcripts, whose order must be steady. */
  oneByOne?: boolean;
  initialize?: Partial<DebugProtocol.InitializeRequestArguments>;
}

/** What a client like VS Code says of itself. */
export const CLIENT: DebugProtocol.InitializeRequestArguments = {
  clientID: 'test',
  adapterID: 'kotlin-wasmedge',
  pathFormat: 'path',
  linesStartAt1: true,
  columnsStartAt1: true,
  supportsVariableType: true,
  supportsVariablePaging: true,
  supportsMemoryReferences: true,
  supportsMemoryEvent: true,
  supportsInvalidatedEvent: true,
};

/** A client whose test ends it, and fails if a process is left. */
export async function startClient(t: TestContext, options: ClientOptions = {}): Promise<DapClient> {
  const client = await DapClient.start(options);
  t.after(() => closeClient(client));
  return client;
}

/** Disconnects, and checks that the adapter ends well and that nothing of it is left. */
export async function closeClient(client: DapClient): Promise<void> {
  const processes = client.pid === undefined ? [] : await processTree(client.pid);
  // It may have ended already, or refuse: then its input ends.
  await client.request('disconnect', {}).catch(() => client.endInput());
  await client.closed;
  await client.exit();
  await assertNoneLeft(processes);
  assert.equal(client.stderr, '', 'the adapter wrote to its standard error');
}

/** Initializes, launches and configures as an editor does: breakpoints after `initialized`, then configurationDone. */
export async function launch(
  t: TestContext,
  configuration: LaunchInput,
  options: SessionOptions = {},
): Promise<DapClient> {
  const client = await startClient(t, options);
  await configure(client, configuration, options);
  return client;
}

export async function configure(
  client: DapClient,
  configuration: LaunchInput,
  options: SessionOptions = {},
): Promise<void> {
  const capabilities = await client.request<DebugProtocol.Capabilities>('initialize', {
    ...CLIENT,
    ...options.initialize,
  });
  const launched = client.request('launch', {
    type: 'kotlin-wasmedge',
    request: 'launch',
    name: 'test',
    ...(options.noDebug === undefined ? {} : { noDebug: options.noDebug }),
    ...configuration,
  });
  // A launch that is refused sends no `initialized`.
  await Promise.race([client.event('initialized'), launched.then(() => new Promise(() => undefined))]);
  if (options.oneByOne) await launched;
  if (options.functionBreakpoints) {
    await client.request('setFunctionBreakpoints', { breakpoints: options.functionBreakpoints });
  }
  const filters =
    options.filters ??
    (capabilities.exceptionBreakpointFilters ?? [])
      .filter(({ default: isDefault }) => isDefault)
      .map(({ filter }) => filter);
  await client.request('setExceptionBreakpoints', {
    filters,
    ...(options.filterOptions ? { filterOptions: options.filterOptions } : {}),
  });
  await client.request('configurationDone');
  await launched;
}

/** Waits for the next stop. */
export function stopped(client: DapClient): Promise<StoppedBody> {
  return client.event<StoppedBody>('stopped');
}

/** The stack at the current stop. */
export async function stack(client: DapClient): Promise<DebugProtocol.StackFrame[]> {
  const body = await client.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId: 1 });
  return body.stackFrames;
}

/** The stack without the guest's own functions: the calls and imports through which it crosses the boundary. */
export async function boundaryStack(client: DapClient): Promise<DebugProtocol.StackFrame[]> {
  return (await stack(client)).filter(({ source }) => !source?.path?.endsWith('.kt'));
}

export async function topFrame(client: DapClient): Promise<DebugProtocol.StackFrame> {
  const [top] = await stack(client);
  assert.ok(top, 'a stop has a frame');
  return top;
}

/** A scope's variables by name, at a frame of the current stop. */
export async function scopeVariables(
  client: DapClient,
  scopeName: string,
  frameId?: number,
): Promise<Map<string, DebugProtocol.Variable>> {
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: frameId ?? (await topFrame(client)).id,
  });
  const scope = scopes.find(({ name }) => name === scopeName);
  assert.ok(scope, `there is a scope “${scopeName}” among ${scopes.map(({ name }) => name).join(', ')}`);
  const listed = await variables(client, scope.variablesReference);
  return new Map(listed.map((variable) => [variable.name, variable]));
}

export async function variables(
  client: DapClient,
  variablesReference: number,
  page: Partial<DebugProtocol.VariablesArguments> = {},
): Promise<DebugProtocol.Variable[]> {
  const body = await client.request<DebugProtocol.VariablesResponse['body']>('variables', {
    variablesReference,
    ...page,
  });
  return body.variables;
}

export async function evaluate(
  client: DapClient,
  expression: string,
  context = 'watch',
): Promise<DebugProtocol.EvaluateResponse['body']> {
  const frameId = (await topFrame(client)).id;
  return client.request('evaluate', { expression, context, frameId });
}

/** Lets the guest go on and waits for the next stop. */
export async function resumeTo(client: DapClient, command = 'continue'): Promise<StoppedBody> {
  await client.request(command, { threadId: 1 });
  return stopped(client);
}

/** Lets the guest go on to its end. */
export async function resumeToEnd(client: DapClient): Promise<number> {
  await client.request('continue', { threadId: 1 });
  return ended(client);
}

/** Waits for the end of the guest; its exit code. A stop before it is a failure, since nothing would go on. */
export async function ended(client: DapClient): Promise<number> {
  const stop = client.event<StoppedBody>('stopped').then(({ description, text }) => {
    throw new Error(`The guest stopped instead of ending: ${description ?? ''} ${text ?? ''}`);
  });
  const exited = client.event<DebugProtocol.ExitedEvent['body']>('exited');
  const { exitCode } = await Promise.race([exited, stop]);
  await client.event('terminated');
  return exitCode;
}
