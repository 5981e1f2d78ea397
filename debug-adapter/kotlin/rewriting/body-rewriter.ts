import { ByteReader, MalformedModule } from '../../wasm/byte-reader.ts';
import type { AppendedIndices } from './appended-indices.ts';
import type { BlockTypes } from './block-types.ts';
import { decodeBody, type DecodedBody, type Operator } from './body-decoder.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Edits } from './edits.ts';
import { FrameCode } from './frame-code.ts';
import { type FrameLayout, type KeptLocal, layOutFrame } from './frame-layout.ts';
import { findNesting } from './landings.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Body } from './module-shape.ts';
import type { TypeEntry } from './module-types.ts';
import { OP, TYPE } from './opcodes.ts';
import type { FunctionPlan, RewrittenFunction, Site } from './plan.ts';
import { probe } from './probe-code.ts';
import type { ThrownKeeping } from './thrown.ts';

/** What bodies are rewritten with, and where what comes of them is gathered. */
export interface Gathering {
  bytes: Uint8Array;
  indices: AppendedIndices;
  edits: Edits;
  sites: Site[];
  /** Null where accesses to memory are not watched. */
  watch: MemoryWatch | null;
  /** Null where exceptions are not kept. */
  thrown: ThrownKeeping | null;
}

/** The same for functions that get frames. */
export interface FrameGathering {
  types: readonly TypeEntry[];
  blockTypes: BlockTypes;
  frames: FrameLayout[];
}

const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callIndirect, OP.callRef]);
const THROWS: ReadonlySet<number> = new Set([OP.throw, OP.rethrow, OP.throwRef]);
const TAIL_CALLS: ReadonlySet<number> = new Set([OP.returnCall, OP.returnCallIndirect, OP.returnCallRef]);

/** Operators that only hold others together: nothing is done there. */
const SEAMS: ReadonlySet<number> = new Set([
  ...[OP.block, OP.loop, OP.try, OP.tryTable, OP.else, OP.end, OP.catch, OP.catchAll, OP.delegate],
  0x01, // nop
]);
const FIRST_STORE = 0x36;
const LAST_STORE = 0x3e;
const STRUCT_SET = 0xfb05;
const ARRAY_SET = 0xfb0e;

/** Whether what follows an operator may be a statement of its own: it leaves no value, or the code goes on elsewhere. */
function endsStatement(code: number): boolean {
  if (SEAMS.has(code) || THROWS.has(code) || TAIL_CALLS.has(code)) return true;
  if (code >= FIRST_STORE && code <= LAST_STORE) return true;
  return ENDS.has(code);
}

const ENDS: ReadonlySet<number> = new Set([
  ...[OP.if, OP.br, OP.brIf, OP.return, OP.unreachable, OP.localSet, OP.globalSet, OP.tableSet],
  ...[0x0e, OP.drop, STRUCT_SET, ARRAY_SET], // 0x0e: br_table
]);

/** What closes a block, or a part of one: code after it may come from elsewhere than from before it. */
const CLOSING: ReadonlySet<number> = new Set([OP.end, OP.else, OP.catch, OP.catchAll, OP.delegate]);
/** What never leads on to the next operator: `br_table` is 0x0e. */
const LEAVING: ReadonlySet<number> = new Set([
  OP.br,
  0x0e,
  OP.return,
  OP.unreachable,
  ...THROWS,
  ...TAIL_CALLS,
]);

const OPENING: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if, OP.try, OP.tryTable]);

/** Whether control comes from a place to the operators after it, without turning back. */
class Flow {
  /** Blocks that are open: true for a loop, whose end no branch leads to. */
  readonly #loops: boolean[] = [];
  /** How many blocks were open around the ends that branches since the place lead to. */
  readonly #targets = new Set<number>();
  isCut = false;

  /** A place is here. */
  begin(): void {
    this.isCut = false;
    this.#targets.clear();
  }

