import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type { RemoteValue, RunnerRequests } from '../../protocol/runner.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { announceEdit, linearReference } from './memory.ts';
import { ErrorId, RequestError } from './request-error.ts';

/** What a variables reference opens. Of a remote value's children those that have names come after its elements. */
export type VariableContainer =
  | { kind: 'scope'; frame: number; scope: RunnerRequests['scope']['arguments']['scope'] }
  | { kind: 'remote'; frame: number; handle: number; indexed: number; named: number };

/** Children that are asked of the runner at once. */
const PAGE = 1000;

const variablesSchema = z.object({
  variablesReference: z.number().int(),
  filter: z.enum(['indexed', 'named']).optional(),
  start: z.number().int().min(0).default(0),
  count: z.number().int().min(0).default(0),
});

const setVariableSchema = z.object({
  variablesReference: z.number().int(),
  name: z.string(),
  value: z.string(),
});

type ValuePresentation = Pick<
  DebugProtocol.EvaluateResponse['body'],
  | 'type'
  | 'variablesReference'
  | 'namedVariables'
  | 'indexedVariables'
  | 'memoryReference'
  | 'presentationHint'
>;

/** How a value is shown, whatever asked for it. Opening it needs the stop that it is of. */
export function presentValue(context: SessionContext, frame: number, remote: RemoteValue): ValuePresentation {
  const { handle, indexed = 0, named = 0 } = remote;
  const presented: ValuePresentation = {
    variablesReference:
      handle === 0 ? 0 : context.variables.add({ kind: 'remote', frame, handle, indexed, named }),
  };
  if (context.client.supportsVariableType && remote.type !== '') presented.type = remote.type;
  if (handle !== 0 && indexed > 0) presented.indexedVariables = indexed;
  if (handle !== 0 && named > 0) presented.namedVariables = named;
  if (remote.memory) presented.memoryReference = linearReference(remote.memory.address);
  if (remote.readOnly) presented.presentationHint = { attributes: ['readOnly'] };
  return presented;
}

/** A page of a container's children, elements first; `count` 0: all from `start` on. */
async function children(
  context: SessionContext,
  container: VariableContainer,
  start: number,
  count: number,
): Promise<RemoteValue[]> {
  const run = requireRun(context);
  if (container.kind === 'scope') {
    const { frame, scope } = container;
    const { values } = await run.requestStopped('scope', { frame, scope });
    return values.slice(start, count === 0 ? undefined : start + count);
  }
  const { handle, indexed, named } = container;
  const end = Math.min(indexed + named, count === 0 ? Infinity : start + count);
  const listed: RemoteValue[] = [];
  while (start + listed.length < end) {
    const from = start + listed.length;
    const { values } = await run.requestStopped('properties', {
      handle,
      start: from,
      count: Math.min(PAGE, end - from),
    });
    if (values.length === 0) break;
    listed.push(...values);
  }
  return listed;
}

/** A page of those children that have names, of those that have numbers, or of all. */
async function filtered(
  context: SessionContext,
  container: VariableContainer,
  filter: 'indexed' | 'named' | undefined,
  start: number,
  count: number,
): Promise<RemoteValue[]> {
  const indexed = container.kind === 'remote' ? container.indexed : 0;
  if (filter === undefined) return children(context, container, start, count);
  if (filter === 'named') return children(context, container, indexed + start, count);
  if (start >= indexed) return [];
  return children(context, container, start, Math.min(count || Infinity, indexed - start));
}

async function variables(
  context: SessionContext,
  { variablesReference, filter, start, count }: z.infer<typeof variablesSchema>,
): Promise<{ variables: DebugProtocol.Variable[] }> {
  requireRun(context).requireStop();
  const container = context.variables.get(variablesReference);
  const frame = container.frame;
  const values = await filtered(context, container, filter, start, count);
  return {
    variables: values.map((remote) => ({
      name: remote.name,
      value: remote.value,
      ...presentValue(context, frame, remote),
      ...(remote.evaluateName === undefined ? {} : { evaluateName: remote.evaluateName }),
    })),
  };
}

/** The child of that name. @throws RequestError where there is none. */
export async function childNamed(
  context: SessionContext,
  container: VariableContainer,
  name: string,
): Promise<RemoteValue> {
  const indexed = container.kind === 'remote' ? container.indexed : 0;
  const isElement = indexed > 0 && /^\d+$/.test(name);
  const listed = isElement
    ? await children(context, container, Number(name), 1)
    : await children(context, container, indexed, 0);
  const child = listed.find((value) => value.name === name);
  if (child) return child;
  throw new RequestError(ErrorId.noSuchId, `There is no “${name}” here.`, { showUser: false });
}

async function setVariable(
  context: SessionContext,
  { variablesReference, name, value }: z.infer<typeof setVariableSchema>,
): Promise<object> {
  const run = requireRun(context);
  run.requireStop();
  const container = context.variables.get(variablesReference);
  const { evaluateName, replace } = await childNamed(context, container, name);
  if (replace !== undefined) {
    const replaced = await run.requestStopped('replace', { replace, value });
    announceEdit(context);
    return { value: replaced.value, ...presentValue(context, container.frame, replaced) };
  }
  if (evaluateName === undefined) {
    throw new RequestError(ErrorId.expression, `“${name}” cannot be changed.`, { showUser: false });
  }
  return assign(context, container.frame, evaluateName, value);
}

/** Assigns the value of an expression to another one, at a frame of the stop; the answer of both ways to ask for it. */
export async function assign(
  context: SessionContext,
  frame: number,
  target: string,
  value: string,
): Promise<object> {
  const assigned = await requireRun(context).requestStopped('assign', { frame, target, value });
  announceEdit(context);
  return { value: assigned.value, ...presentValue(context, frame, assigned) };
}

export function variableHandlers(context: SessionContext): Handlers {
  return {
    variables: handler(variablesSchema, (args) => variables(context, args)),
    setVariable: handler(setVariableSchema, (args) => setVariable(context, args)),
  };
}
