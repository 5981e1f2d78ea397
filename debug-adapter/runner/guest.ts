import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  Engine,
  type Func,
  type Global,
  type HostFunction,
  type HostModule,
  type Instance,
  loadLibrary,
  type Memory,
  type ProposalName,
  type RecordPlan,
  Recorder,
} from 'wasmedge-napi';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { Loaded, RunnerPlan } from '../../protocol/runner.ts';
import { canBeAsked } from './answer.ts';
import { messageOf, RunnerError } from './failures.ts';
import type { BufferPlace } from './frames.ts';
import { GuestMemory } from './guest-memory.ts';
import { HostImports, importHostModule } from './host-module.ts';
import { Probes } from './probes.ts';
import { nativeSizePolicy } from './size-policies.ts';

/** What Kotlin's modules use beyond the defaults of WasmEdge 0.14; 0.17 has them on, and a name it lacks is skipped. */
const PROPOSALS: ProposalName[] = [
  'FunctionReferences',
  'GC',
  'ExceptionHandling',
  'TailCall',
  'MultiMemories',
];

/**
 * Bytes of records that may wait for the adapter before the guest does: little, because a stop is told after all of
 * them.
 */
const MAX_PENDING = 4 << 20;

const ENTRIES = ['_start', '_initialize'];

/** µs that `preloadLibrary` took, by path. */
const preloaded = new Map<string, number>();

/** Loads libwasmedge before anything asks for it; `load` tells what is wrong with it. */
export function preloadLibrary(file: string): void {
  const started = performance.now();
  try {
    loadLibrary(file);
    preloaded.set(file, micros(started));
  } catch {
    // Asked for again, and then told.
  }
}

/** Makes the JavaScript side of import `index`; `host` is the user's function, if it has one. */
export type CallbackFactory = (index: number, host: HostFunction | undefined) => HostFunction;

/** The guest in its engine. Its parts beside `plan` and `recorder` are there once `load` is done. */
export class Guest {
  readonly plan: RunnerPlan;
  readonly recorder: Recorder;
  /** Null where the guest was not rewritten. */
  readonly probes: Probes | null;
  /** Null where the guest exports none. */
  memory: GuestMemory | null = null;
  /** Pages of linear memory when the guest had been loaded. */
  initialPages = 0;
  readonly engine: Engine;
  readonly #library: Loaded['engine'];
  readonly #timings: Record<string, number>;
  #instance: Instance | null = null;
  #memory: Memory | null = null;
  readonly #functions: Func[] = [];

  /** Loads libwasmedge. @throws LibraryError */
  constructor(plan: RunnerPlan) {
    const timings: Record<string, number> = {};
    const library = measure(timings, 'library', () => loadLibrary(plan.library));
    timings['library'] = preloaded.get(plan.library) ?? timings['library'] ?? 0;
    this.plan = plan;
    this.probes = plan.probes ? new Probes(plan.probes) : null;
    this.#timings = timings;
    this.#library = { path: library.path, version: library.version };
    this.engine = measure(timings, 'engine', () => {
      return new Engine({ addProposals: PROPOSALS.filter((name) => library.proposals.includes(name)) });
    });
    this.recorder = new Recorder({ maxPendingBytes: MAX_PENDING });
  }

  get sharedIds(): { engine: number; memory: number | null; recorder: number } {
    return {
      engine: this.engine.sharedId,
      memory: this.#memory?.sharedId ?? null,
      recorder: this.recorder.sharedId,
    };
  }

  /**
   * Loads the host module and the guest, up to just before _start.
   * @param siteReached a rewritten guest has come to an armed site
   * @throws RunnerError, WasmEdgeError
   */
  async load(callbackFor: CallbackFactory, siteReached: (site: number) => void): Promise<Loaded> {
    const { plan, engine } = this;
    const timings = this.#timings;
    const bytes = measure(timings, 'read', () => readProgram(plan.probes?.program ?? plan.program));
    const module = measure(timings, 'load', () => engine.load(bytes));
    measure(timings, 'validate', () => engine.validate(module));
    const started = performance.now();
    const host = plan.host === undefined ? new HostImports({}) : await importHostModule(plan.host);
    timings['host'] = micros(started);
    measure(timings, 'imports', () => {
      this.#provideImports(host, callbackFor);
      // The configuration's arguments come after the program's name (protocol/launch.ts), as in any C program.
      const args = [path.basename(plan.program), ...plan.wasi.args];
      engine.register(engine.createWasi({ ...plan.wasi, args }));
      this.probes?.provide(engine, siteReached);
    });
    const instance = measure(timings, 'instantiate', () => engine.instantiate(module));
    this.#attach(instance);
    return {
      engine: this.#library,
      memoryBytes: this.memory?.size ?? null,
      entry: this.entry,
      timings,
    };
  }

