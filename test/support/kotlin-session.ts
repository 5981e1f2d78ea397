import path from 'node:path';
import type { TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from './dap-client.ts';
import { launch, type SessionOptions, stopped, topFrame } from './session.ts';

/** A session that waits on entry, so that breakpoints are set before anything runs; none of its filters stops. */
export async function onEntry(
  t: TestContext,
  configuration: LaunchInput,
  options: SessionOptions = { filters: [] },
): Promise<DapClient> {
  const client = await launch(t, { ...configuration, stopOnEntry: true }, options);
  await stopped(client);
  return client;
}

/** Replaces the breakpoints of a source. `file`: a path below the repository's root, or a source. */
export async function setLines(
  client: DapClient,
  file: string | DebugProtocol.Source,
  ...breakpoints: (DebugProtocol.SourceBreakpoint & { line: number })[]
): Promise<DebugProtocol.Breakpoint[]> {
  const source = typeof file === 'string' ? { path: path.join(root, file) } : file;
  const body = await client.request<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', {
    source,
    breakpoints,
  });
  return body.breakpoints;
}

/** Reference of a frame's locals: the innermost frame's where none is named. */
export async function localsReference(client: DapClient, frame?: number): Promise<number> {
  const frameId = frame ?? (await topFrame(client)).id;
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
  return scopes.find(({ name }) => name === 'Locals')?.variablesReference ?? 0;
}

/** Sets a variable; the value that is shown then. */
export async function setVariable(
  client: DapClient,
  variablesReference: number,
  name: string,
  value: string,
): Promise<string> {
  const body = await client.request<DebugProtocol.SetVariableResponse['body']>('setVariable', {
    variablesReference,
    name,
    value,
  });
  return body.value;
}
