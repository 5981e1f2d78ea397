import * as z from 'zod';
import type { BreakpointRules } from '../../protocol/runner.ts';

/** What every kind of breakpoint may carry. */
export const rulesSchema = z.object({
  condition: z.string().optional(),
  hitCondition: z.string().optional(),
  logMessage: z.string().optional(),
});

/** What is blank means the same as what is absent. */
export function rulesOf({
  condition,
  hitCondition,
  logMessage,
}: z.infer<typeof rulesSchema>): BreakpointRules {
  const rules = Object.entries({ condition, hitCondition, logMessage });
  return Object.fromEntries(rules.filter(([, text]) => text !== undefined && text.trim() !== ''));
}
