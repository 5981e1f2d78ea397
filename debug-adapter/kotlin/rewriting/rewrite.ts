import { UserError } from '../../errors.ts';
import { MalformedModule } from '../../wasm/byte-reader.ts';
import { NameSection } from '../../wasm/names.ts';
import { VALUES_SIZE } from './access.ts';
import { Accessors } from './accessors.ts';
import { appendedIndices } from './appended-indices.ts';
import {
  appendMemory,
  appendSections,
  appendStack,
  appendStops,
  exportNames,
  freeNames,
  nothingAppended,
} from './appended-sections.ts';
import { BlockTypes } from './block-types.ts';
import {
  type FrameGathering,
  type Gathering,
  isLeftAlone,
  rewriteBody,
  rewriteBodyWithFrame,
} from './body-rewriter.ts';
import { moveCodeMetadata } from './code-metadata.ts';
import { Edits } from './edits.ts';
import { MemoryWatch } from './memory-watch.ts';
import { type ModuleShape, readShape } from './module-shape.ts';
import { readModuleTypes } from './module-types.ts';
import { TYPE } from './opcodes.ts';
import type { FunctionPlan, Rewritten, RewritePlan, RewrittenFunction } from './plan.ts';
import { SITES_AT, WATCH } from './probe-code.ts';
import { Stack } from './stack.ts';
import { keepingOf, ThrownKeeping } from './thrown.ts';

/**
 * Puts into a module what lets its host stop it at chosen operators and, where the plan asks for that, read its stack.
 * Nothing of the module gets another index: types, tables, memories, globals, functions and exports are appended, code is
 * inserted.
 *
 * @throws UserError `program-not-a-module` where the module is damaged, `function-not-readable` where a function that is
 *   to be rewritten holds what cannot be decoded.
 * @throws RangeError where the plan names a function that the module does not define, or one twice.
 */
export function rewrite(bytes: Uint8Array, plan: RewritePlan): Rewritten {
  const shape = readWhole(() => readShape(bytes));
  const indices = appendedIndices(shape);
  const appended = nothingAppended();
  appended.type.add((writer) => writer.raw([0x60, 1, TYPE.i32, 0]));
  const types = plan.stack || plan.access ? readWhole(() => readModuleTypes(shape)) : [];
  const thrown = plan.stack ? keepingOf(plan, shape, types, appended, indices) : null;
  const functionsBefore = (plan.stack ? 1 : 0) + (thrown ? ThrownKeeping.functions : 0);
  const watch =
    plan.memoryAccesses === true && shape.hasMemory32
      ? new MemoryWatch(shape, appended, indices, indices.deepen + functionsBefore)
      : null;
  const gathering: Gathering = { bytes, indices, edits: new Edits(), sites: [], watch, thrown };
  const framing: FrameGathering | null = plan.stack
    ? { types, blockTypes: new BlockTypes(appended.type, shape.counts.types), frames: [] }
    : null;
  const functions = inOrder(plan.functions).map((each) => rewriteFunction(shape, gathering, framing, each));
  if (watch || thrown) rewriteOthers(shape, gathering, plan.functions);

  const { edits, sites } = gathering;
  const valuesAt = alignUp(SITES_AT + sites.length);
  const stackAt = valuesAt + (plan.access ? VALUES_SIZE : 0);
  const stack = plan.stack && framing ? new Stack(stackAt, plan.stack.depth, framing.frames) : null;
  const hasReferences = framing?.frames.some(({ referencesLocal }) => referencesLocal !== null) === true;
  const free = freeNames(shape);
  const exports = exportNames(free, stack, hasReferences);
  appendStops(appended, indices, exports);
  appendMemory(appended, stackAt, stack);
  if (stack) appendStack(appended, indices, exports, stack);
  if (stack) thrown?.append(stack.base, hasReferences);
  watch?.append();
  const accessors = plan.access ? new Accessors(appended, indices, types, valuesAt, free) : null;
  const access =
    accessors && plan.access
      ? accessors.append(plan.access.types, hasReferences, thrown?.reference ?? null)
      : null;
  const kept = thrown && thrown.exports(access?.takeThrown ?? null, free);
  appendSections(shape, appended, edits);
  moveCodeMetadata(shape, edits);
  return {
    ...edits.apply(bytes),
    sites,
    functions,
    exports,
    memory: { sitesAt: SITES_AT, stackAt },
    access,
    watch: watch && WATCH,
    thrown: kept,
  };
}

const alignUp = (address: number) => Math.ceil(address / 16) * 16;

function inOrder(functions: readonly FunctionPlan[]): FunctionPlan[] {
  const sorted = [...functions].sort((a, b) => a.functionIndex - b.functionIndex);
  const twice = sorted.find(({ functionIndex }, i) => functionIndex === sorted[i - 1]?.functionIndex);
  if (twice) throw new RangeError(`The plan names function ${twice.functionIndex} twice.`);
  return sorted;
}

/** Puts into all functions that the plan does not name what watches their accesses to memory, and what keeps exceptions. */
function rewriteOthers(shape: ModuleShape, gathering: Gathering, planned: readonly FunctionPlan[]): void {
  const done = new Set(planned.map(({ functionIndex }) => functionIndex));
  for (const [i, body] of shape.bodies.entries()) {
    const functionIndex = shape.importedFunctions + i;
    if (done.has(functionIndex) || isLeftAlone(gathering, body)) continue;
    rewriteFunction(shape, gathering, null, { functionIndex, probes: [] });
  }
}

function readWhole<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof MalformedModule)) throw thrown;
    throw new UserError(
      'program-not-a-module',
      `The program is a damaged WebAssembly module: ${thrown.message} (byte ${thrown.offset}). Build it again.`,
    );
  }
}

function rewriteFunction(
  shape: ModuleShape,
  gathering: Gathering,
  framing: FrameGathering | null,
  plan: FunctionPlan,
): RewrittenFunction {
  const { functionIndex } = plan;
  const body = shape.bodies[functionIndex - shape.importedFunctions];
  const type = framing?.types[shape.functionTypes[functionIndex] ?? -1];
  if (!body || (framing && !type)) throw new RangeError(`The module defines no function ${functionIndex}.`);
  try {
    return framing && type
      ? rewriteBodyWithFrame(gathering, framing, body, plan, type)
      : rewriteBody(gathering, body, plan);
  } catch (thrown) {
    if (!(thrown instanceof MalformedModule)) throw thrown;
    const name = functionName(shape, functionIndex);
    throw new UserError(
      'function-not-readable',
      `Function ${functionIndex}${name === null ? '' : ` (${name})`} cannot be prepared for debugging: ` +
        `${thrown.message} (byte ${thrown.offset}). It may use an instruction that is not known here; ` +
        'build it without that, or leave the function out.',
    );
  }
}

function functionName({ bytes, sections }: ModuleShape, functionIndex: number): string | null {
  const section = sections.find(({ name }) => name === 'name');
  return section ? new NameSection(bytes, section.start, section.end).functionName(functionIndex) : null;
}
