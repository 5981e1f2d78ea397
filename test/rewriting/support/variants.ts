import { decodeBody } from '../../../debug-adapter/kotlin/rewriting/body-decoder.ts';
import { readShape } from '../../../debug-adapter/kotlin/rewriting/module-shape.ts';
import type { Rewritten, RewritePlan } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { UserError } from '../../../debug-adapter/errors.ts';

/**
 * Ways to rewrite all of a module: a probe before every operator; frames and locals, too; every second function, with all
 * accesses to memory watched.
 */
export const VARIANTS = ['probes', 'stack', 'accesses'] as const;
export type Variant = (typeof VARIANTS)[number];

function planOf(variant: Variant, functions: RewritePlan['functions']): RewritePlan {
  const stack = { depth: 100_000 };
  switch (variant) {
    case 'probes':
      return { functions };
    case 'stack':
      return { functions, stack };
    case 'accesses':
      return { functions: functions.filter((_, i) => i % 2 === 0), stack, memoryAccesses: true };
  }
}

/** Null where the module holds what cannot be decoded, which is said and changes nothing. */
export function rewriteAll(bytes: Uint8Array, variant: Variant): Rewritten | null {
  try {
    const { bodies, importedFunctions } = readShape(bytes);
    const functions = bodies.map((body, i) => ({
      functionIndex: importedFunctions + i,
      probes: decodeBody(bytes, body).operators.map(({ start }) => start),
      locals: Array.from({ length: 30 }, (_, local) => local),
    }));
    return rewrite(bytes, planOf(variant, functions));
  } catch (thrown) {
    if (thrown instanceof UserError || (thrown as Error).constructor.name === 'MalformedModule') return null;
    throw thrown;
  }
}
