import * as vscode from 'vscode';
import { provideWasmedge, type AdapterProgram } from '../adapter/program.ts';

/** Context key: a WasmEdge was found or provided. The walkthrough's first step is done by it. */
export const WASMEDGE_READY = 'kotlin-wasmedge.wasmedgeReady';

/** Provides WasmEdge with a notification that tells the progress and can be cancelled. @returns whether it is there now */
export async function setUpWasmedge(
  program: AdapterProgram,
  version: string,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  const title = `Providing WasmEdge ${version}`;
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return provideWasmedge(
          program,
          version,
          (line) => {
            log.info(line);
            progress.report({ message: line });
          },
          abort.signal,
        );
      },
    );
  } catch (error) {
    if ((error as Error).name === 'AbortError') return false;
    log.error(error as Error);
    const show = 'Show Log';
    const said = (error as Error).message;
    void vscode.window
      .showErrorMessage(`WasmEdge ${version} could not be provided: ${said}`, show)
      .then((chosen) => chosen === show && log.show());
    return false;
  }
  await vscode.commands.executeCommand('setContext', WASMEDGE_READY, true);
  return true;
}

/** The command "Set Up WasmEdge". */
export async function askAndSetUpWasmedge(
  program: AdapterProgram,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const versions = [
    { label: '0.17', description: 'recommended' },
    { label: '0.14', description: 'for guests with legacy exception handling (Kotlin 2.2 and earlier)' },
  ];
  const picked = await vscode.window.showQuickPick(versions, {
    title: 'Set Up WasmEdge',
    placeHolder: 'Which version? It is kept in your cache folder; nothing on the system is changed.',
  });
  if (picked && (await setUpWasmedge(program, picked.label, log)))
    void vscode.window.showInformationMessage(`WasmEdge ${picked.label} is there.`);
}
