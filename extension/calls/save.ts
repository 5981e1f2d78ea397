import * as vscode from 'vscode';

/**
 * Asks for a file and writes bytes there; nothing happens where the question is left unanswered.
 * @param name proposed for the file; the guest has chosen a part of it
 */
export async function saveBytes(name: string, bytes: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const proposed = name.replace(/[^\w.-]+/g, '_').slice(-100);
  const file = await vscode.window.showSaveDialog({
    saveLabel: 'Save Bytes',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, proposed) }),
  });
  if (!file) return;
  await vscode.workspace.fs.writeFile(file, bytes);
}
