import * as vscode from 'vscode';
import type { DebuggedSession } from './sessions.ts';

/** VS Code opens its memory view with this editor only. */
const HEX_EDITOR = 'ms-vscode.hexeditor';
/** The command behind the editor's "View Binary Data" (debug/browser/variablesView.ts in VS Code). */
const VIEW_MEMORY = 'workbench.debug.viewlet.action.viewMemory';

/** Opens captured bytes in the editor's memory view, or says why that cannot be. */
export async function openMemory(session: DebuggedSession, memoryReference: string): Promise<void> {
  if (session.state === 'ended') {
    void vscode.window.showInformationMessage(
      'The session has ended, and the memory view with it. The bytes of each call stay in Boundary Calls.',
    );
    return;
  }
  if (!vscode.extensions.getExtension(HEX_EDITOR)) {
    const install = 'Find the Hex Editor';
    const chosen = await vscode.window.showInformationMessage(
      'The memory view needs the extension “Hex Editor”. Boundary Calls shows the same bytes without it.',
      install,
    );
    if (chosen === install) await vscode.commands.executeCommand('workbench.extensions.search', HEX_EDITOR);
    return;
  }
  await vscode.commands.executeCommand(VIEW_MEMORY, { sessionId: session.id, variable: { memoryReference } });
}
