import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Direction } from '../../protocol/boundary.ts';

/**
 * Which stack frame a variable or a line of the call stack belongs to, read off the answers that the editor got at the
 * current stop: its menus name them by reference and by position only.
 */
export class Frames {
  /** Thread id → frame ids, innermost first. */
  private readonly stacks = new Map<number, number[]>();
  /** variablesReference → frame id. */
  private readonly owners = new Map<number, number>();

  /** Forgets everything: the guest runs on, and references are reused. */
  clear(): void {
    this.stacks.clear();
    this.owners.clear();
  }

  answered(request: DebugProtocol.Request, response: DebugProtocol.Response): void {
    if (!response.success) return;
    if (request.command === 'stackTrace') {
      const { threadId, startFrame = 0 } = request.arguments as DebugProtocol.StackTraceArguments;
      const { stackFrames } = response.body as DebugProtocol.StackTraceResponse['body'];
      const stack = this.stacks.get(threadId) ?? [];
      stack.splice(startFrame, stackFrames.length, ...stackFrames.map((frame) => frame.id));
      this.stacks.set(threadId, stack);
    } else if (request.command === 'scopes') {
      const { frameId } = request.arguments as DebugProtocol.ScopesArguments;
      const { scopes } = response.body as DebugProtocol.ScopesResponse['body'];
      for (const scope of scopes) this.owners.set(scope.variablesReference, frameId);
    } else if (request.command === 'variables') {
      const { variablesReference } = request.arguments as DebugProtocol.VariablesArguments;
      const owner = this.owners.get(variablesReference);
      const { variables } = response.body as DebugProtocol.VariablesResponse['body'];
      if (owner !== undefined)
        for (const variable of variables)
          if (variable.variablesReference > 0) this.owners.set(variable.variablesReference, owner);
    }
  }

  /** Frame of the variables in a container; undefined where it is none of this stop's. */
  ofContainer(variablesReference: number): number | undefined {
    return this.owners.get(variablesReference);
  }

  /** @param index from the innermost frame of the thread */
  at(threadId: number, index: number): number | undefined {
    return this.stacks.get(threadId)?.[index];
  }
}

/** Which buffer a variable of the scopes shows, by the expression that it is evaluated with. */
export function directionOf(variable: { name: string; evaluateName?: string }): Direction | undefined {
  const root = /^\$?(argument|result)\b/.exec(variable.evaluateName ?? variable.name)?.[1];
  return root === 'argument' || root === 'result' ? root : undefined;
}
