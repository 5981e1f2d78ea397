import type { FilterName, MemoryAccess, Stop, StopPlan } from '../../protocol/runner.ts';
import { type AccessDecider, AccessStops } from './access-stops.ts';
import { Arming } from './arming.ts';
import { signatureText } from '../boundary/signature.ts';
import type { Found } from '../boundary/checks/finding.ts';
import { findingOf } from './boundary-problems.ts';
import { CallChecks } from './call-checks.ts';
import type { CallObserver, CallStack } from './calls.ts';
import type { Channel } from './channel.ts';
import { type CallFailure, classifyCallFailure } from './engine-failures.ts';
import { GuestEnded, HostTrap } from './failures.ts';
import { reportFailure } from './failure-report.ts';
import { FrameContext } from './frame-context.ts';
import {
  type BoundaryFrame,
  CallFrame,
  EntryFrame,
  type Frame,
  ImportFrame,
  type PassedBuffer,
} from './frames.ts';
import type { Guest } from './guest.ts';
import {
  ACCESS_SITE,
  STACK_LIMIT_SITE,
  THROWN_SITE,
  WASI_CALL_SITE,
  WASI_RETURN_SITE,
} from '../kotlin/rewriting/plan.ts';
import { KotlinScope } from './kotlin-scope.ts';
import { leftByException, type LeftByException } from './left-by-exception.ts';
import { functionsOf, type Probes } from './probes.ts';
import { Ending, type ToMain } from './signals.ts';
import { type SitePoint, Stepper } from './stepping.ts';
import { type Decision, StopDecider } from './stop-decisions.ts';
import { StopRules } from './stop-rules.ts';
import { StopServer } from './stop-server.ts';
import { ToldFindings } from './told-findings.ts';

/**
 * Watches the crossings that enter JavaScript, stops the guest where the user wants it, and serves requests meanwhile.
 * A stop blocks the thread inside the crossing; a session that ends throws GuestEnded out of it.
 */
export class Debugger implements CallObserver {
  readonly arming: Arming;
  readonly #guest: Guest;
  readonly #calls: CallStack;
  readonly #channel: Channel;
  readonly #stepper: Stepper;
  readonly #conditions: FrameContext;
  readonly #server: StopServer;
  readonly #checks: CallChecks;
  readonly #told: ToldFindings;
  readonly #accesses: AccessStops;
  /** What has been reported on its way out through nested calls, and which exception of the guest that was. */
  readonly #reported = new WeakMap<object, LeftByException | null>();
  #rules: StopRules;
  #decider: StopDecider;
  #pausing = false;
  #stopOnEntry: boolean;

  /** Nothing stops until `setStops`. */
  constructor(guest: Guest, calls: CallStack, channel: Channel) {
    this.#guest = guest;
    this.#calls = calls;
    this.#channel = channel;
    this.#stopOnEntry = guest.plan.stopOnEntry;
    this.#stepper = new Stepper((address) => guest.probes?.offsetAt(address) ?? null);
    this.#conditions = new FrameContext(guest, null);
    this.#checks = new CallChecks(guest);
    this.#told = new ToldFindings(channel);
    this.#server = new StopServer(guest, channel, (changed) => this.setStops(changed));
    this.#rules = new StopRules({ functions: [], filters: [] }, null, ignore);
    this.#decider = this.#makeDecider();
    this.arming = new Arming(guest, () => ({
      rules: this.#rules,
      decider: this.#decider,
      stopsSoon: this.#stopsSoon,
      stopsAtSites: this.#pausing || this.#stepper.stepsLines,
    }));
    this.#accesses = new AccessStops(guest, calls, this.#makeAccessDecider());
  }

