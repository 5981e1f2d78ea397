import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Direction } from '../../protocol/boundary.ts';
import type { DecoderChoice, FromWebview } from '../../protocol/webview.ts';
import { inspectorHtml } from './html.ts';
import { Inspector, type InspectedModels } from './inspector.ts';
import { openMemory } from './memory.ts';
import { saveBytes } from './save.ts';

export const CALLS_VIEW = 'kotlin-wasmedge.boundaryCalls';
/** Decoders that were chosen in the view, by export. */
const DECODERS_KEY = 'boundaryCalls.decoders';

/** The view "Boundary Calls": a webview that shows what the inspector tells it. */
export class CallsView implements vscode.WebviewViewProvider {
  private readonly dist: vscode.Uri;
  private readonly inspector: Inspector;
  private readonly log: vscode.LogOutputChannel;
  private view: vscode.WebviewView | undefined;

  /** @param memento keeps what was chosen in the view, for this workspace */
  constructor(
    dist: vscode.Uri,
    models: InspectedModels,
    memento: vscode.Memento,
    log: vscode.LogOutputChannel,
  ) {
    this.dist = dist;
    this.log = log;
    this.inspector = new Inspector(models, (message) => void this.view?.webview.postMessage(message), {
      openMemory: (session, memoryReference) => void openMemory(session, memoryReference),
      copy: (text) => void vscode.env.clipboard.writeText(text),
      openLocation: (file, line) => {
        const position = new vscode.Position(Math.max(0, line - 1), 0);
        void vscode.window.showTextDocument(vscode.Uri.file(file), {
          selection: new vscode.Range(position, position),
        });
      },
      save: saveBytes,
      openSaved: () => void vscode.commands.executeCommand('kotlin-wasmedge.openSavedLedger'),
      rememberedDecoders: () => memento.get<Record<string, DecoderChoice>>(DECODERS_KEY, {}),
      rememberDecoders: (decoders) => void memento.update(DECODERS_KEY, decoders),
    });
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    webview.onDidReceiveMessage((message: FromWebview) => {
      this.inspector.handle(message).catch((error: unknown) => {
        this.log.error(error as Error);
        void vscode.window.showErrorMessage(`Boundary Calls: ${(error as Error).message}`);
      });
    });
    view.onDidDispose(() => {
      this.view = undefined;
      this.inspector.detach();
    });
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.inspector.detach();
    });
    webview.html = this.html(webview);
  }

  /** Opens the view without taking the focus away from the editor. */
  async show(preserveFocus: boolean): Promise<void> {
    await vscode.commands.executeCommand(`${CALLS_VIEW}.focus`, { preserveFocus });
  }

  async reveal(sequence: number, direction?: Direction): Promise<void> {
    await this.show(false);
    this.inspector.reveal(sequence, direction);
  }

  private html(webview: vscode.Webview): string {
    const resource = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.dist, name)).toString();
    return inspectorHtml({
      nonce: randomBytes(16).toString('base64'),
      styleSource: webview.cspSource,
      style: resource('webview.css'),
      script: resource('webview.js'),
    });
  }
}
