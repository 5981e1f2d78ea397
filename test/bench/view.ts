import type { Page } from 'playwright-core';
import { LiveLedger } from '../../extension/calls/ledger.ts';
import { InspectorHarness, launchChromium } from '../editor/webview/harness.ts';
import type { DapClient } from '../support/dap-client.ts';
import type { BenchContext } from './context.ts';
import { median, spread } from './report.ts';

const TIMES = 7;

/** What the page knows of its own speed: ms from the beginning of its load, or of a key press, to the painted row. */
interface Painted {
  opened?: number;
  jumped?: number;
}

/**
 * Runs in the page before its own script: notes when the first row of the list has been painted, and when row
 * `wantedSequence` has been after a key press. Text, as it must not be compiled.
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
  new MutationObserver(() => {
    if (window.painted.opened === undefined && document.querySelector('[data-sequence]')) {
      window.painted.opened = 0;
      afterPaint(() => { window.painted.opened = performance.now(); });
    }
    const wanted = window.wantedSequence;
    if (wanted !== undefined && document.querySelector('[data-sequence="' + wanted + '"]')) {
      window.wantedSequence = undefined;
      const { pressed } = window;
      afterPaint(() => { window.painted.jumped = performance.now() - pressed; });
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
`;

/** The call inspector in a browser, on the ledger of a session that has ended: its opening, and jumps in its list. */
export async function measureView(
  client: DapClient,
  total: number,
  { wasmedge, report }: BenchContext,
): Promise<void> {
  const browser = await launchChromium();
  try {
    const harness = await InspectorHarness.open(browser, 'dark', { width: 1200, height: 700 });
    const { page } = harness;
    await page.addInitScript({ content: WATCH });
    const ledger = new LiveLedger({
      request: (command, args) => client.boundary(command, args),
      requestStandard: (command, args) => client.request(command, args),
    });
    const session = harness.start(ledger);
    harness.change(session, total, null);
    const opened: number[] = [];
    const jumped: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      await page.reload();
      opened.push(await noted(page, 'opened'));
      jumped.push(await jump(page, 'End', total - 1), await jump(page, 'Home', 0));
    }
    const figures = [
      { name: 'million/view-open', values: opened, budget: '≤ 300 ms to the first paint' },
      { name: 'million/view-jump', values: jumped, budget: '≤ 50 ms to the painted row' },
    ];
    for (const { name, values, budget } of figures) {
      await report.add({
        name,
        value: median(values),
        unit: 'ms',
        wasmedge,
        spread: spread(values),
        budget,
      });
    }
  } finally {
    await browser.close();
  }
}

/** Presses a key in the list and waits until the row of a call has been painted; ms. */
async function jump(page: Page, key: string, sequence: number): Promise<number> {
  await page.getByRole('treegrid').or(page.getByRole('grid')).first().focus();
  await page.evaluate((wanted) => {
    Object.assign(globalThis, { wantedSequence: wanted, painted: {} });
  }, sequence);
  await page.keyboard.press(key);
  return noted(page, 'jumped');
}

async function noted(page: Page, what: keyof Painted): Promise<number> {
  const handle = await page.waitForFunction(
    (name) => (globalThis as unknown as { painted?: Painted }).painted?.[name],
    what,
  );
  return (await handle.jsonValue()) ?? NaN;
}
