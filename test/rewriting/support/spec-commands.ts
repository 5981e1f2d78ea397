import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine, type Instance, WasmEdgeError, type WasmInput } from 'wasmedge-napi';
import type { Rewritten } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { library } from '../../../wasmedge-napi/test/support/engine.ts';
import { failure, giveFramesBack, shown } from './transcript.ts';

/** As `wasm-tools json-from-wast` writes them. */
interface Value {
  type: string;
  /** Of floats the bits, as a decimal number; of `v128` one for each lane. */
  value?: string | string[];
  lane_type?: string;
}
interface Action {
  type: 'invoke' | 'get';
  field: string;
  module?: string;
  args?: Value[];
}
interface Command {
  type: string;
  line: number;
  filename?: string;
  module_type?: string;
  name?: string;
  action?: Action;
}

/** A module's bytes, rewritten or not. */
export type Prepare = (bytes: Uint8Array) => { bytes: Uint8Array; rewritten: Rewritten | null };

/** What calls return and end with; not those that exhaust the stack, which ends this engine's process. */
const ACTIONS = new Set(['action', 'assert_return', 'assert_trap', 'assert_exception']);

/** Runs one file of the specification's tests; a line for each thing that could be observed. */
export function runCommands(folder: string, prepare: Prepare): string[] {
  library();
  const { commands } = JSON.parse(readFileSync(path.join(folder, 'commands.json'), 'utf8')) as {
    commands: Command[];
  };
  const engines: Engine[] = [];
  const lines: string[] = [];
  const named = new Map<string, Loaded>();
  let current: Loaded | null = null;
  for (const { type, line, filename, name, action, module_type: form } of commands) {
    if (type === 'module' && filename !== undefined && form !== 'text') {
      const bytes = new Uint8Array(readFileSync(path.join(folder, filename)));
      const { rewritten, bytes: prepared } = prepare(bytes);
      try {
        current = { instance: instantiate(prepared, engines), rewritten };
        watchNothing(current);
        if (name !== undefined) named.set(name, current);
        lines.push(`${line}: instantiated`);
      } catch (thrown) {
        current = null;
        lines.push(`${line}: ${failure(thrown, rewritten ?? undefined)}`);
      }
    }
    if (!action || !ACTIONS.has(type) || isLong(action)) continue;
    const target = action.module === undefined ? current : named.get(action.module);
    const params = (action.args ?? []).map(input);
    if (!target || params.includes(undefined)) continue;
    lines.push(`${line}: ${perform(target, action, params as WasmInput[])}`);
  }
  // Each memory takes some gigabytes of addresses.
  for (const engine of engines) engine.dispose();
  return lines;
}

/** A million tail calls take minutes with a probe before every operator; fewer do as well. */
function isLong({ field, args }: Action): boolean {
  return /^(count|even|odd)$/.test(field) && Number(args?.[0]?.value) > 10_000;
}

interface Loaded {
  instance: Instance;
  rewritten: Rewritten | null;
}

/** The code that looks at accesses runs, and finds that none is within the range. */
function watchNothing({ instance, rewritten }: Loaded): void {
  if (!rewritten?.watch) return;
  const memory = instance.memory(rewritten.exports.memory);
  memory.write(rewritten.watch.watchingAt, Uint8Array.of(1));
  memory.write(rewritten.watch.rangeAt, new Uint8Array(Uint32Array.of(0xffffffff, 0, 3).buffer));
}

function perform({ instance, rewritten }: Loaded, action: Action, params: WasmInput[]): string {
  try {
    if (action.type === 'get') return shown(instance.global(action.field).value);
    return instance
      .func(action.field)
      .call(...params)
      .map(shown)
      .join(', ');
  } catch (thrown) {
    // What the module does not export, or a value that cannot be given to it.
    if (!(thrown instanceof WasmEdgeError)) return 'not called';
    giveFramesBack(instance, rewritten ?? undefined);
    return failure(thrown, rewritten ?? undefined);
  }
}

/** With the specification's host module. */
function instantiate(bytes: Uint8Array, engines: Engine[]): Instance {
  const engine = new Engine();
  engines.push(engine);
  const host = engine.createHostModule('spectest');
  for (const [suffix, params] of [
    ['', []],
    ['_i32', ['i32']],
    ['_i64', ['i64']],
    ['_f32', ['f32']],
    ['_f64', ['f64']],
    ['_i32_f32', ['i32', 'f32']],
    ['_f64_f64', ['f64', 'f64']],
  ] as const) {
    host.addFunction(`print${suffix}`, { params: [...params], results: [] }, () => undefined);
  }
  host.addGlobal('global_i32', 'i32', false, 666);
  host.addGlobal('global_i64', 'i64', false, 666n);
  host.addGlobal('global_f32', 'f32', false, 666.6);
  host.addGlobal('global_f64', 'f64', false, 666.6);
  host.addMemory('memory', { minPages: 1, maxPages: 2 });
  host.addTable('table', { min: 10, max: 20 }, 'funcref');
  engine.register(host);
  return engine.instantiate(engine.load(bytes));
}

/** The value of an argument; undefined for one that only the guest could make. */
function input({ type, value, lane_type: lane }: Value): WasmInput | undefined {
  if (value === 'null' || value === undefined) return null;
  if (Array.isArray(value)) return vector(value, lane ?? 'i32');
  const bits = new DataView(new ArrayBuffer(8));
  switch (type) {
    case 'i32':
      return Number(value) | 0;
    case 'i64':
      return BigInt.asIntN(64, BigInt(value));
    case 'f32':
      if (value.startsWith('nan')) return NaN;
      bits.setUint32(0, Number(value));
      return bits.getFloat32(0);
    case 'f64':
      if (value.startsWith('nan')) return NaN;
      bits.setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
      return bits.getFloat64(0);
  }
  return undefined;
}

function vector(lanes: readonly string[], type: string): Uint8Array | undefined {
  if (lanes.some((each) => each.startsWith('nan'))) return undefined;
  const width = Number(type.slice(1)) / 8;
  const bytes = new Uint8Array(16);
  for (const [i, lane] of lanes.entries()) {
    let bits = BigInt.asUintN(8 * width, BigInt(lane));
    for (let at = i * width; at < (i + 1) * width; at++, bits >>= 8n) bytes[at] = Number(bits & 0xffn);
  }
  return bytes;
}
