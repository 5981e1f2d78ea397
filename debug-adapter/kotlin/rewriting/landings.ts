import { MalformedModule } from '../../wasm/byte-reader.ts';
import type { Operator } from './body-decoder.ts';
import { OP } from './opcodes.ts';

const OPENING: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if, OP.try, OP.tryTable]);
const CLOSING: ReadonlySet<number> = new Set([OP.end, OP.delegate]);

export interface Nesting {
  /** Of each operator, how many blocks are open around it. */
  depths: Uint32Array;
  /**
   * Numbers of the operators after which code stands that an exception can lead to: `catch` and `catch_all`, the `end` of
   * a block and the beginning of a loop that a `try_table` names. The function's own end is not among them.
   */
  landings: ReadonlySet<number>;
  /** Those of them where exceptions of one tag are caught. */
  catches: ReadonlySet<number>;
  /** Whether there is a handler for exceptions of any tag. */
  catchesAll: boolean;
}

const CATCH_ALL = 2;

/** @throws MalformedModule where a `try_table` names a block that is not open. */
export function findNesting(operators: readonly Operator[]): Nesting {
  const depths = new Uint32Array(operators.length);
  const landings = new Set<number>();
  const catches = new Set<number>();
  let catchesAll = false;
  const open: { at: number; loop: boolean; landing: boolean; catches: boolean }[] = [];
  for (const [at, { code, start, immediates }] of operators.entries()) {
    const closed = CLOSING.has(code) ? open.pop() : undefined;
    if (closed?.landing === true) landings.add(at);
    if (closed?.catches === true) catches.add(at);
    depths[at] = open.length;
    if (code === OP.catch || code === OP.catchAll) landings.add(at);
    if (code === OP.catch) catches.add(at);
    if (code === OP.catchAll) catchesAll = true;
    for (const { kind, depth } of (code === OP.tryTable && immediates.tryTable) || []) {
      if (depth > open.length) throw new MalformedModule('a handler names a block that is not open', start);
      if ((kind as number) >= CATCH_ALL) catchesAll = true;
      const target = open[open.length - 1 - depth];
      if (target?.loop === true) landings.add(target.at);
      else if (target) {
        target.landing = true;
        target.catches ||= (kind as number) < CATCH_ALL;
      }
    }
    if (OPENING.has(code)) open.push({ at, loop: code === OP.loop, landing: false, catches: false });
  }
  return { depths, landings, catches, catchesAll };
}
