import type { WasmValue } from 'wasmedge-napi';
import type { Direction } from '../../protocol/boundary.ts';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { PlannedExport, PlannedImport, RunnerFrame } from '../../protocol/runner.ts';
import type { Decoded } from '../boundary/decoder.ts';
import type { Answer } from './answer.ts';
import type { BoundaryProblem } from './boundary-problems.ts';
import type { CapturedPolicy } from './size-policies.ts';
import { toTyped } from './values.ts';

/** Where a buffer lay in linear memory when it crossed. */
export interface BufferPlace {
  address: number;
  /** Bytes. */
  size: number;
}

/** A boundary call that is open, or has just ended. */
export class CallFrame {
  readonly kind = 'call';
  readonly index: number;
  readonly planned: PlannedExport;
  readonly sequence: number;
  readonly callId: number | bigint;
  readonly params: WasmValue[];
  /** What the guest receives when it asks for its argument; undefined for a call without one. */
  argument: Uint8Array | undefined;
  /** Bytes of the argument when the call began: what the guest was told. */
  toldSize: number;
  /** What the guest receives when it asks again. */
  readonly #more: Uint8Array[];
  /** The buffer that crosses just now by the export's parameters or results. */
  passing: PassedBuffer | null = null;
  /** Name of the export that runs for this call: the allocator's, before and after the call's own. */
  helper: string | null = null;
  /** Where the argument was stored, once it was. */
  stored: BufferPlace | null = null;
  /** Where the last result lay, once the guest returned one. */
  returned: BufferPlace | null = null;
  #result: Uint8Array | null = null;
  /** Reads the result while it crosses. */
  #readResult: (() => Uint8Array) | null = null;
  /** The stack pointer of a rewritten guest when the call began: frames of its functions lie from there on. */
  stackBase = 0;
  /** Bytes of linear memory when the call began. */
  memoryBytes = 0;
  /** What the export returned; null while it runs. */
  returns: WasmValue[] | null = null;
  /** Decoders of buffers whose elements are known, where the configuration says "auto". */
  #decoders: Partial<Record<Direction, string>> | null = null;
  /** The buffers decoded, with the bytes that they were decoded from. */
  readonly decoded: Partial<Record<Direction, { bytes: Uint8Array; decoded: Decoded }>> = {};

  constructor(
    index: number,
    planned: PlannedExport,
    sequence: number,
    callId: number | bigint,
    params: WasmValue[],
    argument: Uint8Array | undefined,
    more: readonly Uint8Array[] = [],
  ) {
    this.#more = [...more];
    this.index = index;
    this.planned = planned;
    this.sequence = sequence;
    this.callId = callId;
    this.params = params;
    this.argument = argument;
    this.toldSize = argument?.length ?? 0;
  }

