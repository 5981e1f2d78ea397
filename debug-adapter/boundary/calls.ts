import type { RecordedValue, SizePolicyName } from 'wasmedge-napi/records';
import type {
  BufferSummary,
  Call,
  CallSummary,
  CapturedBuffer,
  CapturedSizePolicy,
  Crossing,
  Direction,
  ElementType,
  HandedOverBuffer,
} from '../../protocol/boundary.ts';
import type { JsonNumber, TypedValue } from '../../protocol/values.ts';
import { decodedBeginning, decodedFields } from './decoded-fields.ts';
import { ownDecoderOf } from './decoders/configured.ts';
import { previewWith } from './decoders/index.ts';
import { elementDecoder } from './elements.ts';
import type { StoredBuffer } from './buffer-store.ts';
import type { CallFacts } from './call-facts.ts';
import { KEPT_CROSSINGS, type HandedOver, type Ledger } from './ledger.ts';

const DIRECTIONS: readonly Direction[] = ['argument', 'result'];

/** One captured buffer: the `index`-th of its call and direction. */
export interface CaptureName {
  sequence: number;
  direction: Direction;
  index: number;
}

/** DAP memory reference of a captured buffer. */
function captureReference({ sequence, direction, index }: CaptureName): string {
  return `call-${sequence}-${direction}${index === 0 ? '' : `-${index}`}`;
}

/** The buffer that a memory reference names; undefined where it names none. */
export function parseCaptureReference(reference: string): CaptureName | undefined {
  const match = /^call-(\d{1,10})-(argument|result)(?:-(\d{1,9}))?$/.exec(reference);
  if (!match) return undefined;
  return {
    sequence: Number(match[1]),
    direction: match[2] as Direction,
    index: Number(match[3] ?? 0),
  };
}

/** A call id as messages carry it: a decimal string where a JSON number would lose digits. */
export function jsonCallId(callId: bigint): number | string {
  const number = Number(callId);
  return Number.isSafeInteger(number) ? number : callId.toString();
}

function jsonFloat(value: number): JsonNumber {
  return Number.isFinite(value) ? value : String(value);
}

/** A recorded value as messages carry it (protocol/values.ts). */
export function typedValue(recorded: RecordedValue): TypedValue {
  switch (recorded.type) {
    case 'i32':
      return { type: recorded.type, value: recorded.value };
    case 'f32':
    case 'f64':
      return { type: recorded.type, value: jsonFloat(recorded.value) };
    case 'i64':
      return { type: recorded.type, value: recorded.value.toString() };
    case 'v128':
      return { type: recorded.type, value: `0x${Buffer.from(recorded.value).reverse().toString('hex')}` };
    case 'funcref':
    case 'externref':
    case 'ref':
      return {
        type: recorded.type,
        value: recorded.value === 0n ? 'null' : `0x${recorded.value.toString(16)}`,
      };
  }
}

/** One entry of `boundary/calls`; undefined where there is no call `sequence`. */
export function summarize(ledger: Ledger, sequence: number): CallSummary | undefined {
  const facts = ledger.facts(sequence);
  if (!facts) return undefined;
  const summary: CallSummary = { ...common(facts), problems: facts.problems };
  for (const direction of DIRECTIONS) {
    const buffer = bufferSummary(ledger, facts, direction);
    if (buffer) summary[direction] = buffer;
  }
  return summary;
}

function common(facts: CallFacts) {
  return {
    sequence: facts.sequence,
    callId: jsonCallId(facts.callId),
    export: facts.export,
    status: facts.status,
    startMicros: facts.startMicros,
    ...(facts.durationMicros === undefined ? {} : { durationMicros: facts.durationMicros }),
    ...(facts.parent === undefined ? {} : { parent: facts.parent }),
  };
}

function bufferSummary(ledger: Ledger, facts: CallFacts, direction: Direction): BufferSummary | undefined {
  const buffer = ledger.buffer(facts.sequence, direction);
  if (!buffer) return undefined;
  const preview = previewWith(decoderOf(facts, direction, buffer.policy), buffer.bytes);
  return { ...placeOf(buffer), preview };
}

