import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { mayAssign } from '../runner/expressions.ts';
import { frameIndex, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { announceEdit } from './memory.ts';
import { assign, presentValue } from './variables.ts';

const evaluateSchema = z.object({
  expression: z.string(),
  frameId: z.number().int().optional(),
  context: z.string().default('repl'),
});

const setExpressionSchema = z.object({
  expression: z.string(),
  value: z.string(),
  frameId: z.number().int().optional(),
});

const completionsSchema = z.object({
  text: z.string(),
  column: z.number().int(),
  line: z.number().int().optional(),
  frameId: z.number().int().optional(),
});

async function evaluate(
  context: SessionContext,
  { expression, frameId, context: purpose }: z.infer<typeof evaluateSchema>,
): Promise<DebugProtocol.EvaluateResponse['body']> {
  const frame = frameIndex(context, frameId);
  const value = await requireRun(context).requestStopped('evaluate', {
    frame,
    expression,
    // A copy is of the whole value, not of what fits into a line.
    ...(purpose === 'clipboard' ? { full: true } : {}),
  });
  if (purpose === 'repl' && mayAssign(expression)) announceEdit(context);
  return { result: value.value, ...presentValue(context, frame, value) };
}

/** What is being typed before the cursor: a completion takes its place. */
const TYPED = /[A-Za-z_$][\w$]*$/;

async function completions(
  context: SessionContext,
  { text, column, line, frameId }: z.infer<typeof completionsSchema>,
): Promise<{ targets: DebugProtocol.CompletionItem[] }> {
  const { columnsStartAt1, linesStartAt1 } = context.client;
  const before = text
    .split('\n')
    .slice(0, line === undefined ? 0 : line - Number(linesStartAt1))
    .reduce((length, each) => length + each.length + 1, 0);
  const offset = Math.max(0, Math.min(text.length, before + column - Number(columnsStartAt1)));
  const { labels } = await requireRun(context).requestStopped('completions', {
    frame: frameIndex(context, frameId),
    text,
    column: offset + 1,
  });
  const typed = TYPED.exec(text.slice(0, offset))?.[0].length ?? 0;
  const start = offset - before - typed + Number(columnsStartAt1);
  return { targets: labels.map((label) => ({ label, start, length: typed, type: 'property' })) };
}

/** Expressions over a frame of the stop, and changing what they name. */
export function evaluateHandlers(context: SessionContext): Handlers {
  return {
    evaluate: handler(evaluateSchema, (args) => evaluate(context, args)),
    setExpression: handler(setExpressionSchema, ({ expression, value, frameId }) =>
      assign(context, frameIndex(context, frameId), expression, value),
    ),
    completions: handler(completionsSchema, (args) => completions(context, args)),
  };
}
