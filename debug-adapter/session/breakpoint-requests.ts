import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { rulesOf, rulesSchema } from './breakpoint-rules.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { bindBreakpoints } from './binding.ts';
import { disassemblerOf } from './listings.ts';
import { fromClient, toClient } from './numbering.ts';
import { listedFunction } from './sources.ts';

const functionSchema = rulesSchema.extend({ name: z.string() });
const functionsSchema = z.object({ breakpoints: z.array(functionSchema) });

const exceptionsSchema = z.object({
  filters: z.array(z.string()).default([]),
  filterOptions: z.array(z.object({ filterId: z.string(), condition: z.string().optional() })).default([]),
});

const linesSchema = z.object({
  source: z.object({
    path: z.string().optional(),
    name: z.string().optional(),
    sourceReference: z.number().int().optional(),
  }),
  breakpoints: z
    .array(rulesSchema.extend({ line: z.number().int(), column: z.number().int().optional() }))
    .default([]),
});

const locationsSchema = z.object({
  source: linesSchema.shape.source,
  line: z.number().int(),
  endLine: z.number().int().optional(),
});

/** Breakpoints at lines of a function's listing. */
async function setInListing(
  context: SessionContext,
  functionIndex: number,
  requested: z.infer<typeof linesSchema>['breakpoints'],
): Promise<DebugProtocol.Breakpoint[]> {
  const { client, breakpoints } = context;
  const { instructions } = disassemblerOf(requireRun(context)).listing(functionIndex) ?? { instructions: [] };
  breakpoints.offsets.set(
    functionIndex,
    requested.map((each) => {
      const { line } = fromClient(client, each);
      const offset = instructions.find((instruction) => instruction.line >= line)?.offset ?? null;
      return { offset, ...rulesOf(each) };
    }),
  );
  const errors = await bindBreakpoints(context);
  const described = breakpoints.offsets.describe(functionIndex, context.run?.prepared.kotlin, errors);
  return described.map(({ breakpoint, offset }) => {
    const line = instructions.find((instruction) => instruction.offset === offset)?.line;
    return line === undefined ? breakpoint : { ...breakpoint, ...toClient(client, { line }) };
  });
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
      const listed = context.run && listedFunction(context.run, source.sourceReference ?? 0);
      if (typeof listed === 'number') {
        return { breakpoints: await setInListing(context, listed, requested) };
      }
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
