import * as vscode from 'vscode';
import type { Direction } from '../../protocol/boundary.ts';
import type { AdapterFactory } from '../adapter/factory.ts';
import { directionOf } from './frames.ts';
import type { Sessions } from './sessions.ts';
import type { CallsView } from './view.ts';

/** What VS Code passes to a command of the menu debug/variables/context. */
interface VariableContext {
  sessionId?: string;
  container: { variablesReference?: number };
  variable: { name: string; evaluateName?: string };
}
/** What VS Code passes as the second argument to a command of the menu debug/callstack/context. */
interface FrameContext {
  sessionId: string;
  threadId: string;
  /** `stackframe:THREAD:INDEX:SOURCE`, where THREAD is `threadId`. */
  frameId?: string;
}

interface WantedCall {
  sessionId: string | undefined;
  frameId?: number;
  direction?: Direction;
}

/** The command "View Boundary Call": on a variable, on a stack frame, or without either for the current stop. */
export class ViewCall {
  private readonly sessions: Sessions;
  private readonly factory: AdapterFactory;
  private readonly view: CallsView;

  constructor(sessions: Sessions, factory: AdapterFactory, view: CallsView) {
    this.sessions = sessions;
    this.factory = factory;
    this.view = view;
  }

  async run(first: unknown, second: unknown): Promise<void> {
    const wanted = this.wanted(first, second);
    if (wanted.sessionId !== undefined) this.sessions.show(wanted.sessionId);
    const session = this.sessions.shown;
    if (!session) return this.view.show(false);
    const sequence =
      wanted.frameId === undefined
        ? session.ledgerState.current
        : await session.ledger.locate(wanted.frameId);
    if (sequence === null) {
      await this.view.show(false);
      if (wanted.frameId !== undefined)
        void vscode.window.showInformationMessage('This frame belongs to no boundary call.');
      return;
    }
    await this.view.reveal(sequence, wanted.direction);
  }

  private wanted(first: unknown, second: unknown): WantedCall {
    if (isVariableContext(first)) {
      const reference = first.container.variablesReference;
      const frames = first.sessionId === undefined ? undefined : this.factory.framesOf(first.sessionId);
      const frameId = reference === undefined ? undefined : frames?.ofContainer(reference);
      const direction = directionOf(first.variable);
      return {
        sessionId: first.sessionId,
        ...(frameId !== undefined && { frameId }),
        ...(direction && { direction }),
      };
    }
    if (isFrameContext(second)) {
      const index = parseInt(second.frameId?.slice(`stackframe:${second.threadId}:`.length) ?? '', 10);
      const threadId = Number(/\d+$/.exec(second.threadId)?.[0]);
      const frameId = this.factory.framesOf(second.sessionId)?.at(threadId, index);
      return { sessionId: second.sessionId, ...(frameId !== undefined && { frameId }) };
    }
    return this.activeFrame();
  }

  /** The frame that the debug views have selected. */
  private activeFrame(): WantedCall {
    const item = vscode.debug.activeStackItem;
    const sessionId = item?.session.id ?? vscode.debug.activeDebugSession?.id;
    return {
      sessionId,
      ...(item instanceof vscode.DebugStackFrame && { frameId: item.frameId }),
    };
  }
}

function isVariableContext(value: unknown): value is VariableContext {
  return typeof value === 'object' && value !== null && 'variable' in value && 'container' in value;
}

function isFrameContext(value: unknown): value is FrameContext {
  return typeof value === 'object' && value !== null && 'sessionId' in value && 'threadId' in value;
}
