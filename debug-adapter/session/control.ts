import * as z from 'zod';
import type { StepKind } from '../../protocol/runner.ts';
import { checkThread, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { ErrorId, RequestError } from './request-error.ts';
import { forgetStop } from './stops.ts';

const threadSchema = z.object({ threadId: z.number().int() });

function go(context: SessionContext, threadId: number, step: StepKind): void {
  checkThread(threadId);
  const run = requireRun(context);
  run.requireStop();
  forgetStop(context);
  run.resume(step);
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
    continue: handler(threadSchema, ({ threadId }) => {
      go(context, threadId, 'continue');
      return { allThreadsContinued: true };
    }),
    next: handler(threadSchema, ({ threadId }) => go(context, threadId, 'over')),
    stepIn: handler(threadSchema, ({ threadId }) => go(context, threadId, 'into')),
    stepOut: handler(threadSchema, ({ threadId }) => go(context, threadId, 'out')),
    pause: handler(threadSchema, ({ threadId }) => pause(context, threadId)),
  };
}
