import { createHash } from 'node:crypto';
import {
  Engine,
  type FunctionType,
  type HostModule,
  type ImportType,
  type Instance,
  type Module,
} from 'wasmedge-napi';
import { Reference, WasmEdgeError, type WasmInput, type WasmValue } from 'wasmedge-napi';
import type { Rewritten } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { STOP_MODULE } from '../../../debug-adapter/kotlin/rewriting/stop-module.ts';
import { library } from '../../../wasmedge-napi/test/support/engine.ts';
import { arm, connectStops } from './stops.ts';

/** What a module is run with. */
export interface Run {
  bytes: Uint8Array;
  /** Where `bytes` are rewritten ones. */
  rewritten?: Rewritten;
  /** Called at each stop; every site is armed then. */
  onStop?: (site: number, instance: Instance) => void;
  /** Exports that are called, each with every one of these values for all its parameters. */
  calls?: (name: string) => boolean;
  values?: readonly number[];
  /** Instructions of the whole run; beyond, it ends. */
  costLimit?: bigint;
}

export interface Transcript {
  /** A line for each thing that could be observed, in order. */
  lines: string[];
  /** Whether it ended because of the cost limit; the last line then says nothing. */
  cutOff: boolean;
}

/** The host of a module that imports functions alone: each writes down its parameters and returns zeros. */
class PlainHost {
  readonly lines: string[] = [];
  memory: () => Uint8Array | null = () => null;

  provide(engine: Engine, imports: readonly ImportType[]): boolean {
    const modules = new Map<string, HostModule>();
    const provided = new Set<string>();
    for (const { module, name, kind, type } of imports) {
      if (kind !== 'function' || !type) return false;
      const key = `${module}.${name}`;
      if (provided.has(key)) continue;
      provided.add(key);
      const host = modules.get(module) ?? engine.createHostModule(module);
      modules.set(module, host);
      host.addFunction(name, type, (...params) => this.#answer(key, type, params));
    }
    for (const host of modules.values()) engine.register(host);
    return true;
  }

  #answer(name: string, { results }: FunctionType, params: WasmValue[]): WasmInput[] {
    this.lines.push(`${name}(${params.map(shown).join(', ')})`);
    const [address] = params;
    const memory = this.memory();
    // What Kotlin guests ask for: an argument.
    if (memory && /store/i.test(name) && typeof address === 'number' && address >= 0) {
      memory.set(Buffer.from('Ada').subarray(0, Math.max(0, memory.length - address)), address);
    }
    if (memory && name.endsWith('.fd_write')) this.#write(memory, params.map(Number));
    return results.map((result) => {
      if (/ref/.test(result)) return null;
      if (result === 'v128') return new Uint8Array(16);
      return result === 'i64' ? 0n : 0;
    });
  }

  /** WASI's: all is written, and written down. */
  #write(memory: Uint8Array, [, buffers = 0, count = 0, written = 0]: number[]): void {
    const view = new DataView(memory.buffer);
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const [start, length] = [0, 4].map((part) => view.getUint32(buffers + 8 * i + part, true));
      this.lines.push(Buffer.from(memory.subarray(start, (start ?? 0) + (length ?? 0))).toString());
      bytes += length ?? 0;
    }
    view.setUint32(written, bytes, true);
  }
}

export function shown(value: WasmValue): string {
  if (value instanceof Reference) return value.isNull ? 'null' : value.type;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Object.is(value, -0) ? '-0' : String(value);
}

function valueOf(type: string, value: number): WasmInput {
  if (type === 'i64') return BigInt(Math.trunc(value));
  if (type === 'i32') return Math.trunc(value);
  if (type === 'v128') return new Uint8Array(16).fill(value);
  return /^f\d/.test(type) ? value : null;
}

/** What a module's exports do; null where it cannot be run here, because it imports what is no function. */
export function transcribe(run: Run): Transcript | null {
  library();
  const engine = new Engine(run.costLimit === undefined ? {} : { costLimit: run.costLimit });
  try {
    return transcribeIn(engine, run);
  } finally {
    // Each memory takes some gigabytes of addresses.
    engine.dispose();
  }
}

function transcribeIn(engine: Engine, run: Run): Transcript | null {
  const host = new PlainHost();
  const { lines } = host;
  let instance: Instance | undefined;
  const stops = engine.createHostModule(STOP_MODULE.import.module);
  stops.addFunction(STOP_MODULE.import.name, { params: ['i32'], results: [] }, (site) => {
    if (instance) run.onStop?.(Number(site), instance);
  });
  engine.register(stops);
  try {
    const module: Module = engine.load(run.bytes);
    if (!host.provide(engine, module.imports)) return null;
    instance = engine.instantiate(module);
  } catch (thrown) {
    return { lines: [...lines, failure(thrown, run.rewritten)], cutOff: isCutOff(thrown) };
  }
  if (run.rewritten) {
    connectStops(engine, instance, run.rewritten);
    for (const { site } of run.rewritten.sites) arm(instance, run.rewritten, site, run.onStop !== undefined);
  }
  const cutOff = callAll(instance, run, host);
  return { lines, cutOff };
}

function callAll(instance: Instance, run: Run, host: PlainHost): boolean {
  const { lines } = host;
  const own = new Set<string | null>(run.rewritten ? Object.values(run.rewritten.exports) : []);
  own.add(run.rewritten?.thrown?.rewind ?? null);
  const exports = instance.exports.filter(({ name }) => !own.has(name));
  const memories = exports.flatMap(({ kind, name }) => (kind === 'memory' ? [instance.memory(name)] : []));
  host.memory = () => (memories[0] ? new Uint8Array(memories[0].buffer) : null);
  for (const { kind, name, type } of exports) {
    if (kind !== 'function' || !type || run.calls?.(name) === false) continue;
    for (const value of type.params.length === 0 ? [0] : (run.values ?? [5])) {
      lines.push(`> ${name} ${value}`);
      try {
        const results = instance.func(name).call(...type.params.map((each) => valueOf(each, value)));
        lines.push(results.map(shown).join(', '));
      } catch (thrown) {
        if (isCutOff(thrown)) return true;
        lines.push(failure(thrown, run.rewritten));
        giveFramesBack(instance, run.rewritten);
      }
      for (const memory of memories) lines.push(digest(new Uint8Array(memory.buffer)));
    }
  }
  for (const each of exports) {
    if (each.kind === 'global') lines.push(`${each.name} = ${shown(instance.global(each.name).value)}`);
    if (each.kind === 'table') lines.push(`${each.name}: ${instance.table(each.name).size}`);
  }
  return false;
}

/** As a host does after a call that ended with a trap or an exception. */
export function giveFramesBack(instance: Instance, rewritten: Rewritten | undefined): void {
  const stackPointer = rewritten?.exports.stackPointer;
  if (rewritten && typeof stackPointer === 'string') {
    instance.global(stackPointer).value = rewritten.memory.stackAt;
  }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const isCutOff = (thrown: unknown) => thrown instanceof WasmEdgeError && thrown.costLimitExceeded;

/** The engine's words, with the offset in the original. */
export function failure(thrown: unknown, rewritten: Rewritten | undefined): string {
  if (!(thrown instanceof WasmEdgeError)) throw thrown;
  const { byteOffset } = thrown;
  if (byteOffset === undefined) return thrown.message;
  const original = rewritten ? rewritten.offsets.toOriginal(byteOffset) : byteOffset;
  return thrown.message.replace(`byte ${byteOffset}`, `byte ${original}`);
}