  #provideImports(host: HostImports, callbackFor: CallbackFactory): void {
    const { imports } = this.plan;
    const functions = imports.map((each) => host.find(each));
    const asks = this.plan.unresolvedImports === 'ask';
    const missing = imports.flatMap(({ role, type }, i) =>
      role || functions[i] || (asks && canBeAsked(type.results)) ? [] : [i],
    );
    if (missing.length > 0) {
      const names = missing.map((i) => `${imports[i]?.module}.${imports[i]?.name}`).join(', ');
      throw new RunnerError({ code: 'missing-imports', message: `Nobody provides ${names}.`, missing });
    }
    const modules = new Map<string, HostModule>();
    imports.forEach(({ module: name, name: field, type, role }, index) => {
      let module = modules.get(name);
      if (!module) modules.set(name, (module = this.engine.createHostModule(name)));
      const recordPlan: RecordPlan = { index };
      if (role) recordPlan.role = nativeRole(role);
      const callback = callbackFor(index, functions[index]);
      module.addRecordedFunction(field, type, this.recorder, recordPlan, callback);
    });
    for (const module of modules.values()) this.engine.register(module);
  }

  #attach(instance: Instance): void {
    this.#instance = instance;
    this.probes?.connect(this.engine, instance);
    const memory = instance.exports.find(({ kind }) => kind === 'memory');
    if (!memory) return;
    this.#memory = instance.memory(memory.name);
    this.memory = new GuestMemory(this.#memory);
    this.initialPages = this.memory.pages;
    this.recorder.setMemory(this.#memory);
  }

  /** What lies in linear memory at a place, as far as memory reaches. */
  bytesAt({ address, size }: BufferPlace): Uint8Array {
    const { memory } = this;
    if (!memory) return new Uint8Array(0);
    const start = Math.min(address, memory.size);
    return memory.read(start, Math.min(size, memory.size - start));
  }

  /** `_start`, `_initialize` or null. */
  get entry(): string | null {
    const names = this.#instance?.exports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    return ENTRIES.find((name) => names?.includes(name)) ?? null;
  }

  /** An exported function by its index in the plan. */
  func(index: number): Func {
    return (this.#functions[index] ??= this.exported(this.plan.exports[index]?.name ?? ''));
  }

  /** True while an expression calls the guest: then nothing stops it. */
  isQuiet = false;

  /** Calls the guest for an expression, while it is stopped. */
  quietly<T>(work: () => T): T {
    const stackPointer = this.probes?.stackPointer ?? 0;
    this.isQuiet = true;
    const thrown = this.probes?.thrown;
    try {
      return thrown ? thrown.undisturbed(work) : work();
    } finally {
      this.isQuiet = false;
      // What trapped has left its frames behind.
      this.probes?.unwindTo(stackPointer);
    }
  }

  /** An exported function by name. */
  exported(name: string): Func {
    if (!this.#instance) throw new Error('The guest is not loaded.');
    return this.#instance.func(name);
  }

  /** Exported globals by name. */
  get globals(): Map<string, Global> {
    const instance = this.#instance;
    const exported = instance?.exports.filter(({ kind }) => kind === 'global') ?? [];
    return new Map(exported.map(({ name }) => [name, (instance as Instance).global(name)]));
  }
}

/** Done natively while armed too: callbacks of roles then only decide, and correct what could not be done. */
function nativeRole(role: RoleAssignment): NonNullable<RecordPlan['role']> {
  const common = { beforeCallback: true, ...(role.callId !== undefined && { callId: role.callId }) };
  if (role.role === 'returnResult') {
    return { kind: 'returnResult', pointer: role.pointer, size: nativeSizePolicy(role), ...common };
  }
  const size = role.size === undefined ? {} : { size: role.size };
  return { kind: 'storeArgument', pointer: role.pointer, ...size, ...common };
}

function readProgram(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new RunnerError({ code: 'load', message: `${file} cannot be read: ${messageOf(thrown)}` });
  }
}

/** µs since `started` (ms). */
function micros(started: number): number {
  return Math.round((performance.now() - started) * 1000);
}

function measure<T>(timings: Record<string, number>, name: string, work: () => T): T {
  const started = performance.now();
  const made = work();
  timings[name] = micros(started);
  return made;
}
