import * as z from 'zod';
import type { StepKind, StepTarget } from '../../protocol/runner.ts';
import { checkThread, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { ErrorId, RequestError } from './request-error.ts';
import { stepTargets } from './step-targets.ts';
import { forgetStop } from './stops.ts';

const threadSchema = z.object({ threadId: z.number().int() });
const stepSchema = threadSchema.extend({
  granularity: z.enum(['statement', 'line', 'instruction']).default('statement'),
});

const stepInSchema = stepSchema.extend({ targetId: z.number().int().optional() });

function go(
  context: SessionContext,
  { threadId, granularity }: z.input<typeof stepSchema>,
  step: StepKind,
  target?: StepTarget,
): void {
  checkThread(threadId);
  const run = requireRun(context);
  run.requireStop();
  forgetStop(context);
  run.resume(step, granularity === 'instruction', target);
}

async function pause(context: SessionContext, threadId: number): Promise<void> {
  checkThread(threadId);
  const run = requireRun(context);
  if (run.state === 'stopped') {
    throw new RequestError(ErrorId.alreadyStopped, 'The guest is stopped already.', { showUser: false });
  }
  if (run.state !== 'running') run.requireStop();
  await run.pause();
}

/** Letting the guest go on, and pausing it. */
export function controlHandlers(context: SessionContext): Handlers {
  return {
    continue: handler(threadSchema, (args) => {
      go(context, args, 'continue');
      return { allThreadsContinued: true };
    }),
    next: handler(stepSchema, (args) => go(context, args, 'over')),
    stepIn: handler(stepInSchema, ({ targetId, ...args }) => {
      requireRun(context).requireStop();
      go(context, args, 'into', targetId === undefined ? undefined : context.stepTargets.get(targetId));
    }),
    stepInTargets: handler(z.object({ frameId: z.number().int() }), async ({ frameId }) => ({
      targets: await stepTargets(context, context.frames.get(frameId)),
    })),
    stepOut: handler(stepSchema, (args) => go(context, args, 'out')),
    pause: handler(threadSchema, ({ threadId }) => pause(context, threadId)),
  };
}
