import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { fieldCondition } from '../../../debug-adapter/boundary/field-condition.ts';
import { Inspector, type InspectorActions } from '../../../extension/calls/inspector.ts';
import { StopConditions } from '../../../extension/calls/stop-conditions.ts';
import { DebuggedSession, Sessions } from '../../../extension/calls/sessions.ts';
import type { DecoderChoice, FromWebview, ToWebview } from '../../../protocol/webview.ts';
import type { Ledger } from '../../../extension/calls/ledger.ts';
import { provideChromium } from '../../../scripts/editor-chromium.ts';
import { root } from '../../../scripts/paths.ts';
import { inspectorPage, type Theme } from './served-page.ts';

export type { Theme };

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['EDITOR_CHROMIUM'] ?? (await provideChromium(console.log)),
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The call inspector in a browser, with the extension's own half behind it and a ledger of the test's. */
export class InspectorHarness {
  readonly sessions = new Sessions();
  /** Made as the adapter makes them. */
  readonly conditions = new StopConditions(
    [],
    (request) => Promise.resolve().then(() => fieldCondition(request)),
    () => undefined,
  );
  readonly page: Page;
  /** What the view asked the editor to do. */
  readonly actions: { name: keyof InspectorActions; argument: string }[] = [];
  /** Violations of the content security policy, and script errors. */
  readonly complaints: string[] = [];
  /** What a workspace would keep. */
  remembered: Record<string, DecoderChoice> = {};
  private readonly inspector: Inspector;

  private constructor(page: Page) {
    this.page = page;
    this.inspector = new Inspector(this, (message) => void this.toView(message), {
      openMemory: (_session, memoryReference) =>
        this.actions.push({ name: 'openMemory', argument: memoryReference }),
      copy: (text) => this.actions.push({ name: 'copy', argument: text }),
      openLocation: (file, line) => this.actions.push({ name: 'openLocation', argument: `${file}:${line}` }),
      save: (name, bytes) => {
        this.actions.push({ name: 'save', argument: `${name} ${Buffer.from(bytes).toString('hex')}` });
        return Promise.resolve();
      },
      openSaved: () => this.actions.push({ name: 'openSaved', argument: '' }),
      rememberedDecoders: () => this.remembered,
      rememberDecoders: (decoders) => {
        this.remembered = decoders;
      },
    });
  }

  static async open(
    browser: Browser,
    theme: Theme,
    size: { width: number; height: number },
    options: { forcedColors?: boolean } = {},
  ): Promise<InspectorHarness> {
    const context = await browser.newContext({
      viewport: size,
      colorScheme: theme.includes('light') ? 'light' : 'dark',
      ...(options.forcedColors && { forcedColors: 'active' }),
    });
    const page = await context.newPage();
    const harness = new InspectorHarness(page);
    page.on('console', (message) => {
      if (message.type() === 'error') harness.complaints.push(message.text());
    });
    page.on('pageerror', (error) => harness.complaints.push(String(error)));
    await page.exposeFunction('harnessPost', (message: string) =>
      harness.inspector.handle(JSON.parse(message) as FromWebview),
    );
    await page.addInitScript({ content: FAKE_EDITOR });
    await page.goto(await inspectorPage(theme));
    return harness;
  }

  /** Starts a session whose calls are the ledger's. */
  start(ledger: Ledger, name = 'Greet'): DebuggedSession {
    const session = new DebuggedSession(`session-${this.sessions.list().length + 1}`, name, ledger);
    this.sessions.add(session);
    return session;
  }

  /** What the adapter's `boundary/changed` and `stopped` tell. */
  change(session: DebuggedSession, total: number, current: number | null, memoryBytes?: number): void {
    session.acceptChanged({ total, current, ...(memoryBytes !== undefined && { memoryBytes }) });
    session.setState(current === null ? 'running' : 'stopped');
    this.sessions.touch();
  }

  reveal(sequence: number, direction?: 'argument' | 'result'): void {
    this.inspector.reveal(sequence, direction);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** As text, as the editor sends it: what the browser's tools make of an object takes longer than the view. */
  private async toView(message: ToWebview): Promise<void> {
    if (this.page.isClosed()) return;
    const bytes = 'bytes' in message ? Buffer.from(message.bytes).toString('base64') : null;
    const text = JSON.stringify(bytes === null ? message : { ...message, bytes: null });
    await this.page
      .evaluate(
        ([sent, sentBytes]) => {
          const { harnessReceive } = globalThis as unknown as {
            harnessReceive: (text: string, bytes: string | null) => void;
          };
          harnessReceive(sent, sentBytes);
        },
        [text, bytes] as const,
      )
      .catch((error: unknown) => {
        // A message that was on its way when the test closed or reloaded the page.
        if (!this.page.isClosed() && !/context was destroyed/.test(String(error))) throw error;
      });
  }
}

/** Runs in the page before its script: what VS Code puts around a webview. Text, as it must not be compiled. */
const FAKE_EDITOR = `
  let state;
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => void window.harnessPost(JSON.stringify(message)),
    getState: () => state,
    setState: (next) => { state = next; },
  });
  window.harnessReceive = (text, bytes) => {
    const message = JSON.parse(text);
    if (bytes !== null) message.bytes = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    window.postMessage(message);
  };
`;

/** Rules that do not hold for a part of a window, or for which the page has another way. */
const AXE_RULES = {
  rules: {
    // The view has a title of VS Code's own.
    'page-has-heading-one': { enabled: false },
    // Colours are the themes': test/editor/webview/inspector.test.ts holds them to what themes keep.
    'color-contrast': { enabled: false },
    // Grids and lists are scrolled by their own keys, from the element that has the focus and names the active row.
    'scrollable-region-focusable': { enabled: false },
  },
};

/** What a screen reader would stumble over: WCAG's rules and best practices, as axe-core checks them. */
export async function accessibilityProblems(harness: InspectorHarness): Promise<string[]> {
  // The page's policy forbids scripts of others: the check goes in past it, as a browser's tools do.
  await harness.page.evaluate(await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  return harness.page.evaluate<string[]>(`axe
    .run(document, ${JSON.stringify(AXE_RULES)})
    .then(({ violations }) => violations.map(({ id, help, nodes }) =>
      id + ': ' + help + ' — ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`);
}

/** A picture for people to look at. */
export async function screenshot(harness: InspectorHarness, name: string): Promise<void> {
  await harness.page.screenshot({ path: path.join(root, 'artifacts', 'webview', `${name}.png`) });
}
