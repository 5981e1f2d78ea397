import type { WasmValue } from 'wasmedge-napi';
import type { PlannedExport } from '../../protocol/runner.ts';
import { encodeElements } from '../boundary/elements.ts';
import { meaningOfExportParameter } from '../boundary/parameter-names.ts';
import { kindOf } from './host-module.ts';
import type { GuestCaller } from './guest-caller.ts';
import type { ImportFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { GuestMemory, MemoryObserver } from './guest-memory.ts';
import { asWasm, callIdParam, plainCallId } from './values.ts';

/** What a host function gives to `this.call`. */
export interface NestedCall {
  /** Bytes, or text that is sent as UTF-8, or `{ json }`; `{ array }` for an export that takes an array's handle. */
  argument?: Uint8Array | string | { json: unknown } | { array: (number | string)[] };
  /** In the export's order; filled in by the parameters' names when left out, as in launch.json. */
  params?: unknown[];
  /** The next one that the launch configuration does not use, when left out. */
  callId?: number | bigint;
}

/** What `this.call` gives back. */
export interface NestedResult {
  returns: WasmValue[];
  /** The bytes of the result, without length prefix or NUL; absent where the guest returned none. */
  result?: Uint8Array;
}

/** `this` of a host function: the call it was made in, the guest's memory, and a way to call the guest. */
export class HostContext {
  readonly #guest: Guest;
  readonly #caller: GuestCaller;
  readonly #frame: ImportFrame;
  readonly #accessed: (frame: ImportFrame, ...access: Parameters<MemoryObserver>) => void;

  /** @param accessed is told of what the host function reaches of the guest's memory */
  constructor(
    guest: Guest,
    caller: GuestCaller,
    frame: ImportFrame,
    accessed: (frame: ImportFrame, ...access: Parameters<MemoryObserver>) => void,
  ) {
    this.#guest = guest;
    this.#caller = caller;
    this.#frame = frame;
    this.#accessed = accessed;
  }

  /** Undefined outside of calls: in _start or _initialize. */
  get callId(): number | bigint | undefined {
    return this.#frame.call ? plainCallId(this.#frame.call.callId) : undefined;
  }
  /** Name of the export that runs. */
  get export(): string | undefined {
    return this.#frame.call?.planned.name;
  }
  get sequence(): number | undefined {
    return this.#frame.call?.sequence;
  }
  get argument(): Uint8Array | undefined {
    return this.#frame.call?.argument;
  }
  /** @throws Error where the guest exports no memory */
  get memory(): GuestMemory {
    const { memory } = this.#guest;
    if (memory) return memory.watched((...access) => this.#accessed(this.#frame, ...access));
    throw new Error('The guest exports no memory.');
  }

  /**
   * Calls an export of the guest from inside of this host function. The call has its own entry in the ledger.
   * @throws TypeError where there is no such export, or it takes other parameters; what the call traps with
   */
  call(exportName: string, { argument, params, callId }: NestedCall = {}): NestedResult {
    const index = this.#guest.plan.exports.findIndex(({ name }) => name === exportName);
    const planned = this.#guest.plan.exports[index];
    if (!planned) throw new TypeError(`The guest has no export “${exportName}”.`);
    const bytes = this.#bytesOf(argument, planned);
    const givesArray = isArray(argument);
    const id = callId ?? this.#caller.freshCallId();
    const values = params
      ? givenParams(planned, params)
      : defaultParams(planned, bytes?.length ?? 0, id, givesArray);
    // With parameters of its own, the host function has allocated by itself.
    const passes = params === undefined && (planned.passes !== undefined || givesArray);
    const given = bytes ?? (passes ? new Uint8Array() : undefined);
    const call = this.#caller.callNested(this.#frame, index, values, id, given, passes);
    const nested: NestedResult = { returns: call.returns ?? [] };
    if (call.result) nested.result = call.result;
    return nested;
  }

  /** @throws TypeError where the export takes no array */
  #bytesOf(argument: NestedCall['argument'], { name, takes }: PlannedExport): Uint8Array | undefined {
    if (!isArray(argument)) return toBytes(argument);
    const exports = this.#guest.plan.arrays?.[takes?.parameters[0]?.array ?? -1];
    if (exports?.new === undefined)
      throw new TypeError(`${name} is not known to take an array that can be made.`);
    return encodeElements(exports.element, argument.array);
  }
}

function isArray(argument: NestedCall['argument']): argument is { array: (number | string)[] } {
  return typeof argument === 'object' && 'array' in argument && Array.isArray(argument.array);
}

function toBytes(argument: NestedCall['argument']): Uint8Array | undefined {
  if (argument === undefined || argument instanceof Uint8Array) return argument;
  if (typeof argument === 'string') return new TextEncoder().encode(argument);
  if (typeof argument === 'object' && 'json' in argument) {
    return new TextEncoder().encode(JSON.stringify(argument.json));
  }
  throw new TypeError('The argument of a call is a Uint8Array, a string, { json: … }, or { array: […] }.');
}

function givenParams({ name, type }: PlannedExport, params: unknown[]): WasmValue[] {
  if (params.length !== type.params.length) {
    throw new TypeError(`${name} takes ${type.params.length} parameters, not ${params.length}.`);
  }
  return type.params.map((each, i) => {
    const value = asWasm(each, params[i]);
    if (value === undefined)
      throw new TypeError(`Parameter ${i} of ${name} is an ${each}, not ${kindOf(params[i])}.`);
    return value;
  });
}

function defaultParams(
  planned: PlannedExport,
  size: number,
  callId: number | bigint,
  givesArray: boolean,
): WasmValue[] {
  const { name, type, parameterNames, passes } = planned;
  const allocated = new Set<number | undefined>([passes?.out]);
  for (const { pointer, size: bytes } of passes?.arguments ?? []) allocated.add(pointer).add(bytes);
  if (givesArray) allocated.add(planned.takes?.parameters[0]?.parameter);
  return type.params.map((each, i) => {
    // Filled in when it has been allocated.
    if (allocated.has(i)) return each === 'i64' ? 0n : 0;
    const meaning = meaningOfExportParameter(parameterNames[i] ?? '');
    if (meaning === 'size') return each === 'i64' ? BigInt(size) : size;
    if (meaning === 'callId') return callIdParam(each, callId);
    throw new TypeError(
      `Parameter ${i} of ${name} is neither a size nor a call id by its name: give params.`,
    );
  });
}
