import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../protocol/debug-type.ts';
import { AdapterFactory } from './adapter/factory.ts';
import { adapterProgram, fieldCondition, redecode } from './adapter/program.ts';
import { OpenSavedLedger } from './calls/open-ledger.ts';
import { CallsView, CALLS_VIEW } from './calls/view.ts';
import { ViewCall } from './calls/view-call.ts';
import { Sessions } from './calls/sessions.ts';
import { StopConditions } from './calls/stop-conditions.ts';
import type { StopCondition } from '../protocol/webview.ts';
import { registerInlineValues } from './kotlin/inline-values.ts';
import { askForArgument, askForGuest } from './launch/ask.ts';
import { OfferedConfigurations } from './launch/configurations.ts';
import { BoundaryProblems } from './problems/boundary-problems.ts';
import { Fixes } from './launch/fixes.ts';
import {
  ASK_FOR_CALLS,
  DynamicConfigurationProvider,
  GuestConfigurationProvider,
} from './launch/provider.ts';
import { askAndSetUpWasmedge } from './launch/wasmedge-setup.ts';

/** Context key: a guest has stopped in this window. The walkthrough's second step is done by it. */
const HAS_STOPPED = 'kotlin-wasmedge.hasStopped';

/** Conditions on decoded values, which were set in the view. */
const CONDITIONS_KEY = 'boundaryCalls.conditions';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Kotlin/Wasm on WasmEdge', { log: true });
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const program = adapterProgram(vscode.Uri.joinPath(dist, 'debug-adapter.js').fsPath);

  const sessions = new Sessions();
  const problems = new BoundaryProblems();
  const conditions = new StopConditions(
    context.workspaceState.get<StopCondition[]>(CONDITIONS_KEY, []),
    (request) => fieldCondition(program, request),
    (kept) => void context.workspaceState.update(CONDITIONS_KEY, kept),
  );
  const view = new CallsView(dist, { sessions, conditions }, context.workspaceState, log);
  const fixes = new Fixes(program, log);
  const offered = new OfferedConfigurations(program, log);
  const factory = new AdapterFactory(program, {
    sessions,
    problems,
    conditions,
    fixes,
    log,
    redecode: (buffer, decoder, call) => {
      // The adapter runs in trusted workspaces only; what reads or runs the workspace's files after its end must, too.
      if (/^(module|kaitai|protobuf):/.test(decoder) && !vscode.workspace.isTrusted) {
        throw new Error('This decoder comes from the workspace: trust the workspace to use it.');
      }
      return redecode(program, { buffer, decoder, call });
    },
    firstStop: () => {
      void vscode.commands.executeCommand('setContext', HAS_STOPPED, true);
      const wanted = vscode.workspace.getConfiguration('kotlin-wasmedge').get<string>('openBoundaryCalls');
      if (wanted === 'firstStop') void view.show(true);
    },
  });
  const provider = new GuestConfigurationProvider(program, offered, fixes, context.workspaceState, log);
  const viewCall = new ViewCall(sessions, factory, view);

  const openLedger = new OpenSavedLedger(program, sessions, view, log);

  context.subscriptions.push(
    log,
    problems,
    openLedger,
    registerInlineValues(),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, factory),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, provider),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      new DynamicConfigurationProvider(offered),
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.onDidChangeActiveDebugSession((session) => {
      if (session) sessions.show(session.id);
    }),
    vscode.window.registerWebviewViewProvider(CALLS_VIEW, view),
    vscode.commands.registerCommand('kotlin-wasmedge.viewBoundaryCall', (first: unknown, second: unknown) =>
      viewCall.run(first, second),
    ),
    vscode.commands.registerCommand('kotlin-wasmedge.openSavedLedger', (uri?: vscode.Uri) =>
      openLedger.run(uri),
    ),
    vscode.commands.registerCommand('kotlin-wasmedge.setUpWasmedge', () => askAndSetUpWasmedge(program, log)),
    vscode.commands.registerCommand('kotlin-wasmedge.debugGuest', (uri?: vscode.Uri) => debugGuest(uri)),
    vscode.commands.registerCommand('kotlin-wasmedge.pickGuest', () => pickGuest()),
    vscode.commands.registerCommand(
      'kotlin-wasmedge.askForArgument',
      (configuration?: vscode.DebugConfiguration) =>
        askForArgument(calledExport(configuration), context.workspaceState),
    ),
  );
}

/** "Debug Guest" on a .wasm file: the user is asked only which export to call. */
async function debugGuest(uri: vscode.Uri | undefined): Promise<void> {
  const folder = uri ? vscode.workspace.getWorkspaceFolder(uri) : vscode.workspace.workspaceFolders?.[0];
  await vscode.debug.startDebugging(folder, {
    type: DEBUG_TYPE,
    request: 'launch',
    name: uri ? `Debug ${uri.path.split('/').at(-1) ?? 'guest'}` : 'Debug a Kotlin/Wasm guest',
    ...(uri && { program: uri.fsPath }),
    [ASK_FOR_CALLS]: true,
  });
}

/** `${command:PickGuest}` in launch.json. */
async function pickGuest(): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const guest = folder ? await askForGuest(folder.uri.fsPath) : null;
  if (guest === null)
    void vscode.window.showErrorMessage('There is no .wasm file in this folder. Build the guest first.');
  return guest ?? undefined;
}

/** The export whose argument a configuration's `${command:AskForArgument}` stands for. */
function calledExport(configuration: vscode.DebugConfiguration | undefined): string {
  const calls: unknown = configuration?.['calls'];
  const first: unknown = Array.isArray(calls) ? calls[0] : undefined;
  const name = typeof first === 'object' && first !== null && 'export' in first ? first.export : undefined;
  return typeof name === 'string' ? name : 'the call';
}
