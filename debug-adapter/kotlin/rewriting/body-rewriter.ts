import type { AppendedIndices } from './appended-indices.ts';
import { decodeBody, type DecodedBody } from './body-decoder.ts';
import type { Edits } from './edits.ts';
import type { Body } from './module-shape.ts';
import { OP } from './opcodes.ts';
import type { FunctionPlan, Site } from './plan.ts';
import { probe } from './probe-code.ts';

/** Offsets of operators before which the function is to stop, in order. */
function stopOffsets({ operators }: DecodedBody, { probes, pausePoints }: FunctionPlan): Set<number> {
  const wanted = new Set(probes);
  const offsets = new Set<number>();
  // A function's first operator stands as a loop's does: right after something was entered.
  let entered = true;
  for (const { code, start } of operators) {
    if (wanted.has(start) || (pausePoints === true && entered)) offsets.add(start);
    entered = code === OP.loop;
  }
  return offsets;
}

/** Rewrites one body: adds its edits and its sites, which are numbered on from those that there are. */
export function rewriteBody(
  bytes: Uint8Array,
  body: Body,
  plan: FunctionPlan,
  indices: AppendedIndices,
  edits: Edits,
  sites: Site[],
): void {
  const decoded = decodeBody(bytes, body);
  const stops = stopOffsets(decoded, plan);
  const first = edits.count;
  for (const { start } of decoded.operators) {
    if (!stops.has(start)) continue;
    const site = sites.length;
    sites.push({ site, functionIndex: plan.functionIndex, offset: start });
    edits.insert(start, (code) => probe(code, indices, site, () => undefined));
  }
  const size = body.end - body.start + edits.growth(first);
  edits.insert(body.sizeAt, (writer) => writer.u32(size), body.start - body.sizeAt);
}