function placeOf({
  address,
  size,
  policy,
}: StoredBuffer): Pick<BufferSummary, 'address' | 'size' | 'behindHandle'> {
  return { address, size, ...(isElements(policy) && { behindHandle: true }) };
}

/** Which decoder and which buffer a description is to have; the call's own decoder and its latest buffer where left out. */
export interface Chosen {
  decoders?: Partial<Record<Direction, string>>;
  buffers?: Partial<Record<Direction, number>>;
  /** Bytes of a buffer that are given and decoded; all where left out. */
  maxBytes?: number | undefined;
  /** Bytes that are given and decoded of one that has more than `maxBytes`; so many where left out. */
  beginning?: number | undefined;
}

/**
 * The whole of a call; undefined where there is none.
 *
 * @throws UserError where there is no such decoder.
 */
export function describe(ledger: Ledger, sequence: number, chosen: Chosen = {}): Call | undefined {
  const facts = ledger.facts(sequence);
  if (!facts) return undefined;
  const findings = ledger.findings(sequence);
  const call: Call = {
    ...common(facts),
    problems: findings.length,
    params: [],
    returns: [],
    crossings: [],
    buffers: [],
    findings,
  };
  if (facts.crossings > KEPT_CROSSINGS) call.crossingsOmitted = facts.crossings - KEPT_CROSSINGS;
  addRecords(ledger, call);
  addBuffers(ledger, facts, call, chosen);
  const reason =
    ledger.reason(sequence) ?? (facts.exited ? 'The guest ended itself with proc_exit.' : undefined);
  if (reason !== undefined) call.reason = reason;
  return call;
}

function addBuffers(
  ledger: Ledger,
  facts: CallFacts,
  call: Call,
  { decoders, buffers, ...limits }: Chosen,
): void {
  const crossed: { micros: number; entry: HandedOverBuffer }[] = [];
  for (const direction of DIRECTIONS) {
    const all = ledger.handedOver(facts.sequence, direction);
    const shown = buffers?.[direction] ?? all.length - 1;
    all.forEach((handed, index) => {
      const name = { sequence: facts.sequence, direction, index };
      const { buffer } = handed;
      if (index === shown) call[direction] = captured(facts, name, handed, decoders?.[direction], limits);
      crossed.push({
        micros: buffer.micros,
        entry: {
          direction,
          index,
          ...placeOf(buffer),
          preview: previewWith(decoderOf(facts, direction, buffer.policy), buffer.bytes),
          sizePolicy: capturedPolicy(buffer.policy, buffer.size),
          edited: buffer.edited,
          memoryReference: captureReference(name),
        },
      });
    });
  }
  call.buffers = crossed.sort((one, other) => one.micros - other.micros).map(({ entry }) => entry);
}

/** Parameters, results and crossings. A crossing whose import has not returned has no duration. */
function addRecords(ledger: Ledger, call: Call): void {
  const start = call.startMicros;
  let began = 0;
  let entered: Crossing | undefined;
  for (const record of ledger.records(call.sequence)) {
    if (record.kind === 'callBegin') {
      began = record.micros;
      call.params = record.params.map(typedValue);
    } else if (record.kind === 'callEnd') {
      call.returns = record.results.map(typedValue);
    } else if (record.kind === 'importLeave') {
      if (!entered) continue;
      entered.results = record.results.map(typedValue);
      entered.durationMicros = start + record.micros - began - entered.startMicros;
      entered = undefined;
    } else if (record.kind !== 'buffer') {
      const planned = ledger.importOf(call.sequence, record.index);
      const crossing: Crossing = {
        import: planned ? `${planned.module}.${planned.name}` : `import ${record.index}`,
        ...(planned?.role ? { role: planned.role.role } : {}),
        params: record.params.map(typedValue),
        results: [],
        startMicros: start + record.micros - began,
        ...(record.kind === 'crossing' ? { durationMicros: record.durationMicros } : {}),
      };
      call.crossings.push(crossing);
      if (record.kind === 'importEnter') entered = crossing;
    }
  }
}

