import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type { BreakpointRules } from '../../protocol/runner.ts';
import { handler, type Handlers, type SessionContext } from './context.ts';
import { bindBreakpoints } from './binding.ts';
import { fromClient, toClient } from './numbering.ts';

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
  breakpoints: z
    .array(
      functionSchema
        .omit({ name: true })
        .extend({ line: z.number().int(), column: z.number().int().optional() }),
    )
    .default([]),
});

const locationsSchema = z.object({
  source: linesSchema.shape.source,
  line: z.number().int(),
  endLine: z.number().int().optional(),
});

/** What is blank means the same as what is absent. */
function rulesOf({
  condition,
  hitCondition,
  logMessage,
}: Omit<z.infer<typeof functionSchema>, 'name'>): BreakpointRules {
  const rules = Object.entries({ condition, hitCondition, logMessage });
  return Object.fromEntries(rules.filter(([, text]) => text !== undefined && text.trim() !== ''));
}

export function breakpointHandlers(context: SessionContext): Handlers {
  const { breakpoints } = context;
  return {
    setFunctionBreakpoints: handler(functionsSchema, async (args) => {
      breakpoints.setFunctions(args.breakpoints.map((each) => ({ name: each.name, ...rulesOf(each) })));
      const errors = await bindBreakpoints(context);
      const { plan = null, kotlin = null } = context.run?.prepared ?? {};
      const described = breakpoints.describeFunctions(plan, kotlin, errors);
      return { breakpoints: described.map((each) => toClient(context.client, each)) };
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

    setBreakpoints: handler(linesSchema, async ({ source, breakpoints: requested }) => {
      const { lines } = breakpoints;
      const file = source.path ?? source.name ?? '';
      lines.set(
        file,
        requested.map((each) => {
          const { line, column } = fromClient(context.client, each);
          return { line, ...(column !== undefined && { column }), ...rulesOf(each) };
        }),
      );
      const errors = await bindBreakpoints(context);
      const described = lines.describe(file, context.run?.prepared.kotlin, errors);
      return { breakpoints: described.map((each) => toClient(context.client, each)) };
    }),

    breakpointLocations: handler(locationsSchema, ({ source, line, endLine }) => {
      const { client } = context;
      const { line: first } = fromClient(client, { line });
      const { line: last } = fromClient(client, { line: endLine ?? line });
      const code = context.run?.prepared.kotlin?.lines.between(source.path ?? '', first, last) ?? [];
      const places = new Map(
        code.map(({ line, column }) => [`${line}:${column}`, toClient(client, { line, column })]),
      );
      return { breakpoints: [...places.values()].sort((a, b) => a.line - b.line || a.column - b.column) };
    }),
  };
}
