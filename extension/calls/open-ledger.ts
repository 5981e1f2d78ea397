import path from 'node:path';
import * as vscode from 'vscode';
import type { AdapterProgram } from '../adapter/program.ts';
import { openSavedLedger, type OpenLedger } from './saved-ledger.ts';
import { DebuggedSession, type Sessions } from './sessions.ts';
import type { CallsView } from './view.ts';

/** How saved ledgers are named, without the dot. Any file can be chosen: what it holds counts. */
const EXTENSION = 'ledger';

/** The command "Open Saved Ledger…": shows a ledger that a session has written to a file, without WasmEdge. */
export class OpenSavedLedger {
  private readonly program: AdapterProgram;
  private readonly sessions: Sessions;
  private readonly view: CallsView;
  private readonly log: vscode.LogOutputChannel;
  /** Ledgers that were opened, to tell their sessions apart. */
  private opened = 0;

  constructor(program: AdapterProgram, sessions: Sessions, view: CallsView, log: vscode.LogOutputChannel) {
    this.program = program;
    this.sessions = sessions;
    this.view = view;
    this.log = log;
  }

  /** @param uri of the explorer; asks for a file where there is none */
  async run(uri?: vscode.Uri): Promise<void> {
    const file = uri ?? (await chooseFile());
    if (file) await this.open(file.fsPath);
  }

  /** Ends the processes that read the ledgers. */
  dispose(): void {
    for (const { id } of this.sessions.list()) this.sessions.closeSaved(id);
  }

  private async open(file: string): Promise<void> {
    const name = path.basename(file);
    const id = `saved ledger ${++this.opened}`;
    let read: OpenLedger;
    try {
      read = await this.read(file, (reason) => {
        this.sessions.closeSaved(id);
        this.tell(`The process that reads “${name}” ended ${reason}.`, 'Open Again', () => this.open(file));
      });
    } catch (error) {
      if ((error as Error).name === 'AbortError') return;
      this.tell((error as Error).message, 'Choose Another File…', () => this.run());
      return;
    }
    const { ledger, total, close } = read;
    // Opened again, the file may have more calls: it takes the place of what was read before.
    const before = this.sessions.list().find(({ saved }) => saved?.path === file);
    const session = new DebuggedSession(id, name, ledger, { path: file, close });
    session.acceptChanged({ total, current: null });
    this.sessions.add(session);
    if (before) this.sessions.closeSaved(before.id);
    await this.view.show(false);
  }

  private async read(file: string, died: (reason: string) => void): Promise<OpenLedger> {
    const title = `Opening ${path.basename(file)}`;
    const location = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(location, (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const log = (text: string): void => this.log.info(text.trimEnd());
      return openSavedLedger(this.program, file, { signal: abort.signal, died, log });
    });
  }

  private tell(message: string, action: string, act: () => Promise<void>): void {
    this.log.error(message);
    void vscode.window.showErrorMessage(message, action).then((chosen) => {
      if (chosen === action) void act();
    });
  }
}

async function chooseFile(): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Open Saved Ledger',
    openLabel: 'Open Ledger',
    filters: { 'Saved ledgers': [EXTENSION], 'All files': ['*'] },
    ...(folder && { defaultUri: folder }),
  });
  return chosen?.[0];
}
