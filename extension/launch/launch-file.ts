import path from 'node:path';
import * as vscode from 'vscode';
import { setInLaunchJson } from './launch-json.ts';

/** `.vscode/launch.json` of a folder, read and edited in the editor, so that an edit can be undone there. */
export class LaunchFile {
  private readonly uri: vscode.Uri;
  private readonly folder: vscode.WorkspaceFolder;

  constructor(folder: vscode.WorkspaceFolder) {
    this.folder = folder;
    this.uri = vscode.Uri.joinPath(folder.uri, '.vscode', 'launch.json');
  }

  /** Writes keys of a configuration, adding the configuration where it is not there, and shows them. */
  async set(configuration: vscode.DebugConfiguration, values: Record<string, unknown>): Promise<void> {
    if (!(await exists(this.uri))) await vscode.workspace.fs.writeFile(this.uri, new Uint8Array());
    const document = await vscode.workspace.openTextDocument(this.uri);
    const { text, range } = setInLaunchJson(document.getText(), this.portable(configuration), values);
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
    edit.replace(this.uri, whole, text);
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await this.show(range);
  }

  /** Opens the file at a configuration; lets the editor create it where there is none. */
  async open(name: string): Promise<void> {
    if (!(await exists(this.uri))) {
      await vscode.commands.executeCommand('workbench.action.debug.configure');
      return;
    }
    const document = await vscode.workspace.openTextDocument(this.uri);
    const at = Math.max(0, document.getText().indexOf(JSON.stringify(name)));
    await this.show([at, at]);
  }

  private async show([start, end]: [number, number]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.uri);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection: range });
  }

  /** Paths within the folder as launch.json is to have them. */
  private portable(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
    return { ...configuration, ...(portableProgram(configuration['program'], this.folder) ?? {}) };
  }
}

/** `{ program: "${workspaceFolder}/…" }` for a program inside the folder. */
function portableProgram(program: unknown, folder: vscode.WorkspaceFolder): { program: string } | null {
  if (typeof program !== 'string') return null;
  return { program: portablePath(program, folder) };
}

/** A path as launch.json should name it: from `${workspaceFolder}` where it lies within. */
export function portablePath(file: string, folder: vscode.WorkspaceFolder | undefined): string {
  if (!folder) return file;
  const relative = path.relative(folder.uri.fsPath, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return file;
  return `\${workspaceFolder}/${relative.split(path.sep).join('/')}`;
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
