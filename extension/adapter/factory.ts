import * as vscode from 'vscode';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryChanged, BoundarySearching } from '../../protocol/boundary.ts';
import { BOUNDARY_SEARCHING_EVENT } from '../../protocol/dap.ts';
import { Frames } from '../calls/frames.ts';
import { KeptLedger, keepLedger, type Redecode } from '../calls/kept-ledger.ts';
import { LiveLedger } from '../calls/ledger.ts';
import type { StopConditions } from '../calls/stop-conditions.ts';
import { DebuggedSession, type Sessions } from '../calls/sessions.ts';
import { AdapterGuest } from '../calls/stopped-guest.ts';
import type { Fixes } from '../launch/fixes.ts';
import type { BoundaryProblems } from '../problems/boundary-problems.ts';
import { AdapterConnection } from './connection.ts';
import { PauseWatch } from './pause-watch.ts';
import type { AdapterProgram } from './program.ts';
import { SessionAdapter, type SessionObserver } from './session-adapter.ts';

/** Requests after whose answer the guest runs. */
const RESUMING = new Set(['continue', 'next', 'stepIn', 'stepOut', 'restart']);
/** Requests that may have changed a buffer that the inspector shows. */
const EDITING = new Set(['setVariable', 'setExpression', 'writeMemory']);
const isEdit = ({ command, arguments: parameters }: DebugProtocol.Request): boolean =>
  EDITING.has(command) ||
  (command === 'evaluate' && (parameters as DebugProtocol.EvaluateArguments).context === 'repl');

/** What the views need of each session. */
export interface SessionServices {
  sessions: Sessions;
  problems: BoundaryProblems;
  /** Set in the view. */
  conditions: StopConditions;
  fixes: Fixes;
  redecode: Redecode;
  log: vscode.LogOutputChannel;
  /** The guest has stopped for the first time in a session. */
  firstStop(): void;
}

/** Starts a debug adapter for each session, and keeps the model of the sessions up to date from what it says. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  private readonly program: AdapterProgram;
  private readonly services: SessionServices;
  private readonly frames = new Map<string, Frames>();

  constructor(program: AdapterProgram, services: SessionServices) {
    this.program = program;
    this.services = services;
  }

  /** What is known of the stack frames of a session that is there. */
  framesOf(sessionId: string): Frames | undefined {
    return this.frames.get(sessionId);
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const toEditor = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
    let live: LiveLedger | undefined;
    const adapter = new SessionAdapter(
      (listener) => {
        const connection = new AdapterConnection(this.program, session.workspaceFolder?.uri.fsPath, listener);
        live = new LiveLedger(
          connection,
          new AdapterGuest((command, parameters) => connection.requestStandard(command, parameters)),
        );
        return connection;
      },
      (message) => toEditor.fire(message),
      this.observe(session, () => live),
      this.services.conditions,
    );
    const implementation: vscode.DebugAdapter = Object.assign(
      new vscode.Disposable(() => adapter.dispose()),
      {
        onDidSendMessage: toEditor.event,
        handleMessage: (message: vscode.DebugProtocolMessage) =>
          adapter.handleMessage(message as DebugProtocol.ProtocolMessage),
      },
    );
    return new vscode.DebugAdapterInlineImplementation(implementation);
  }

  private observe(session: vscode.DebugSession, ledger: () => LiveLedger | undefined): SessionObserver {
    const { sessions, problems, fixes, redecode, log } = this.services;
    const model = (): DebuggedSession | undefined => sessions.get(session.id);
    // A session whose launch is refused never takes the place of the one that the views show.
    const launched = (): DebuggedSession | undefined => {
      const live = ledger();
      if (!model() && live) {
        sessions.add(new DebuggedSession(session.id, session.name, live));
        problems.launched(session.id);
      }
      return model();
    };
    const frames = new Frames();
    this.frames.set(session.id, frames);
    const pause = new PauseWatch(session);
    let stopped = false;
    const running = (): void => {
      frames.clear();
      if (model()?.setState('running')) sessions.touch();
    };
    return {
      event: (event) => {
        if (event.event === 'stopped') {
          launched()?.setState('stopped');
          sessions.touch();
          if (!stopped) this.services.firstStop();
          stopped = true;
        } else if (event.event === 'continued') running();
        else if (event.event === 'boundary/changed') {
          const changed = event.body as BoundaryChanged;
          launched()?.acceptChanged(changed);
          const live = ledger();
          if (live) problems.changed(session.id, live, changed);
          sessions.touch();
        } else if (event.event === BOUNDARY_SEARCHING_EVENT) {
          ledger()?.searching(event.body as BoundarySearching);
        } else if (event.event === 'boundary/pauseUnanswered') pause.unanswered(event.body);
        else if (event.event === 'memory') sessions.touch();
      },
      answered: (request, response) => {
        frames.answered(request, response);
        if (!response.success) return;
        if (request.command === 'launch') launched();
        if (RESUMING.has(request.command)) running();
        else if (isEdit(request)) sessions.touch();
      },
      ending: async (late) => {
        const live = ledger();
        if (!live) return;
        await problems.settled(session.id, live);
        try {
          model()?.end(await keepLedger(live, redecode, late));
          sessions.touch();
        } catch (error) {
          // A session that never got as far as having a ledger, or an adapter that has just died.
          log.debug(`The calls of “${session.name}” were not kept: ${(error as Error).message}`);
        }
      },
      launchFailed: (problem) => {
        fixes.show(problem, { folder: session.workspaceFolder, configuration: session.configuration });
      },
      died: (reason, stderr) => {
        const seen = ledger()?.remembered();
        if (seen) model()?.end(new KeptLedger(seen.summaries, seen.whole, seen.offered, redecode));
        log.error(`The debug adapter of “${session.name}” ended ${reason}.\n${stderr}`);
        this.tellDeath(session, reason);
      },
      ended: () => {
        model()?.end(null);
        this.frames.delete(session.id);
        sessions.touch();
      },
      log: (text) => log.info(text.trimEnd()),
    };
  }

  private tellDeath(session: vscode.DebugSession, reason: string): void {
    const again = 'Start Again';
    const show = 'Show Log';
    void vscode.window
      .showErrorMessage(
        `The debug adapter of “${session.name}” ended ${reason}, and the guest with it.`,
        again,
        show,
      )
      .then((chosen) => {
        if (chosen === show) this.services.log.show();
        if (chosen === again)
          void vscode.debug.startDebugging(session.workspaceFolder, session.configuration);
      });
  }
}
