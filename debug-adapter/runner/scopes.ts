import type { Direction } from '../../protocol/boundary.ts';
import type { RemoteValue, RunnerRequests } from '../../protocol/runner.ts';
import { decodedBuffer } from './decoded-buffers.ts';
import type { FrameContext } from './frame-context.ts';
import type { CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import { KotlinVariables } from './kotlin-variables.ts';
import { parametersOf } from './parameters.ts';
import type { RemoteValues } from './remote-values.ts';
import { plainCallId, wasmText } from './values.ts';

/** The values of a scope at a frame. `goesOn`: whether its locals can be changed. */
export function scopeValues(
  scope: RunnerRequests['scope']['arguments']['scope'],
  context: FrameContext,
  guest: Guest,
  values: RemoteValues,
  goesOn: boolean,
): RemoteValue[] {
  switch (scope) {
    case 'locals':
      return localValues(context, guest, values, goesOn);
    case 'call':
      return context.call ? callValues(context.call, context, values) : [];
    case 'params':
      return paramValues(context);
    case 'answer':
      return context.frame?.kind === 'import' ? (context.frame.answer?.scope() ?? []) : [];
    case 'memory':
      return memoryValues(context.call, guest);
    case 'globals':
      return globalValues(guest, values);
  }
}

function localValues(
  { frame }: FrameContext,
  { probes }: Guest,
  values: RemoteValues,
  goesOn: boolean,
): RemoteValue[] {
  const kotlin = frame?.kind === 'function' ? probes?.frame(frame) : null;
  const heap = probes?.heap;
  if (!kotlin || !heap || frame?.kind !== 'function') return [];
  const variables = new KotlinVariables(values, heap);
  return variables.locals(kotlin, goesOn ? () => probes.reload(frame.address) : null);
}

function callValues(call: CallFrame, context: FrameContext, values: RemoteValues): RemoteValue[] {
  const listed = [
    values.list('callId', plainCallId(call.callId), { evaluateName: 'callId' }),
    values.list('export', call.planned.name, { evaluateName: 'exportName' }),
  ];
  for (const direction of ['argument', 'result'] as const) {
    const value = bufferValue(call, direction, context, values);
    if (value) listed.push(value);
  }
  if (call.returns && call.returns.length > 0) {
    const value = call.returns.length === 1 ? call.returns[0] : call.returns;
    listed.push(
      values.list('returns', value, { evaluateName: call.returns.length === 1 ? 'returns[0]' : 'returns' }),
    );
  }
  return listed;
}

function bufferValue(
  call: CallFrame,
  direction: Direction,
  context: FrameContext,
  values: RemoteValues,
): RemoteValue | null {
  const decoded = decodedBuffer(call, direction);
  if (!decoded) return null;
  const readOnly = context.refusal(direction) !== null;
  const place = call.place(direction);
  const value = values.list(direction, decoded.value, {
    evaluateName: direction,
    readOnly,
    ...(place && { memory: place }),
  });
  value.type = decoded.error === undefined ? decoded.decoder : `${decoded.decoder}: ${decoded.error}`;
  return value;
}

function paramValues(context: FrameContext): RemoteValue[] {
  const { frame } = context;
  if (frame?.kind !== 'import' && frame?.kind !== 'call') return [];
  const role = frame.kind === 'import' ? frame.role : null;
  return parametersOf(frame).map(({ name, type, meaning, value, index }) => {
    const listed: RemoteValue = {
      name,
      value: wasmText(value),
      type: meaning === null ? type : `${type} (${meaning})`,
      handle: 0,
      evaluateName: /^[A-Za-z_$][\w$]*$/.test(name) ? `params.${name}` : `params[${index}]`,
      // Only a wrong pointer or size can be corrected: what is right has been used already.
      readOnly: role?.problem?.fatal !== true,
    };
    if (meaning === 'pointer' && role?.place) listed.memory = { ...role.place };
    return listed;
  });
}

/** Bytes in a page of linear memory (core spec §4.2.8). */
const PAGE = 65536;

function memoryValues(call: CallFrame | null, guest: Guest): RemoteValue[] {
  const { memory } = guest;
  if (!memory) return [];
  const plain = (name: string, value: string, evaluateName?: string): RemoteValue => ({
    name,
    value,
    type: '',
    handle: 0,
    readOnly: true,
    ...(evaluateName !== undefined && { evaluateName }),
  });
  const grown = memory.pages - guest.initialPages;
  const listed = [
    {
      ...plain('size', `${memory.size} bytes (${memory.pages} pages of 64 KiB)`, 'memory.size'),
      memory: { address: 0, size: memory.size },
    },
    plain(
      'growth',
      grown === 0
        ? 'none since the guest was loaded'
        : `${grown} pages (${grown * PAGE} bytes) since the guest was loaded`,
    ),
  ];
  for (const direction of ['argument', 'result'] as const) {
    const place = call?.place(direction);
    if (!place) continue;
    const { address, size } = place;
    const text = `${size} bytes at 0x${address.toString(16)}`;
    listed.push({ ...plain(direction, text, `memory.read(${address}, ${size})`), memory: place });
  }
  return listed;
}

function globalValues(guest: Guest, values: RemoteValues): RemoteValue[] {
  return [...guest.globals].map(([name, global]) => {
    const readOnly = !global.mutable || !['i32', 'i64', 'f32', 'f64'].includes(global.type);
    const evaluateName = /^[A-Za-z_$][\w$]*$/.test(name)
      ? `globals.${name}`
      : `globals[${JSON.stringify(name)}]`;
    const listed = values.list(name, global.value, { evaluateName, readOnly });
    listed.type = global.type;
    return listed;
  });
}
