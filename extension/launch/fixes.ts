import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem, ProblemFix } from '../../protocol/inspection.ts';
import type { AdapterProgram } from '../adapter/program.ts';
import { chooseGuestFile } from './ask.ts';
import { notificationText } from './notification-text.ts';
import { exists, LaunchFile, portablePath } from './launch-file.ts';
import { boundaryFrom } from './launch-json.ts';
import { setUpWasmedge } from './wasmedge-setup.ts';

/** The launch that a problem belongs to. */
export interface AttemptedLaunch {
  folder: vscode.WorkspaceFolder | undefined;
  configuration: vscode.DebugConfiguration;
}

const OPEN_LAUNCH_JSON: ProblemFix = { kind: 'open-launch-json', title: 'Open launch.json' };

/** The button that opens the log, where it has more to say. */
const DETAILS = 'Show Details';

/** Shows problems, each as one sentence with a button that does something about it. */
export class Fixes {
  private readonly program: AdapterProgram;
  private readonly log: vscode.LogOutputChannel;
  /** Warnings are told once for each program. */
  private readonly told = new Set<string>();

  constructor(program: AdapterProgram, log: vscode.LogOutputChannel) {
    this.program = program;
    this.log = log;
  }

  /** Returns at once: a launch must not hang on a notification that nobody looks at. */
  show(problem: Pick<Problem, 'message'> & Partial<Problem>, launch: AttemptedLaunch): void {
    const warning = problem.severity === 'warning';
    if (warning && !this.isNews(`${problem.code ?? ''} ${String(launch.configuration['program'])}`)) return;
    const fix = problem.fix ?? (launch.folder && OPEN_LAUNCH_JSON);
    const { text, shortened } = notificationText(problem.message, fix);
    if (shortened) this.log.error(problem.message);
    const buttons = [...(fix ? [fix.title] : []), ...(shortened ? [DETAILS] : [])];
    const shown = warning
      ? vscode.window.showWarningMessage(text, ...buttons)
      : vscode.window.showErrorMessage(text, ...buttons);
    void shown.then(async (chosen) => {
      if (chosen === DETAILS) return this.log.show();
      if (!fix || chosen !== fix.title) return;
      try {
        await this.apply(fix, launch);
      } catch (error) {
        this.log.error(error as Error);
        void vscode.window.showErrorMessage(`“${fix.title}” failed: ${(error as Error).message}`);
      }
    });
  }

  private isNews(key: string): boolean {
    const news = !this.told.has(key);
    this.told.add(key);
    return news;
  }

  private async apply(fix: ProblemFix, launch: AttemptedLaunch): Promise<void> {
    const { configuration } = launch;
    switch (fix.kind) {
      case 'install-wasmedge':
        if (await setUpWasmedge(this.program, fix.version, this.log)) await retry(launch, {});
        return;
      case 'use-wasmedge-version': {
        const { library: _library, ...rest } = (configuration['wasmedge'] ?? {}) as { library?: string };
        const wasmedge = { ...rest, version: fix.version };
        await saveWhereWritten(launch, { wasmedge });
        return retry(launch, { wasmedge });
      }
      case 'choose-program': {
        const file = await chooseGuestFile(launch.folder?.uri.fsPath);
        if (file === undefined) return;
        await saveWhereWritten(launch, { program: portablePath(file, launch.folder) });
        return retry(launch, { program: file });
      }
      case 'open-launch-json':
        return openLaunchJson(launch);
      case 'paste-boundary':
        return pasteBoundary(fix.text, launch);
      case 'paste-host-module':
        return pasteHostModule(fix.text, launch);
    }
  }
}

async function retry(launch: AttemptedLaunch, change: object): Promise<void> {
  await vscode.debug.startDebugging(launch.folder, { ...launch.configuration, ...change });
}

/** A configuration that is not in launch.json (F5 without one) is changed for this launch only. */
async function saveWhereWritten(launch: AttemptedLaunch, values: Record<string, unknown>): Promise<void> {
  if (launch.folder && isWritten(launch))
    await new LaunchFile(launch.folder).set(launch.configuration, values);
}

function isWritten({ folder, configuration }: AttemptedLaunch): boolean {
  const configurations = vscode.workspace
    .getConfiguration('launch', folder?.uri)
    .inspect<vscode.DebugConfiguration[]>('configurations')?.workspaceFolderValue;
  return (configurations ?? []).some(
    (written) => written.name === configuration.name && written.type === configuration.type,
  );
}

async function openLaunchJson({ folder, configuration }: AttemptedLaunch): Promise<void> {
  if (folder) await new LaunchFile(folder).open(configuration.name);
  else await vscode.commands.executeCommand('workbench.action.debug.configure');
}

async function pasteBoundary(text: string, launch: AttemptedLaunch): Promise<void> {
  const boundary = boundaryFrom(text);
  if (launch.folder && boundary !== undefined) {
    await new LaunchFile(launch.folder).set(launch.configuration, { boundary });
    return;
  }
  await showToCopy(text, 'jsonc');
}

/** Writes `host.mjs` beside launch.json's folder and names it there; never writes over a file. */
async function pasteHostModule(text: string, launch: AttemptedLaunch): Promise<void> {
  if (!launch.folder) return showToCopy(text, 'javascript');
  const configured: unknown = launch.configuration['host'];
  const uri =
    typeof configured === 'string'
      ? vscode.Uri.file(path.resolve(launch.folder.uri.fsPath, configured))
      : vscode.Uri.joinPath(launch.folder.uri, 'host.mjs');
  if (await exists(uri)) {
    await vscode.env.clipboard.writeText(text);
    await vscode.window.showTextDocument(uri);
    const name = path.basename(uri.fsPath);
    void vscode.window.showInformationMessage(
      `${name} is there already: the missing functions are on the clipboard.`,
    );
  } else {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  }
  if (configured === undefined)
    await new LaunchFile(launch.folder).set(launch.configuration, {
      host: portablePath(uri.fsPath, launch.folder),
    });
  await vscode.window.showTextDocument(uri);
}

async function showToCopy(content: string, language: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}
