import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type { BreakpointRules } from '../../protocol/runner.ts';
import { handler, type Handlers, type SessionContext } from './context.ts';
import { bindBreakpoints } from './binding.ts';

const functionSchema = z.object({
  name: z.string(),
  condition: z.string().optional(),
  hitCondition: z.string().optional(),
  logMessage: z.string().optional(),
});
const functionsSchema = z.object({ breakpoints: z.array(functionSchema) });

const exceptionsSchema = z.object({
  filters: z.array(z.string()).default([]),
  filterOptions: z.array(z.object({ filterId: z.string(), condition: z.string().optional() })).default([]),
});

const linesSchema = z.object({
  source: z.object({ path: z.string().optional(), name: z.string().optional() }),
  breakpoints: z.array(z.object({ line: z.number().int() })).default([]),
});

const NO_KOTLIN_LINES =
  'Stopping on Kotlin lines is not possible yet. The guest stops where it crosses the boundary: tick the boxes under ' +
  'Breakpoints, or add a function breakpoint named like an import or export.';

/** What is blank means the same as what is absent. */
function rulesOf({ condition, hitCondition, logMessage }: z.infer<typeof functionSchema>): BreakpointRules {
  const rules = Object.entries({ condition, hitCondition, logMessage });
  return Object.fromEntries(rules.filter(([, text]) => text !== undefined && text.trim() !== ''));
}

export function breakpointHandlers(context: SessionContext): Handlers {
  const { breakpoints } = context;
  return {
    setFunctionBreakpoints: handler(functionsSchema, async (args) => {
      breakpoints.setFunctions(args.breakpoints.map((each) => ({ name: each.name, ...rulesOf(each) })));
      const errors = await bindBreakpoints(context);
      const plan = context.run?.prepared.plan ?? null;
      return { breakpoints: breakpoints.describeFunctions(plan, errors) };
    }),

    setExceptionBreakpoints: handler(exceptionsSchema, async ({ filters, filterOptions }) => {
      const requested = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
      const problems = breakpoints.setFilters(requested);
      const errors = await bindBreakpoints(context);
      const answers = requested.map(({ filterId }, index): DebugProtocol.Breakpoint => {
        const message = problems[index] ?? errors.get(filterId);
        return message === undefined ? { verified: true } : { verified: false, reason: 'failed', message };
      });
      return { breakpoints: answers };
    }),

    setBreakpoints: handler(linesSchema, (args) => ({
      breakpoints: args.breakpoints.map(({ line }): DebugProtocol.Breakpoint => ({
        id: breakpoints.newId(),
        verified: false,
        line,
        reason: 'failed',
        message: NO_KOTLIN_LINES,
      })),
    })),
  };
}
