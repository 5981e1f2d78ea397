import type { Engine, Global, Instance, Memory } from 'wasmedge-napi';
import type {
  MemoryAccess,
  ProbedFunction,
  ProbePlan,
  ProbeSite,
  RunnerFrame,
} from '../../protocol/runner.ts';
import { type Frame as StackFrame, readFrames, RELOAD_AT } from '../kotlin/rewriting/frames.ts';
import { ACCESS } from '../kotlin/rewriting/plan.ts';
import { STOP_MODULE, stopModule } from '../kotlin/rewriting/stop-module.ts';
import { KotlinFrame } from '../kotlin/values/frame.ts';
import type { GuestAccess } from '../kotlin/values/guest-access.ts';
import { Heap } from '../kotlin/values/heap.ts';
import type { WatchedRange } from './data-rules.ts';
import { type BoundaryFrame, type CallFrame, type EntryFrame, type Frame, FunctionFrame } from './frames.ts';
import { guestAccess } from './guest-access.ts';
import type { SitePoint } from './stepping.ts';
import { ThrownExceptions } from './thrown-exceptions.ts';

type SiteFacts = Pick<ProbeSite, 'functionIndex' | 'line' | 'inlined'>;
const NOWHERE: SiteFacts = { functionIndex: -1, line: -1 };

/** What was appended to the guest when it was rewritten: sites where it can be stopped, and its stack (design.md §9). */
export class Probes {
  readonly #plan: ProbePlan;
  readonly #functions: ReadonlyMap<number, ProbedFunction>;
  /** The bytes of the sites while nothing but breakpoints stops. */
  #breakpoints: Uint8Array;
  readonly #all: Uint8Array;
  #armed: Uint8Array | null = null;
  #isWatching = false;
  #memory: Memory | null = null;
  #stackPointer: Global | null = null;
  #access: GuestAccess | null = null;
  #heap: Heap | null = null;
  /** Null where nothing is kept of exceptions, and while the guest is not connected. */
  thrown: ThrownExceptions | null = null;

  constructor(plan: ProbePlan) {
    this.#plan = plan;
    this.#functions = new Map(plan.functions.map((each) => [each.functionIndex, each]));
    this.#breakpoints = new Uint8Array(plan.sites.length);
    this.#all = new Uint8Array(plan.sites.length).fill(1);
  }

  /** Gives the engine the stop function, before the guest is instantiated. `reached` may throw to end the guest. */
  provide(engine: Engine, reached: (site: number) => void): void {
    const { module, name } = STOP_MODULE.import;
    const host = engine.createHostModule(module);
    host.addFunction(name, { params: ['i32'], results: [] }, (site) => reached(Number(site)));
    engine.register(host);
  }