  #makeAccessDecider(): AccessDecider {
    const rules = (): StopRules => this.#rules;
    return {
      get data() {
        return rules().data;
      },
      decide: (access, around) => this.#decider.atAccess(access, around),
      stop: (at, decision, frames) => this.#stop(at, decision, frames),
    };
  }

  #makeDecider(): StopDecider {
    return new StopDecider(
      this.#rules,
      (frame) => this.#conditions.at(frame),
      (message) => this.#channel.send(message),
    );
  }

  setStops(stops: StopPlan): void {
    // What cannot be compiled has been told by the control thread.
    this.#rules = new StopRules(stops, this.#rules, ignore);
    this.#decider = this.#makeDecider();
    this.#checks.watching = this.#decider.watchesViolations;
    this.#guest.probes?.setBreakpoints(this.#rules.sites);
    this.arming.arm();
  }

  /** Stops at the next crossing. */
  pause(): void {
    this.#pausing = true;
    this.arming.arm();
  }

  get #asked(): { stepper: Stepper; pausing: boolean } {
    return { stepper: this.#stepper, pausing: this.#pausing };
  }

  /** True where every crossing must enter JavaScript. */
  get #stopsSoon(): boolean {
    return this.#stepper.active || this.#pausing;
  }

  get keepsResults(): boolean {
    return this.arming.keepsResults;
  }

  /** Takes what has come for this thread while the guest ran. @throws GuestEnded */
  #service(): void {
    const channel = this.#channel;
    if (channel.ending !== Ending.no) throw new GuestEnded();
    while (channel.hasMessages) {
      for (let message = channel.receive(); message; message = channel.receive()) this.#whileRunning(message);
      // The control thread arms after it has posted: what it posted before this disarms is found by looking again.
      this.#guest.probes?.forgetArmed();
      this.arming.arm();
    }
  }

  #whileRunning(message: ToMain): void {
    if (message.type !== 'request') return;
    const { request } = message;
    if (request.command === 'setStops') this.setStops(request.arguments.stops);
    else if (request.command === 'pause') this.pause();
    else this.#channel.fail(request.id, { code: 'not-stopped', message: 'The guest is running.' });
  }

  /** A rewritten guest has come to an armed site. @throws HostTrap */
  siteReached(site: number): void {
    try {
      this.#atSite(site);
    } catch (thrown) {
      // Returned from, not thrown out of: the engine then ends the guest as cancelled, not as trapped.
      if (!this.isEnding(thrown)) throw thrown;
    }
  }

  #atSite(site: number): void {
    const { probes, isQuiet } = this.#guest;
    if (!probes || (isQuiet && site !== STACK_LIMIT_SITE)) return;
    this.#service();
    if (site === ACCESS_SITE) return this.#accesses.byGuest(probes.access);
    if (site === THROWN_SITE) return this.#atThrow(probes);
    if (site === WASI_CALL_SITE) return this.#accesses.wasiBegins();
    if (site === WASI_RETURN_SITE) return this.#accesses.wasiReturned();
    if (site === STACK_LIMIT_SITE) this.#stackTooDeep(probes.stackDepth);
    const point = probes.pointAt(site);
    const [around] = this.#calls.frames;
    const ends = this.#stepper.stopsAtSite(point);
    const decision = around ? this.#decideAtSite(site, around, ends) : null;
    if (decision) this.#stop('site', decision, this.#calls.frames, point);
    else if (!this.#pausing && !this.#stepper.stepsLines && this.#rules.forSite(site).length === 0) {
      // Armed for a message that has been served meanwhile.
      probes.forgetArmed();
      probes.arm(false);
      this.#service();
    }
  }

  #decideAtSite(site: number, around: BoundaryFrame, ends: boolean): Decision | null {
    const guest = this.#guest;
    const scopeOf = (): object => {
      const frame = guest.probes?.frameAt(site);
      const boundary = this.#conditions.at(around);
      return frame ? new KotlinScope(guest, frame, boundary) : boundary;
    };
    const decide = () => this.#decider.atSite(site, scopeOf, ends, this.#asked);
    // What a condition has come upon is let go of: the guest may never stop.
    return guest.probes?.heap?.briefly(decide) ?? null;
  }

  /** An exception is about to be thrown. @throws GuestEnded */
  #atThrow({ heap, thrown }: Probes): void {
    const decide = () => thrown?.last && this.#decider.atThrow(thrown.last);
    const decision = heap?.briefly(decide) ?? null;
    if (decision) this.#stop('throw', decision, this.#calls.frames);
  }

  #stackTooDeep(depth: number): never {
    const message =
      `Kotlin functions are nested ${depth} deep, which is the limit ("limits.stackDepth" in launch.json): ` +
      'this may be a recursion without end.';
    const frames = this.#calls.frames;
    if (!this.#guest.isQuiet && frames[0] && this.#decider.stopsAtFailure(['traps'], frames[0])) {
      const problem = { code: 'stack-depth', message };
      this.#stop('site', { reason: 'trap', breakpointIds: [], problem }, frames);
    }
    throw new HostTrap('stack-depth', message);
  }

  /** The guest has called an import; a role's work has been done. @throws GuestEnded */
  importEntered(frame: ImportFrame): void {
    if (this.#guest.isQuiet) return;
    this.#service();
    const problem = frame.role?.problem;
    if (problem) this.#tell(findingOf(problem, frame), frame.call);
    else if (!frame.role) this.#checks.given.given(frame);
    this.#accesses.byRole(frame);
    const found = this.#foundAtImport(frame);
    if (!this.#stopsSoon && !problem && !this.#decider.watchesImport(frame)) {
      // Armed for a message that has been served meanwhile; or for a result that a host function waits for.
      if (frame.role && !this.arming.keepsResults && this.#rules.data.isEmpty) this.#disarm();
      return;
    }
    const point = { at: 'import', depth: this.#calls.depth } as const;
    const decision = this.#decider.atImport(frame, point, this.#asked, found);
    if (decision) this.#stop('import', decision, [frame, ...this.#calls.frames]);
    else if (problem && !problem.fatal) this.#told.notice(problem.code, problem.message);
  }

  /** What the checks find where a role's work has been done. */
  #foundAtImport(frame: ImportFrame): readonly Found[] {
    const seen = this.#checks.crossed(frame, this.#calls.innermost);
    if (frame.role?.role.role !== 'returnResult') return seen;
    const at = { kind: 'import', index: frame.index } as const;
    const unchanged = this.#checks.returned(frame.call, frame.role.place, at);
    this.#tell(unchanged, frame.call);
    return unchanged ? [...seen, unchanged] : seen;
  }

  /** The guest has called an import that nobody provides: stops until the user has answered. @throws GuestEnded */
  importAsks(frame: ImportFrame): void {
    this.#service();
    const signature = signatureText(frame.title, frame.planned.type, frame.planned.parameterNames);
    const how =
      frame.planned.type.results.length === 0
        ? 'It returns nothing.'
        : 'Set what it returns under “Return Value” in the variables, or as returns[0] = … in the debug console.';
    const message = `Nobody provides ${signature}. ${how} Write into memory what it should write, and continue.`;
    const problem = { code: 'unresolved-import', message };
    this.#stop('import', { reason: 'unresolved import', breakpointIds: [], problem }, [
      frame,
      ...this.#calls.frames,
    ]);
  }

  /**
   * A host function reaches memory: stops where that is wrong, and at breakpoints on those bytes.
   * @param kind null before it is known what it does
   * @throws GuestEnded
   */
  memoryAccessed(frame: ImportFrame, address: number, size: number, kind: MemoryAccess['kind'] | null): void {
    if (kind) return this.#accesses.byHost(frame, kind, { address, size });
    const found = this.#checks.given.accessed(frame, address, size);
    if (!found || !this.#tell(found, frame.call)) return;
    this.#stopAtViolation('import', found, frame, [frame]);
  }

  /** Tells a finding of this call or, where it is of none, of the one that runs. */
  #tell(found: Found | null, of: CallFrame | null): boolean {
    return this.#told.tell(found, of ?? this.#calls.innermost);
  }

  /** Whether it stopped. @throws GuestEnded */
  #stopAtViolation(
    at: Stop['at'],
    found: Found | null | undefined,
    frame: Frame,
    around: readonly BoundaryFrame[] = [],
  ): boolean {
    // Asked at every call and crossing: nothing is made where nothing is wrong.
    if (!found) return false;
    const decision = this.#decider.atViolation(found, frame);
    if (decision) this.#stop(at, decision, [...around, ...this.#calls.frames]);
    return decision !== null;
  }

  #disarm(): void {
    this.#guest.recorder.armAll(false);
    this.#service();
  }

  /** A host function threw, or returned what its type does not allow. The guest traps after this. @throws GuestEnded */
  hostThrew(frame: ImportFrame, trap: HostTrap): void {
    this.#service();
    if (!this.#decider.stopsAtFailure(FAILURES, frame)) return;
    const { code, message, hostStack } = trap;
    const problem = { code, message, ...(hostStack !== undefined && { stack: hostStack }) };
    this.#stop('import', { reason: 'host exception', breakpointIds: [], problem }, [
      frame,
      ...this.#calls.frames,
    ]);
  }

  /** Whether this error only tells that the session ends. The engine has been cancelled then. */
  isEnding(thrown: unknown): boolean {
    return this.#channel.ending !== Ending.no && (thrown instanceof GuestEnded || this.wasReported(thrown));
  }

  /** Whether this error has come out of a call already: it is then only passing through a host function. */
  wasReported(thrown: unknown): thrown is object {
    return typeof thrown === 'object' && thrown !== null && this.#reported.has(thrown);
  }

  callBegins(call: CallFrame): void {
    const { probes } = this.#guest;
    if (probes) call.stackBase = probes.stackPointer;
    this.#service();
    const [found] = this.#checks.begins(call);
    if (this.#stopOnEntry) {
      this.#stopOnEntry = false;
      this.#stop('call begin', { reason: 'entry', breakpointIds: [] }, this.#calls.frames);
      return;
    }
    if (this.#stopAtViolation('call begin', found, call)) return;
    if (!this.#stopsSoon && !this.#decider.watchesExport(call.index)) return;
    const point = { at: 'call begin', depth: this.#calls.depth } as const;
    const decision = this.#decider.atCallBegin(call.index, call, point, this.#asked);
    if (decision) this.#stop('call begin', decision, this.#calls.frames);
  }

  callReturned(call: CallFrame): void {
    this.#service();
    const { seen, own } = this.#checks.ended(call, true);
    this.#tell(own, call);
    if (this.#stopAtViolation('call end', seen[0] ?? own, call)) return;
    if (!this.#stopsSoon) return;
    const decision = this.#decider.atCallEnd({ at: 'call end', depth: this.#calls.depth }, this.#asked);
    if (decision) this.#stop('call end', decision, this.#calls.frames);
  }

  #foundWherePassed(call: CallFrame, passed: PassedBuffer): readonly Found[] {
    const seen = this.#checks.passed(call, passed);
    if (passed.direction === 'argument' || passed.policy.startsWith('elements-')) return seen;
    const unchanged = this.#checks.returned(call, passed.place, { kind: 'export', index: call.index });
    this.#tell(unchanged, call);
    return unchanged ? [...seen, unchanged] : seen;
  }

  /** Whether a call that only reaches an element of an array need not be seen by itself. @throws GuestEnded */
  folds(index: number): boolean {
    this.#service();
    return !this.#stopsSoon && !this.#decider.watchesExport(index);
  }

  /** Whether calls of an export need not be seen as long as nothing enters JavaScript in them. */
  passesOver(index: number): boolean {
    return !this.#stopsSoon && !this.#checks.seesEach && !this.#decider.watchesExport(index);
  }

  passedOver(index: number): void {
    this.#checks.memoryKept(index);
  }

  /** @throws GuestEnded */
  bufferPassed(call: CallFrame, passed: PassedBuffer): void {
    this.#service();
    const { problem } = passed;
    if (problem) this.#tell(findingOf(problem, call), call);
    const found = this.#foundWherePassed(call, passed);
    const decision = this.#decider.atPassed(call, passed, this.#asked, found);
    const at = passed.direction === 'argument' ? 'call begin' : 'call end';
    if (decision) this.#stop(at, decision, this.#calls.frames);
  }

  /** Before _start or _initialize, which is the export `exportIndex`. @throws GuestEnded */
  entryBegins(frame: EntryFrame, exportIndex: number): void {
    const { probes } = this.#guest;
    if (probes) frame.stackBase = probes.stackPointer;
    this.#service();
    if (this.#stopOnEntry) {
      this.#stopOnEntry = false;
      this.#stop('entry', { reason: 'entry', breakpointIds: [] }, this.#calls.frames);
      return;
    }
    const point = { at: 'entry', depth: this.#calls.depth } as const;
    const decision = this.#decider.atCallBegin(exportIndex, frame, point, this.#asked);
    if (decision) this.#stop('entry', decision, this.#calls.frames);
  }

  /** A call, or the entry, did not return. */
  callFailed(frame: CallFrame | EntryFrame, thrown: unknown): void {
    try {
      this.#failed(frame, thrown);
    } finally {
      // Until here the frames of what failed were there to be looked at.
      this.#guest.probes?.unwindTo(frame.stackBase);
      this.#guest.probes?.thrown?.landed();
    }
  }

  #failed(frame: CallFrame | EntryFrame, thrown: unknown): void {
    if (frame.kind === 'call') this.#checks.ended(frame, false);
    const failure = classifyCallFailure(thrown);
    const known = this.wasReported(thrown);
    const left = known ? this.#reported.get(thrown) : this.#leftBy(failure, frame);
    if (failure.kind !== 'refused' && typeof thrown === 'object' && thrown !== null)
      this.#reported.set(thrown, left ?? null);
    const report = reportFailure(frame, failure, left);
    if (!report) return;
    const { probes } = this.#guest;
    this.#channel.send({ ...report.message, ...(probes && { frames: functionsOf(probes, frame) }) });
    if (!report.engine) return;
    const { reason, filters, problem } = report.engine;
    if (!known && this.#decider.stopsAtFailure(filters, frame)) {
      this.#stop('call end', { reason, breakpointIds: [], problem }, this.#calls.frames);
    } else if (this.#stepper.stopsAt({ at: 'call end', depth: this.#calls.depth })) {
      this.#stop('call end', { reason: 'step', breakpointIds: [], problem }, this.#calls.frames);
    }
  }

  #leftBy(failure: CallFailure, { stackBase }: CallFrame | EntryFrame): LeftByException | null {
    const { probes } = this.#guest;
    return probes && leftByException(probes, failure, stackBase);
  }

  /** Blocks until the user resumes. @throws GuestEnded */
  #stop(at: Stop['at'], decision: Decision, frames: BoundaryFrame[], site: SitePoint | null = null): void {
    this.#pausing = false;
    this.#calls.arrays?.flush();
    const merged = this.#guest.probes?.merge(frames) ?? frames;
    // Who steps by lines and comes to an import on the way goes on by lines from its caller.
    const from =
      site ??
      (at === 'site' || at === 'throw' ? topOf(merged) : null) ??
      (at === 'import' && this.#stepper.stepsLines ? belowCaller(merged) : null);
    const { step, ...how } = this.#server.serve(at, decision, merged);
    this.#stepper.begin(step, { at, depth: this.#calls.depth }, from, how);
    this.arming.arm();
    // A message may have come before this thread said that it runs: nobody armed for it.
    this.#service();
  }
}

/** An import as a point of its own, above the function that has called it; null where none is known. */
function belowCaller(frames: readonly Frame[]): SitePoint | null {
  const caller = frames[1];
  return caller?.kind === 'function'
    ? { address: caller.address + 1, functionIndex: -1, line: -1, site: -1 }
    : null;
}

/** Where the innermost function stands, its line not being known. */
function topOf([top]: readonly Frame[]): SitePoint | null {
  if (top?.kind !== 'function') return null;
  return { address: top.address, functionIndex: top.functionIndex, line: -1, site: -1 };
}

/** Filters that stop where a host function fails: its guest traps, by an exception. */
const FAILURES: readonly FilterName[] = ['traps', 'uncaughtExceptions'];

function ignore(): void {
  // Told elsewhere.
}
