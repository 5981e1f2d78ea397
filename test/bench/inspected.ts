import type { Page } from 'playwright-core';
import { LiveLedger } from '../../extension/calls/ledger.ts';
import { InspectorHarness, launchChromium } from '../editor/webview/harness.ts';
import type { DapClient } from '../support/dap-client.ts';

/** What the page knows of its own speed: ms from the beginning of its load, or of a key press, until it is painted. */
export interface Painted {
  opened?: number;
  jumped?: number;
}

/** What is waited for after a key press: text of an element, or the element where it has no text of its own. */
export interface Awaited {
  selector: string;
  text?: string;
}

/**
 * Runs in the page before its own script: notes when the first row of the list has been painted, and when what
 * `awaited` names has been after a key press. Text, as it must not be compiled.
 */
const WATCH = `
  window.painted = {};
  // What is drawn in a frame's callbacks is painted at the end of that frame, anything else in the next one.
  let drawing = false;
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => frame((time) => {
    drawing = true;
    setTimeout(() => { drawing = false; });
    draw(time);
  });
  const afterPaint = (note) => drawing ? setTimeout(note) : frame(() => setTimeout(note));
  addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
  const isThere = ({ selector, text }) => {
    const found = document.querySelector(selector);
    return found !== null && (text === undefined || found.textContent === text);
  };
  new MutationObserver(() => {
    if (window.painted.opened === undefined && document.querySelector('[data-sequence]')) {
      window.painted.opened = 0;
      afterPaint(() => { window.painted.opened = performance.now(); });
    }
    const { awaited, pressed } = window;
    if (awaited !== undefined && isThere(awaited)) {
      window.awaited = undefined;
      afterPaint(() => { window.painted.jumped = performance.now() - pressed; });
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
`;

/** The call inspector in a browser, on the ledger of a session that has ended. */
export async function inspected(
  client: DapClient,
  total: number,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await launchChromium();
  try {
    const harness = await InspectorHarness.open(browser, 'dark', { width: 1200, height: 700 });
    await harness.page.addInitScript({ content: WATCH });
    const ledger = new LiveLedger({
      request: (command, args) => client.boundary(command, args),
      requestStandard: (command, args) => client.request(command, args),
    });
    harness.change(harness.start(ledger), total, null);
    await use(harness.page);
  } finally {
    await browser.close();
  }
}

/** Presses a key in the list and waits until what it leads to has been painted; ms. */
export async function pressed(page: Page, key: string, awaited: Awaited): Promise<number> {
  await page.getByRole('treegrid').or(page.getByRole('grid')).first().focus();
  await page.evaluate((wanted) => {
    Object.assign(globalThis, { awaited: wanted, painted: {} });
  }, awaited);
  await page.keyboard.press(key);
  return noted(page, 'jumped');
}

/** Waits until the page knows it; ms. */
export async function noted(page: Page, what: keyof Painted): Promise<number> {
  const handle = await page.waitForFunction(
    (name) => (globalThis as unknown as { painted?: Painted }).painted?.[name],
    what,
  );
  return (await handle.jsonValue()) ?? NaN;
}