/** A buffer with its bytes; `chosen` overrides the decoder. @throws UserError where there is no such decoder. */
function captured(
  facts: CallFacts,
  name: CaptureName,
  { buffer, original }: HandedOver,
  chosen: string | undefined,
  { maxBytes = Infinity, beginning = maxBytes }: Pick<Chosen, 'maxBytes' | 'beginning'>,
): CapturedBuffer {
  const { direction } = name;
  const { id, reason } = choiceOf(facts, direction, buffer.policy, chosen);
  // A person's own decoder gets all of it, in its own process: what is too much then is cut afterwards.
  const isCut = buffer.bytes.length > maxBytes && ownDecoderOf(id) === null;
  const bytes = isCut ? buffer.bytes.subarray(0, Math.min(beginning, maxBytes)) : buffer.bytes;
  return {
    direction,
    ...placeOf(buffer),
    sizePolicy: capturedPolicy(buffer.policy, buffer.size),
    captured: buffer.bytes.length,
    data: base64(bytes),
    ...(isCut
      ? { ...decodedBeginning(bytes, buffer.bytes.length, id, reason), isBeginning: true as const }
      : decodedFields(bytes, id, reason)),
    edited: buffer.edited,
    ...(original && { original: base64(original.bytes.subarray(0, maxBytes)) }),
    memoryReference: captureReference(name),
  };
}

/** Which decoder a buffer is read with, and who named it. */
function choiceOf(
  facts: CallFacts,
  direction: Direction,
  policy: SizePolicyName,
  chosen: string | undefined,
): { id: string; reason: string } {
  if (chosen !== undefined) return { id: chosen, reason: 'chosen here' };
  const id = decoderOf(facts, direction, policy);
  const isByElement = id !== facts.decoders[direction];
  return { id, reason: isByElement ? "by the array's elements" : 'launch configuration' };
}

/** How a captured buffer is decoded. */
export interface BufferDecoder {
  id: string;
  reason: string;
  /** Another one where the buffer's bytes are others. */
  version: number;
  bytes: () => Uint8Array;
}

/** How the buffer `name` is decoded where `chosen` does not say; undefined where there is no such buffer. */
export function bufferDecoder(
  ledger: Ledger,
  name: CaptureName,
  chosen: string | undefined,
): BufferDecoder | undefined {
  const { sequence, direction, index } = name;
  const facts = ledger.facts(sequence);
  const handed = facts && ledger.handedOver(sequence, direction)[index];
  if (!handed) return undefined;
  const { policy, bytes } = handed.buffer;
  const version = ledger.bufferVersion(sequence, direction);
  return { ...choiceOf(facts, direction, policy, chosen), version, bytes: () => bytes };
}

/** All bytes of a captured buffer, as messages carry them. */
export function wholeData(ledger: Ledger, reference: string): Pick<CapturedBuffer, 'data' | 'original'> {
  const name = parseCaptureReference(reference);
  const handed = name && ledger.handedOver(name.sequence, name.direction)[name.index];
  if (!handed) throw new Error(`There is no buffer ${reference}.`);
  const { buffer, original } = handed;
  return { data: base64(buffer.bytes), ...(original && { original: base64(original.bytes) }) };
}

/** The call with no more than `maxBytes` of each of its buffers: for those that a person's own decoder has read. */
export function withoutRest(call: Call, maxBytes: number): Call {
  const cut = { ...call };
  for (const direction of DIRECTIONS) {
    const buffer = call[direction];
    if (!buffer || buffer.data.length <= Math.ceil(maxBytes / 3) * 4) continue;
    cut[direction] = { ...buffer, data: base64(Buffer.from(buffer.data, 'base64').subarray(0, maxBytes)) };
  }
  return cut;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** The decoder of a buffer: elements of an array are shown by their type, unless the configuration names another. */
export function decoderOf(facts: CallFacts, direction: Direction, policy: SizePolicyName): string {
  const named = facts.decoders[direction];
  if (named !== 'auto' || !isElements(policy)) return named;
  return elementDecoder(policy.slice('elements-'.length) as ElementType);
}

function isElements(policy: SizePolicyName): policy is `elements-${ElementType}` {
  return policy.startsWith('elements-');
}

function capturedPolicy(policy: SizePolicyName, size: number): CapturedSizePolicy {
  if (isElements(policy)) return { elements: policy.slice('elements-'.length) as ElementType };
  return policy === 'fixed' ? { fixed: size } : policy;
}
