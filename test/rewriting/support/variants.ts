import { decodeBody } from '../../../debug-adapter/kotlin/rewriting/body-decoder.ts';
import { readShape } from '../../../debug-adapter/kotlin/rewriting/module-shape.ts';
import type { Rewritten, RewritePlan } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { UserError } from '../../../debug-adapter/errors.ts';

/** Two ways to rewrite all of a module: a probe before every operator; frames and locals, too. */
export const VARIANTS = ['probes', 'stack'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Null where the module holds what cannot be decoded, which is said and changes nothing. */
export function rewriteAll(bytes: Uint8Array, variant: Variant): Rewritten | null {
  try {
    const { bodies, importedFunctions } = readShape(bytes);
    const functions = bodies.map((body, i) => ({
      functionIndex: importedFunctions + i,
      probes: decodeBody(bytes, body).operators.map(({ start }) => start),
      locals: Array.from({ length: 30 }, (_, local) => local),
    }));
    const plan: RewritePlan = variant === 'stack' ? { functions, stack: { depth: 100_000 } } : { functions };
    return rewrite(bytes, plan);
  } catch (thrown) {
    if (thrown instanceof UserError || (thrown as Error).constructor.name === 'MalformedModule') return null;
    throw thrown;
  }
}
