import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { exceptionFilters } from './breakpoints.ts';
import { ErrorId, RequestError } from './request-error.ts';
import { handler, type Handlers, type SessionContext } from './context.ts';

/** What this adapter can do; what is absent it cannot. */
const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  // `logMessage` of a function breakpoint.
  supportsLogPoints: true,
  exceptionBreakpointFilters: exceptionFilters,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.'],
  supportsModulesRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsDisassembleRequest: true,
  supportsInstructionBreakpoints: true,
  supportsSteppingGranularity: true,
  supportsStepInTargetsRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsCancelRequest: true,
};

const initializeSchema = z.object({
  linesStartAt1: z.boolean().default(true),
  columnsStartAt1: z.boolean().default(true),
  pathFormat: z.string().default('path'),
  supportsVariableType: z.boolean().default(false),
  supportsMemoryEvent: z.boolean().default(false),
  supportsInvalidatedEvent: z.boolean().default(false),
});

export function initializeHandlers(context: SessionContext): Handlers {
  return {
    initialize: handler(initializeSchema, ({ pathFormat, ...client }) => {
      if (pathFormat !== 'path') {
        const message = `Paths are files' paths here, not “${pathFormat}”: set pathFormat to "path".`;
        throw new RequestError(ErrorId.badArguments, message, { showUser: true });
      }
      context.client = client;
      return capabilities;
    }),
  };
}