  /** All its arguments from the present one on. */
  get arguments(): readonly Uint8Array[] {
    return this.argument ? [this.argument, ...this.#more] : [];
  }

  /** Goes on to the next argument, which is returned; undefined where the guest has had the last. */
  nextArgument(): Uint8Array | undefined {
    const next = this.#more.shift();
    if (!next) return undefined;
    this.argument = next;
    this.toldSize = next.length;
    return next;
  }

  /** The bytes of the last result, without length prefix or NUL; undefined where there is none or it is not known. */
  get result(): Uint8Array | undefined {
    this.#result ??= this.#readResult?.() ?? null;
    return this.#result ?? undefined;
  }

  /**
   * @param place null where it does not lie in memory
   * @param bytes how to read them: until `closeResult`
   */
  setResult(place: BufferPlace | null, bytes: Uint8Array | (() => Uint8Array)): void {
    this.returned = place;
    this.#result = bytes instanceof Uint8Array ? bytes : null;
    this.#readResult = bytes instanceof Uint8Array ? null : bytes;
  }

  /** The guest goes on, and may write over the result: it is read now, or not any more. */
  closeResult(keep: boolean): void {
    if (keep) this.#result ??= this.#readResult?.() ?? null;
    this.#readResult = null;
  }

  /** Id of the decoder of one of its buffers. */
  decoder(direction: Direction): string {
    const named = this.planned.decoders[direction];
    return named === 'auto' ? (this.#decoders?.[direction] ?? named) : named;
  }

  /** The elements of a buffer are known: `id` decodes them, unless the configuration names another decoder. */
  setDecoder(direction: Direction, id: string): void {
    this.#decoders ??= {};
    this.#decoders[direction] = id;
  }

  /** The bytes of one of its buffers, as far as known. */
  bytes(direction: Direction): Uint8Array | undefined {
    return direction === 'argument' ? this.argument : this.result;
  }

  /** Where one of its buffers lay when it crossed, as far as known. */
  place(direction: Direction): BufferPlace | null {
    return direction === 'argument' ? this.stored : this.returned;
  }

  /** `greet (callId 7)`. */
  get title(): string {
    return `${this.planned.name} (callId ${this.callId})`;
  }

  toRunnerFrame(): RunnerFrame {
    return {
      kind: 'call',
      exportIndex: this.index,
      sequence: this.sequence,
      callId: String(this.callId),
      params: this.planned.type.params.map((type, i) => toTyped(type, this.params[i])),
    };
  }
}

/** What was done at an import that has a role. */
export interface PerformedRole {
  readonly role: RoleAssignment;
  readonly problem: BoundaryProblem | null;
  /** Where the buffer went or was taken from; null where that has not been done. */
  readonly place: BufferPlace | null;
  /** Replaces parameter `index` and tries again. @throws RunnerError where there is nothing to correct. */
  correct(index: number, value: WasmValue): void;
  /**
   * Puts an edited buffer in the place of the one that was passed. JSON may be shorter: it is padded with spaces.
   * @throws RunnerError where it does not fit, naming both sizes.
   */
  edit(bytes: Uint8Array, isJson: boolean): void;
  /** After memory may have been written: if that changed the buffer, the ledger gets it again. */
  memoryWritten(): void;
}

/** A buffer that an export is passed by its parameters, or that it returns. */
export interface PassedBuffer extends Pick<PerformedRole, 'problem' | 'place' | 'edit' | 'memoryWritten'> {
  readonly direction: Direction;
  readonly policy: CapturedPolicy;
}

/** A crossing from the guest into an import. */
export class ImportFrame {
  readonly kind = 'import';
  readonly index: number;
  readonly planned: PlannedImport;
  readonly params: WasmValue[];
  /** The call that is meant: the one a role's callId names, else the innermost. Null outside of calls. */
  call: CallFrame | null;
  /** What the import does in the callId protocol. */
  role: PerformedRole | null = null;
  /** What it is to return, where a person decides that. */
  answer: Answer | null = null;

  constructor(index: number, planned: PlannedImport, params: WasmValue[], call: CallFrame | null) {
    this.index = index;
    this.planned = planned;
    this.params = params;
    this.call = call;
  }

  /** `host.store`. */
  get title(): string {
    return `${this.planned.module}.${this.planned.name}`;
  }

  toRunnerFrame(): RunnerFrame {
    return {
      kind: 'import',
      importIndex: this.index,
      params: this.planned.type.params.map((type, i) => toTyped(type, this.params[i])),
      sequence: this.call?.sequence ?? null,
      ...(this.answer && this.planned.type.results.length > 0 && { asksForResults: true }),
    };
  }
}

/** _start or _initialize: no call of the ledger. */
export class EntryFrame {
  readonly kind = 'entry';
  readonly name: string;
  /** As a call's. */
  stackBase = 0;

  constructor(name: string) {
    this.name = name;
  }
  toRunnerFrame(): RunnerFrame {
    return { kind: 'entry', name: this.name };
  }
}

/** A function of a rewritten guest. */
export class FunctionFrame {
  readonly kind = 'function';
  readonly functionIndex: number;
  /** Original byte offset of the call that it is in, or of the site where it is stopped. */
  readonly offset: number;
  /** Of its frame in the appended memory. */
  readonly address: number;
  /** The boundary call that it works for; null for what _start calls. */
  readonly call: CallFrame | null;

  constructor(functionIndex: number, offset: number, address: number, call: CallFrame | null) {
    this.functionIndex = functionIndex;
    this.offset = offset;
    this.address = address;
    this.call = call;
  }
  toRunnerFrame(): RunnerFrame {
    const { functionIndex, offset, call } = this;
    return { kind: 'function', functionIndex, offset, sequence: call?.sequence ?? null };
  }
}

/** What stands between host and guest, or around that. */
export type BoundaryFrame = CallFrame | ImportFrame | EntryFrame;
export type Frame = BoundaryFrame | FunctionFrame;