  pass(code: number, branchDepth: number): void {
    if (OPENING.has(code)) this.#loops.push(code === OP.loop);
    if (code === OP.br) this.#targets.add(this.#loops.length - branchDepth);
    if (LEAVING.has(code)) this.isCut = true;
    if (code !== OP.end) return;
    const isTarget = this.#targets.delete(this.#loops.length);
    if (this.#loops.pop() === false && isTarget) this.isCut = false;
  }
}

/** Offsets of operators before which the function is to stop, in order, and whether the plan names them. */
function stopOffsets(
  { operators }: DecodedBody,
  { probes, continuations = [], every, pausePoints }: FunctionPlan,
): Map<number, boolean> {
  const wanted = new Offsets(probes);
  const going = new Offsets(continuations);
  const offsets = new Map<number, boolean>();
  const last = operators.length - 1;
  let isDue = false;
  const flow = new Flow();
  // A function's first operator stands as a loop's does: right after something was entered.
  let entered = true;
  let begins = true;
  for (const [i, { code, start, immediates }] of operators.entries()) {
    // A source map may lead into the middle of an operator: the one after it is meant.
    const [isBegun, goesOn] = [wanted.reached(start), going.reached(start)];
    isDue ||= isBegun || (goesOn && flow.isCut);
    if (isBegun || goesOn) flow.begin();
    flow.pass(code, immediates.brDepth ?? 0);
    const isWanted = isDue && (i === last || !CLOSING.has(code));
    if (isWanted) isDue = false;
    const isEvery = every === 'operator' || (every === 'statement' && begins && !SEAMS.has(code));
    if (isWanted || isEvery || (pausePoints === true && entered)) offsets.set(start, isWanted);
    entered = code === OP.loop;
    begins = endsStatement(code);
  }
  return offsets;
}

/** Offsets that are come to in order. */
class Offsets {
  readonly #sorted: readonly number[];
  #next = 0;

  constructor(offsets: readonly number[]) {
    this.#sorted = [...offsets].sort((a, b) => a - b);
  }

