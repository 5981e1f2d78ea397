import * as vscode from 'vscode';

/** Body of `boundary/pauseUnanswered`: the guest has made no crossing since it was asked to pause. */
interface PauseUnanswered {
  message?: string;
}

/** Says that a pause has not taken effect, and offers to end the guest; once for each pause. */
export class PauseWatch {
  private readonly session: vscode.DebugSession;
  private open = false;

  constructor(session: vscode.DebugSession) {
    this.session = session;
  }

  unanswered(body: unknown): void {
    if (this.open) return;
    this.open = true;
    const terminate = 'Terminate';
    const { message } = (body ?? {}) as PauseUnanswered;
    void vscode.window
      .showWarningMessage(
        message ??
          'The guest has not called the host since you asked it to pause: it will stop at its next crossing.',
        terminate,
      )
      .then((chosen) => {
        this.open = false;
        if (chosen === terminate) void vscode.debug.stopDebugging(this.session);
      });
  }
}