  /** Puts the stop function where the guest finds it. */
  connect(engine: Engine, instance: Instance): void {
    const { memory, stopTable, stackPointer } = this.#plan.exports;
    const made = engine.instantiate(engine.load(stopModule()));
    instance.table(stopTable).set(0, made.table(STOP_MODULE.table).get(0));
    this.#memory = instance.memory(memory);
    this.#stackPointer = stackPointer === null ? null : instance.global(stackPointer);
    this.#access = guestAccess(instance, memory, this.#plan.objects.access.handles);
    this.#heap = new Heap(this.#plan.objects, this.#access);
    const { thrown } = this.#plan;
    this.thrown = thrown && new ThrownExceptions(thrown, this.#memory, this.#access, this.#heap);
  }

  /** For the control thread, which arms all sites where the guest has to look at its messages. */
  get shared(): { memory: number; at: number; count: number } | null {
    const { sitesAt, sites } = this.#plan;
    return this.#memory && { memory: this.#memory.sharedId, at: sitesAt, count: sites.length };
  }

  /** Where the guest stands when it has reached a site. */
  pointAt(site: number): SitePoint {
    const { functionIndex, line, inlined }: SiteFacts = this.#plan.sites[site] ?? NOWHERE;
    const size = this.#functions.get(functionIndex)?.frameSize ?? 0;
    return { address: this.stackPointer - size, functionIndex, line, site, ...(inlined && { inlined }) };
  }

  /** Original byte offset of the call that the frame at an address is in; null where there is no such frame. */
  offsetAt(address: number): number | null {
    return this.#stack().find((each) => each.address === address)?.offset ?? null;
  }

  /** Has the guest tell of accesses to linear memory; null: of none. */
  watch(range: WatchedRange | null): void {
    const { watch } = this.#plan;
    if (!watch || !this.#memory || (range === null && !this.#isWatching)) return;
    this.#isWatching = range !== null;
    if (range) {
      const { first, last, reads, writes } = range;
      const kinds = Number(reads) * ACCESS.read + Number(writes) * ACCESS.write;
      const words = new Uint32Array([first, Math.min(last, 0xffff_ffff), kinds]);
      this.#memory.write(watch.rangeAt, new Uint8Array(words.buffer));
    }
    this.#memory.write(watch.watchingAt, Uint8Array.of(Number(this.#isWatching)));
  }

  /** What the guest has just done to memory that is watched: at ACCESS_SITE. */
  get access(): MemoryAccess {
    const bytes = this.#memory?.read(this.#plan.watch?.accessAt ?? 0, 12) ?? new Uint8Array(12);
    const [address = 0, size = 0, kind] = new Uint32Array(bytes.slice().buffer);
    return { kind: kind === ACCESS.read ? 'read' : 'write', address, size, by: 'guest' };
  }

  get stackDepth(): number {
    return this.#plan.stackDepth;
  }

  /** The sites that stop while nothing else does; `arm` makes it so. */
  setBreakpoints(sites: Iterable<number>): void {
    this.#breakpoints = new Uint8Array(this.#plan.sites.length);
    for (const site of sites) this.#breakpoints[site] = 1;
  }

  /** @param all every site stops; else those of breakpoints */
  arm(all: boolean): void {
    const wanted = all ? this.#all : this.#breakpoints;
    if (wanted === this.#armed) return;
    this.#memory?.write(this.#plan.sitesAt, wanted);
    this.#armed = wanted;
  }

  /** The control thread has armed all sites. */
  forgetArmed(): void {
    this.#armed = null;
  }

  /** Where the next frame would begin. */
  get stackPointer(): number {
    return Number(this.#stackPointer?.value ?? 0);
  }

  /** After what was called from `base` on has been left without returning. */
  unwindTo(base: number): void {
    if (this.#stackPointer) this.#stackPointer.value = base;
  }

  #stack(): StackFrame[] {
    if (!this.#memory || !this.#stackPointer) return [];
    const end = this.stackPointer;
    return readFrames(this.#memory.read(0, Math.min(end, this.#memory.byteLength)), this.#plan.stackAt, end);
  }

  /**
   * All frames, innermost first: those of functions between the calls and imports that they belong to.
   *
   * @param boundary innermost first
   */
  merge(boundary: readonly BoundaryFrame[]): Frame[] {
    const stack = this.#stack();
    const merged: Frame[] = [];
    const calls = boundary.filter((frame) => frame.kind !== 'import').toReversed();
    for (const frame of boundary.toReversed()) {
      merged.push(frame);
      if (frame.kind === 'import') continue;
      const next = calls[calls.indexOf(frame) + 1]?.stackBase ?? Infinity;
      const call = frame.kind === 'call' ? frame : null;
      for (const { address, functionIndex, offset } of stack) {
        if (address >= frame.stackBase && address < next) {
          merged.push(new FunctionFrame(functionIndex, offset, address, call));
        }
      }
    }
    return merged.reverse();
  }

  /** A frame's locals; null while the guest is not connected. */
  frame({
    functionIndex,
    address,
    offset,
  }: Pick<FunctionFrame, 'functionIndex' | 'address' | 'offset'>): KotlinFrame | null {
    const guest = this.#access;
    const { locals } = this.#functions.get(functionIndex) ?? { locals: [] };
    return guest && this.#heap && new KotlinFrame(this.#heap, guest, locals, address, offset);
  }

  /** When the function of the frame at an address goes on, it takes its locals from there. */
  reload(address: number): void {
    this.#memory?.write(address + RELOAD_AT, Uint8Array.of(1));
  }

  /** The frame that has reached a site; null as `frame`. */
  frameAt(site: number): KotlinFrame | null {
    const { functionIndex, address } = this.pointAt(site);
    const offset = this.#plan.sites[site]?.offset ?? 0;
    return this.frame({ functionIndex, address, offset });
  }

  /** The guest's objects; null while it is not connected. */
  get heap(): Heap | null {
    return this.#heap;
  }
}

/** Functions that are told of a call which has failed: of a recursion the innermost ones are enough. */
const MOST_FUNCTIONS = 100;

/** The guest's functions that a call has called, innermost first. */
export function functionsOf(probes: Probes, frame: CallFrame | EntryFrame): RunnerFrame[] {
  const merged = probes.merge([frame]).filter(({ kind }) => kind === 'function');
  return merged.slice(0, MOST_FUNCTIONS).map((each) => each.toRunnerFrame());
}
