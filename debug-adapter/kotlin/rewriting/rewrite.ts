import { UserError } from '../../errors.ts';
import { MalformedModule } from '../../wasm/byte-reader.ts';
import { NameSection } from '../../wasm/names.ts';
import { appendedIndices, type AppendedIndices } from './appended-indices.ts';
import { appendSections, exportNames } from './appended-sections.ts';
import { rewriteBody } from './body-rewriter.ts';
import { moveCodeMetadata } from './code-metadata.ts';
import { Edits } from './edits.ts';
import { type ModuleShape, readShape } from './module-shape.ts';
import type { FunctionPlan, Rewritten, RewritePlan, Site } from './plan.ts';
import { RELOAD_AT, SITES_AT } from './probe-code.ts';

/**
 * Puts into a module what lets its host stop it at chosen operators. Nothing of the module gets another index: types,
 * tables, memories, globals, functions and exports are appended, code is inserted.
 *
 * @throws UserError `program-not-a-module` where the module is damaged, `function-not-readable` where a function that is
 *   to be rewritten holds what cannot be decoded.
 * @throws RangeError where the plan names a function that the module does not define, or one twice.
 */
export function rewrite(bytes: Uint8Array, plan: RewritePlan): Rewritten {
  const shape = readWhole(bytes);
  const indices = appendedIndices(shape);
  const edits = new Edits();
  const sites: Site[] = [];
  for (const each of inOrder(plan.functions)) rewriteFunction(shape, each, indices, edits, sites);
  const exports = exportNames(shape);
  appendSections(shape, indices, exports, edits, sites.length);
  moveCodeMetadata(shape, edits);
  const { bytes: rewritten, offsets } = edits.apply(bytes);
  return {
    bytes: rewritten,
    sites,
    functions: [],
    exports,
    memory: { sitesAt: SITES_AT, reloadAt: RELOAD_AT, stackAt: 0 },
    offsets,
  };
}

function inOrder(functions: readonly FunctionPlan[]): FunctionPlan[] {
  const sorted = [...functions].sort((a, b) => a.functionIndex - b.functionIndex);
  const twice = sorted.find(({ functionIndex }, i) => functionIndex === sorted[i - 1]?.functionIndex);
  if (twice) throw new RangeError(`The plan names function ${twice.functionIndex} twice.`);
  return sorted;
}

function readWhole(bytes: Uint8Array): ModuleShape {
  try {
    return readShape(bytes);
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
  plan: FunctionPlan,
  indices: AppendedIndices,
  edits: Edits,
  sites: Site[],
): void {
  const { functionIndex } = plan;
  const body = shape.bodies[functionIndex - shape.importedFunctions];
  if (!body) throw new RangeError(`The module defines no function ${functionIndex}.`);
  try {
    rewriteBody(shape.bytes, body, plan, indices, edits, sites);
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
