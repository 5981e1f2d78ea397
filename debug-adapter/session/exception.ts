import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { checkThread, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import type { ThrownException } from '../../protocol/kotlin.ts';
import { exceptionLines, placeOfFailure, stackLines } from './guest-stack.ts';
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
  const { code, message, engineMessage, byteOffset, stack, exception } = problem;
  const place = byteOffset === undefined ? null : placeOfFailure(run, stop.frames, byteOffset, engineMessage);
  const description = place === null ? message : `${message} ${place}`;
  return {
    exceptionId: code,
    description,
    breakMode: stop.reason === 'uncaught exception' ? 'unhandled' : 'always',
    details: exception
      ? { ...detailsOf(exception), stackTrace: textOf(exceptionLines(run, exception, stop.frames)) }
      : {
          message: engineMessage ?? message,
          typeName: code,
          ...stackTrace(stack ?? textOf(stackLines(run, stop.frames))),
        },
  };
}

/** An exception and its causes, one within the other. */
function detailsOf({ className, message, cause }: ThrownException): DebugProtocol.ExceptionDetails {
  return {
    typeName: className.slice(className.lastIndexOf('.') + 1),
    fullTypeName: className,
    ...(message !== null && { message }),
    ...(cause && { innerException: [detailsOf(cause)] }),
  };
}

const textOf = (lines: readonly { text: string }[]): string => lines.map(({ text }) => text).join('\n');

function stackTrace(text: string): { stackTrace?: string } {
  return text === '' ? {} : { stackTrace: text };
}

export function exceptionHandlers(context: SessionContext): Handlers {
  return {
    exceptionInfo: handler(z.object({ threadId: z.number().int() }), ({ threadId }) => {
      checkThread(threadId);
      return exceptionInfo(context);
    }),
  };
}
