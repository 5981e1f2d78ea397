import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { fieldCondition } from '../../../debug-adapter/boundary/field-condition.ts';
import { inspectorHtml } from '../../../extension/calls/html.ts';
import { Inspector, type InspectorActions } from '../../../extension/calls/inspector.ts';
import { StopConditions } from '../../../extension/calls/stop-conditions.ts';
import { DebuggedSession, Sessions } from '../../../extension/calls/sessions.ts';
import type { DecoderChoice, FromWebview, ToWebview } from '../../../protocol/webview.ts';
import type { Ledger } from '../../../extension/calls/ledger.ts';
import { provideChromium } from '../../../scripts/editor-chromium.ts';
import { root } from '../../../scripts/paths.ts';
import themes from './themes.json' with { type: 'json' };

export type Theme = keyof typeof themes;

const BODY_CLASSES: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high-contrast': 'vscode-high-contrast',
  'high-contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
};
const ORIGIN = 'http://webview.invalid';

/** The view's script and style sheet, as scripts/build.ts makes them. */
async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'chrome130',
    format: 'iife',
    outdir: 'dist',
    entryPoints: { webview: path.join(root, 'webview/webview.ts') },
  });
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
}

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
    const files = await bundle();
    const variables = Object.entries(themes[theme]).map(([variable, value]) => `${variable}: ${value};`);
    files.set('webview.css', `:root { ${variables.join(' ')} }\n${files.get('webview.css') ?? ''}`);
    await page.route(`${ORIGIN}/**`, async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === '')
        return route.fulfill({
          contentType: 'text/html',
          body: inspectorHtml({
            nonce: 'harness',
            styleSource: ORIGIN,
            style: `${ORIGIN}/webview.css`,
            script: `${ORIGIN}/webview.js`,
          }).replace('<body>', `<body class="${BODY_CLASSES[theme]}">`),
        });
      const body = files.get(name);
      if (body === undefined) return route.fulfill({ status: 404 });
      return route.fulfill({ contentType: name.endsWith('.css') ? 'text/css' : 'text/javascript', body });
    });
    await page.exposeFunction('harnessPost', (message: FromWebview) => harness.inspector.handle(message));
    await page.addInitScript({ content: FAKE_EDITOR });
    await page.goto(`${ORIGIN}/`);
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

  private async toView(message: ToWebview): Promise<void> {
    if (this.page.isClosed()) return;
    await this.page
      .evaluate((sent) => {
        (globalThis as unknown as { postMessage(message: unknown): void }).postMessage(sent);
      }, message)
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
    postMessage: (message) => void window.harnessPost(message),
    getState: () => state,
    setState: (next) => { state = next; },
  });
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
