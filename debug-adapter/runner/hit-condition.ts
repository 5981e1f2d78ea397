import { RunnerError } from './failures.ts';

/** Decides by the number of a hit, counted from 1. */
export type HitCondition = (hit: number) => boolean;

/**
 * Reads `5` or `== 5` (the fifth hit), `> 5`, `>= 5`, `< 5`, `<= 5`, `% 5` (every fifth).
 * @throws RunnerError 'expression' where it is none of these
 */
export function parseHitCondition(source: string): HitCondition {
  const [, operator = '==', digits = ''] = /^\s*(>=|<=|={1,3}|>|<|%)?\s*(\d{1,15})\s*$/.exec(source) ?? [];
  const count = Number(digits);
  if (digits === '' || (operator === '%' && count === 0)) {
    throw new RunnerError({
      code: 'expression',
      message: `“${source.trim()}” is not a hit condition: write a count such as 5, or >= 5, > 5, < 5, <= 5, % 5.`,
    });
  }
  switch (operator) {
    case '>=':
      return (hit) => hit >= count;
    case '<=':
      return (hit) => hit <= count;
    case '>':
      return (hit) => hit > count;
    case '<':
      return (hit) => hit < count;
    case '%':
      return (hit) => hit % count === 0;
    default:
      return (hit) => hit === count;
  }
}
