import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { checkThread, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { trapPlace } from './prepare.ts';
import { ErrorId, RequestError } from './request-error.ts';

/** Details of a stop that reports something wrong. */
function exceptionInfo(context: SessionContext): DebugProtocol.ExceptionInfoResponse['body'] {
  const run = requireRun(context);
  const stop = run.requireStop();
  const { problem } = stop;
  if (!problem) {
    throw new RequestError(ErrorId.noSuchId, 'The guest is not stopped on anything that went wrong.', {
      showUser: false,
    });
  }
  const { code, message, engineMessage, byteOffset, stack } = problem;
  const description =
    byteOffset === undefined ? message : `${message} ${trapPlace(run.prepared, byteOffset, engineMessage)}`;
  return {
    exceptionId: code,
    description,
    breakMode: stop.reason === 'uncaught exception' ? 'unhandled' : 'always',
    details: {
      message: engineMessage ?? message,
      typeName: code,
      ...(stack === undefined ? {} : { stackTrace: stack }),
    },
  };
}

export function exceptionHandlers(context: SessionContext): Handlers {
  return {
    exceptionInfo: handler(z.object({ threadId: z.number().int() }), ({ threadId }) => {
      checkThread(threadId);
      return exceptionInfo(context);
    }),
  };
}