  /** Whether any lies up to `offset` and after the one that was asked for before. */
  reached(offset: number): boolean {
    const before = this.#next;
    while ((this.#sorted[this.#next] ?? Infinity) <= offset) this.#next += 1;
    return this.#next > before;
  }
}

/** The body's size, which stands before it, once all its edits from number `first` on are made. */
function resize({ edits }: Gathering, body: Body, first: number): void {
  const size = body.end - body.start + edits.growth(first);
  edits.insert(body.sizeAt, (writer) => writer.u32(size), body.start - body.sizeAt);
}

function addSite({ sites }: Gathering, functionIndex: number, offset: number, isPlanned: boolean): number {
  const site = sites.length;
  sites.push({ site, functionIndex, offset, isPlanned });
  return site;
}

/** Where accesses to memory are watched: code around an operator that makes one. */
function watchAccess(
  { edits, watch }: Gathering,
  operator: Operator,
  frame: Parameters<MemoryWatch['around']>[1],
): void {
  const around = watch?.around(operator, frame);
  if (!around) return;
  edits.insert(operator.start, around.before);
  edits.insert(operator.end, around.after);
}

/** Where an exception is thrown: code that keeps it. */
function keepThrown({ edits, thrown }: Gathering, operator: Operator): void {
  const before = thrown?.before(operator);
  if (before) edits.insert(operator.start, before);
}

/** Whether nothing is to be done in a body that the plan does not name. */
export function isLeftAlone({ bytes, watch, thrown }: Gathering, body: Body): boolean {
  if (watch) return false;
  if (!thrown?.mayConcern(bytes.subarray(body.start, body.end))) return true;
  try {
    return !decodeBody(bytes, body).operators.some((operator) => thrown.before(operator));
  } catch (thrownHere) {
    // What it throws is not known then; all else of the guest is.
    if (!(thrownHere instanceof MalformedModule)) throw thrownHere;
    return true;
  }
}

/** Puts probes into a body. @throws MalformedModule where it cannot be decoded. */
export function rewriteBody(gathering: Gathering, body: Body, plan: FunctionPlan): RewrittenFunction {
  const { bytes, edits, indices, thrown } = gathering;
  const decoded = decodeBody(bytes, body);
  const stops = stopOffsets(decoded, plan);
  const catches = thrown ? findNesting(decoded.operators).catches : null;
  const first = edits.count;
  for (const [i, operator] of decoded.operators.entries()) {
    const { start, end } = operator;
    const isPlanned = stops.get(start);
    if (isPlanned !== undefined) {
      const site = addSite(gathering, plan.functionIndex, start, isPlanned);
      edits.insert(start, (code) => probe(code, indices, site));
    }
    watchAccess(gathering, operator, null);
    keepThrown(gathering, operator);
    if (thrown && catches?.has(i)) edits.insert(end, thrown.caught);
  }
  resize(gathering, body, first);
  return { functionIndex: plan.functionIndex, frameSize: 0, slots: [] };
}

/**
 * Puts probes into a body, and code that keeps a frame. The body becomes a block, so that a branch to the function's label
 * comes to the code that gives the frame back.
 *
 * @throws MalformedModule where it cannot be decoded.
 */
export function rewriteBodyWithFrame(
  gathering: Gathering,
  { types, blockTypes, frames }: FrameGathering,
  body: Body,
  plan: FunctionPlan,
  type: TypeEntry,
): RewrittenFunction {
  const { bytes, edits, indices, thrown } = gathering;
  const decoded = decodeBody(bytes, body);
  const { operators, locals } = decoded;
  const { depths, landings, catches, catchesAll } = findNesting(operators);
  const copies = catchesAll ? 2 : 1;
  const frame = layOutFrame(plan.functionIndex, type.params ?? [], locals, plan.locals ?? [], types, copies);
  frames.push(frame);
  const kept = new Map(frame.slots.map((slot) => [slot.local, slot]));
  const code = new FrameCode(frame, indices);
  const stops = stopOffsets(decoded, plan);
  const writtenFrom = new Map<KeptLocal, number>();
  const begin = operators[0]?.start ?? body.end;
  for (const slot of frame.slots) if (slot.parameter) writtenFrom.set(slot, begin);

  /** Of what has been written so far. */
  const reload = (writer: ByteWriter) => code.reload(writer, [...writtenFrom.keys()]);
  const first = edits.count;
  declareLocals(gathering, body, begin, frame);
  edits.insert(begin, (writer) => {
    code.enter(writer);
    blockTypes.write(writer.u8(OP.block), type);
  });
  for (const [i, each] of operators.entries()) {
    const { code: operator, start, end, immediates } = each;
    const isPlanned = stops.get(start);
    if (isPlanned !== undefined) {
      const site = addSite(gathering, plan.functionIndex, start, isPlanned);
      edits.insert(start, (writer) =>
        probe(writer, indices, site, {
          before: () => code.standAt(writer, start),
          after: () => reload(writer),
        }),
      );
    }
    const stand = (writer: ByteWriter) => code.standAt(writer, start);
    if (CALLS.has(operator) || THROWS.has(operator)) edits.insert(start, stand);
    if (THROWS.has(operator)) keepThrown(gathering, each);
    watchAccess(gathering, each, { stand, reload });
    if (CALLS.has(operator)) edits.insert(end, reload);
    if (TAIL_CALLS.has(operator)) edits.insert(start, (writer) => code.leave(writer));
    else if (operator === OP.return) edits.insert(start, (writer) => writer.u8(OP.br).u32(depths[i] ?? 0));
    else if (operator === OP.localSet || operator === OP.localTee) {
      const slot = kept.get(immediates.localIndex ?? -1);
      if (slot) {
        edits.insert(end, (writer) => code.keep(writer, slot));
        if (!writtenFrom.has(slot)) writtenFrom.set(slot, end);
      }
    }
    if (landings.has(i)) {
      edits.insert(end, (writer) => {
        code.land(writer);
        reload(writer);
      });
    }
    if (thrown && catches.has(i)) edits.insert(end, thrown.caught);
  }
  edits.insert(body.end, (writer) => {
    code.leave(writer);
    writer.u8(OP.end);
  });
  resize(gathering, body, first);
  return {
    functionIndex: plan.functionIndex,
    frameSize: frame.size,
    slots: frame.slots.map((slot) => ({
      local: slot.local,
      type: slot.type,
      slot: slot.slot,
      writtenFrom: writtenFrom.get(slot) ?? null,
    })),
  };
}

/** One more run of locals, after the body's own. */
function declareLocals({ bytes, edits }: Gathering, body: Body, begin: number, frame: FrameLayout): void {
  const reader = new ByteReader(bytes, body.start, body.end);
  const runs = reader.u32();
  edits.insert(body.start, (writer) => writer.u32(runs + 1), reader.at - body.start);
  const added = frame.copies * (frame.referencesLocal === null ? 1 : 2);
  edits.insert(begin, (writer) => writer.u32(added).u8(TYPE.i32));
}
