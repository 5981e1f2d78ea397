import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { root } from '../../../scripts/paths.ts';
import {
  accessibilityProblems,
  InspectorHarness,
  launchChromium,
  screenshot,
  type Theme,
} from './harness.ts';
import { DecodedDocument } from '../../../debug-adapter/decoding/document.ts';
import type { Ledger } from '../../../extension/calls/ledger.ts';
import type { DecodedAsk } from '../../../protocol/decoded.ts';
import { DebuggedSession } from '../../../extension/calls/sessions.ts';
import { addJoin, buffer, greeterLedger, type SampleLedger } from './sample-ledger.ts';

const SIZE = { width: 1280, height: 460 };
let browser: Browser;

before(async () => {
  await mkdir(path.join(root, 'artifacts', 'webview'), { recursive: true });
  browser = await launchChromium();
});
after(() => browser.close());

/** The sample session, standing still in its last call, whose argument lies at address 0. */
async function standingStill(theme: Theme = 'dark') {
  const harness = await InspectorHarness.open(browser, theme, SIZE);
  const ledger = greeterLedger();
  const memory = Buffer.alloc(65_536);
  memory.write('Wörld', 0);
  memory.write('Hello, World!', 0x110);
  ledger.standStill(memory);
  const session = harness.start(ledger);
  harness.change(session, 10, 9, memory.length);
  await shows(harness, 9);
  return { harness, ledger, session, memory, page: harness.page };
}

const shows = (harness: InspectorHarness, sequence: number) =>
  harness.page.locator(`[data-testid=details][data-sequence="${sequence}"]`).waitFor();
async function hasText(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).first().waitFor();
}
const row = (harness: InspectorHarness, sequence: number): Locator =>
  harness.page.locator(`.call-row[data-sequence="${sequence}"]`);
const chooseItem = async (harness: InspectorHarness, item: string | RegExp) =>
  harness.page.getByRole('menuitem', { name: item }).click();
const part = (harness: InspectorHarness, direction: 'argument' | 'result', id: string): Locator =>
  harness.page.getByTestId(direction).getByTestId(id);

async function close(harness: InspectorHarness): Promise<void> {
  assert.deepEqual(harness.complaints, []);
  await harness.close();
}

test('memory: any address, whose buffers lie where, and what changed since the last stop', async () => {
  const { harness, session, memory, page } = await standingStill();
  await page.getByTestId('tab-memory').click();
  const view = page.getByTestId('memory-view');
  await hasText(view.getByTestId('memory-facts'), /^64 KiB$/);
  await hasText(view.getByTestId('live-buffers'), 'argument of greet (10): 6 bytes at 0x0');
  assert.equal(await view.locator('.hex-byte.live-argument').count(), 6);
  await view.getByTestId('memory-address').fill('0x110');
  await page.keyboard.press('Enter');
  await hasText(view.getByTestId('hex-status'), 'offset 272 at 0x110: 72 “H”');

  memory.write('J', 0x110);
  harness.change(session, 10, null, memory.length);
  harness.change(session, 10, 9, memory.length);
  await hasText(view.getByTestId('memory-facts'), 'changes since the last stop are marked');
  const changed = view.locator('.hex-byte.changed');
  await changed.first().waitFor();
  assert.deepEqual(await changed.allInnerTexts(), ['4a']);
  await screenshot(harness, 'memory');
  await view.getByTestId('memory-address').fill('0x10000');
  await page.keyboard.press('Enter');
  await hasText(view.getByTestId('memory-message'), '0x10000 is not among these bytes');
  harness.change(session, 10, null, memory.length);
  harness.change(session, 10, 9, memory.length);
  await changed.first().waitFor({ state: 'detached' });
  await close(harness);
});

test('memory: says why there is none, and keeps what was seen', async () => {
  const { harness, session, page } = await standingStill();
  await page.getByTestId('tab-memory').click();
  const view = page.getByTestId('memory-view');
  await hasText(view.locator('.hex'), 'orld');
  session.end(null);
  harness.sessions.touch();
  await hasText(view.getByTestId('memory-message'), 'The session has ended, and linear memory with it.');
  await hasText(view.locator('.hex'), 'orld');
  await close(harness);
});

test('compares an argument with its result, a call with another, and a buffer with memory now', async () => {
  const { harness, memory, page } = await standingStill();
  const summary = page.getByTestId('compare-summary');
  await row(harness, 0).click();
  await shows(harness, 0);
  await part(harness, 'argument', 'more').click();
  await chooseItem(harness, 'Compare with the Result');
  await hasText(summary, '12 bytes differ, in 2 places.');
  await page.getByTestId('tab-calls').click();

  await row(harness, 5).click({ button: 'right' });
  await chooseItem(harness, 'Mark for Comparing');
  await row(harness, 6).click({ button: 'right' });
  await chooseItem(harness, 'Compare the Arguments with greetPrefixed (6)');
  await hasText(summary, 'No byte differs.');
  await page.getByTestId('tab-calls').click();

  memory.write('Jello', 0x110);
  memory.write('?', 0x11c);
  await row(harness, 0).click();
  await shows(harness, 0);
  await part(harness, 'result', 'more').click();
  await chooseItem(harness, 'Compare with Memory Now');
  await hasText(summary, '2 bytes differ, in 2 places.');
  const right = page.getByTestId('compare-view').locator('.compared').nth(1);
  await right.locator('.hex-byte.differs').first().waitFor();
  assert.deepEqual(await right.locator('.hex-byte.differs').allInnerTexts(), ['4a', '3f']);
  await hasText(right.locator('.hex-byte.highlight'), '4a');
  await page.getByTestId('difference-next').click();
  await hasText(right.locator('.hex-byte.highlight'), '3f');
  await screenshot(harness, 'compare');
  await close(harness);
});

test('large buffers are compared in pages, the first difference far beyond what the view holds', async () => {
  const harness = await InspectorHarness.open(browser, 'dark', SIZE);
  const ledger = greeterLedger();
  const size = 5 * 1024 * 1024;
  const bytes = Buffer.alloc(size, 0x2e);
  const other = Buffer.from(bytes);
  other[size - 10] = 0x21;
  const large = ledger.add({
    export: 'large',
    argument: buffer('argument', bytes, { text: '' }),
    result: buffer('result', other.subarray(0, size - 4), { text: '' }),
  });
  const session = harness.start(ledger);
  harness.change(session, ledger.made.length, large.sequence);
  await shows(harness, large.sequence);
  const { page } = harness;
  await part(harness, 'argument', 'more').click();
  await chooseItem(harness, 'Compare with the Result');
  await hasText(page.getByTestId('compare-summary'), '5 bytes differ, in 2 places.');
  const sides = page.getByTestId('compare-view').locator('.compared');
  const [left, right] = [sides.nth(0), sides.nth(1)];
  await hasText(right.locator('.hex-byte.highlight'), '21');
  await page.getByTestId('difference-next').click();
  await left.locator('.hex-byte.highlight.differs').nth(3).waitFor();
  await page.getByTestId('difference-next').click();
  await hasText(right.locator('.hex-byte.highlight'), '21');
  await close(harness);
});

for (const theme of ['light', 'dark'] satisfies Theme[])
  test(`two sessions: the calls that differ, the first at once, their buffers beside each other (${theme})`, async () => {
    const harness = await InspectorHarness.open(browser, theme, SIZE);
    const { page } = harness;
    const before = greeterLedger();
    const first = harness.start(before, 'Before');
    harness.change(first, before.made.length, before.made.length - 1);
    first.end(null);
    const later = greeterLedger();
    const [changed] = later.made;
    assert.ok(changed?.result);
    changed.result = buffer('result', Buffer.from('Hello, World?'), { memoryReference: 'result-1' });
    later.made[4] = { ...later.made[4], status: 'trapped' } as (typeof later.made)[number];
    later.add({ export: 'added', argument: buffer('argument', Buffer.from('x')) });
    const earlier = new DebuggedSession('kept', 'Yesterday', before, {
      path: '/calls.ledger',
      close: () => undefined,
    });
    harness.sessions.add(earlier);
    const second = harness.start(later, 'Now');
    harness.change(second, later.made.length, later.made.length - 1);
    await shows(harness, later.made.length - 1);
    await page.getByTestId('tab-compare').click();
    await page.getByTestId('compare-session').selectOption({ label: 'Compare with Yesterday' });
    await page.getByTestId('compare-sessions').click();
    await hasText(
      page.getByTestId('sessions-summary'),
      `${later.made.length} against ${before.made.length} calls: ${before.made.length - 2} the same, 2 differ, 1 only here.`,
    );
    const rows = page.getByTestId('differences').getByRole('option');
    await hasText(rows, '0: greet (1)');
    assert.deepEqual(
      (await rows.allInnerTexts()).map((text) => text.split(/\n+/)),
      [
        ['0: greet (1)', '0: greet (1)', 'result'],
        ['4: sum (5), trapped', '4: sum (5)', 'status'],
        [`${later.made.length - 1}: added (${later.made.length})`, '—', 'only in Now'],
      ],
    );
    await hasText(page.getByTestId('compare-view'), 'The result of greet (1) in Now');
    await hasText(page.getByTestId('compare-summary'), '1 byte differs, in one place.');
    await screenshot(harness, `compared-sessions-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    await page.getByTestId('differences').focus();
    await page.keyboard.press('End');
    await hasText(page.getByTestId('compare-view'), `added (${later.made.length}) is only in Now.`);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+F10');
    await chooseItem(harness, 'Compare the Arguments');
    await hasText(page.getByTestId('compare-summary'), 'No byte differs.');
    await page.getByTestId('differences').focus();
    await page.keyboard.press('Enter');
    await shows(harness, 0);
    await page.getByTestId('tab-compare').click();
    await page.getByTestId('compare-session').selectOption({ label: 'Open a Saved Ledger…' });
    await page
      .getByTestId('compare-session')
      .locator('option:checked', { hasText: 'Compare with' })
      .waitFor({ state: 'attached' });
    assert.deepEqual(
      harness.actions.map(({ name }) => name),
      ['openSaved'],
    );
    await close(harness);
  });

for (const theme of ['light', 'dark'] satisfies Theme[])
  test(`of a large value the beginning is shown at once, and all of it when it is decoded (${theme})`, async () => {
    const harness = await InspectorHarness.open(browser, theme, SIZE);
    const ledger = greeterLedger();
    const rows = 30_000;
    const all = Buffer.from(`[${'{"name":"Ada"},'.repeat(rows)}{"name":"Zoë"}]`);
    const document = new DecodedDocument(all, 'json', 'launch configuration');
    const call = ledger.add({
      export: 'large',
      result: buffer('result', all.subarray(0, 1000), {
        ...{ size: all.length, captured: all.length, decoder: 'utf-8', isBeginning: true },
        decodeError: `Only the first 1000 of ${all.length} bytes were decoded.`,
      }),
    });
    const wishes: { signal: AbortSignal | undefined; decoded: () => void }[] = [];
    const reading: Ledger = Object.assign(ledger, {
      readCaptured: (_reference: string, start: number, count: number) =>
        Promise.resolve(all.subarray(start, start + count)),
      decoded: async (_buffer: unknown, ask: DecodedAsk, signal?: AbortSignal) => {
        if (ask.kind === 'head')
          await new Promise<void>((resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('cancelled')));
            wishes.push({ signal, decoded: resolve });
          });
        return document.answer(ask);
      },
    } as Pick<Ledger, 'readCaptured' | 'decoded'>);
    const session = harness.start(reading);
    harness.change(session, ledger.made.length, call.sequence);
    await shows(harness, call.sequence);
    const { page } = harness;
    const said = part(harness, 'result', 'decoding');
    await hasText(said, `Decoding all ${Math.floor(all.length / 1024)} KiB…`);
    await hasText(part(harness, 'result', 'text'), '[{"name":"Ada"}');
    await screenshot(harness, `decoding-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    await part(harness, 'result', 'decoding-action').click();
    await hasText(said, 'Only the beginning is decoded.');
    assert.deepEqual(
      wishes.map(({ signal }) => signal?.aborted),
      [true],
    );
    await part(harness, 'result', 'note').filter({ hasText: 'Only the first 1000' }).waitFor();

    await part(harness, 'result', 'decoding-action').click();
    await hasText(said, 'Decoding all');
    wishes.at(-1)?.decoded();
    await said.waitFor({ state: 'hidden' });
    await part(harness, 'result', 'note')
      .filter({ hasText: 'Only the first' })
      .waitFor({ state: 'detached' });
    await part(harness, 'result', 'hex').focus();
    await page.keyboard.press('Control+f');
    const bar = page.getByTestId('result').locator('.find-bar');
    await bar.locator('select').selectOption('value');
    await bar.getByTestId('find').fill('zoë');
    await page.keyboard.press('Enter');
    await hasText(part(harness, 'result', 'tree').locator('.chosen'), '"Zoë"');
    await hasText(part(harness, 'result', 'hex').locator('.highlight'), '22');
    await screenshot(harness, `decoded-whole-${theme}`);
    await close(harness);
  });

test('bytes are typed over at a stop, taken back and done again; what was there stays in view', async () => {
  const { harness, memory, page } = await standingStill();
  const bytes = part(harness, 'argument', 'hex');
  await page.locator('[data-testid=argument] .hex-byte[data-offset="0"]').click();
  await page.keyboard.type('4');
  await hasText(bytes, '4_');
  await page.keyboard.type('d');
  await hasText(bytes, '4dc3b6726c64');
  await hasText(part(harness, 'argument', 'edits'), 'Changed here: offset 0: 57 → 4d');
  await part(harness, 'argument', 'edited').waitFor();
  assert.equal(memory.toString('utf8', 0, 6), 'Mörld');
  await screenshot(harness, 'edited');
  await page.keyboard.press('Control+z');
  await hasText(bytes, '57c3b6726c64');
  assert.equal(await part(harness, 'argument', 'edits').innerText(), '');
  await page.keyboard.press('Control+y');
  await hasText(bytes, '4dc3b6726c64');
  await close(harness);
});

test('a value is changed as text; what does not fit is refused with a sentence', async () => {
  const { harness, memory, page } = await standingStill();
  await part(harness, 'argument', 'more').click();
  await chooseItem(harness, 'Edit the Value…');
  const input = page.getByTestId('argument').getByTestId('edit-value');
  assert.equal(await input.inputValue(), 'Wörld');
  await input.fill('Everybody');
  await page.keyboard.press('Control+Enter');
  await hasText(
    part(harness, 'argument', 'edit-status'),
    '“Everybody” takes 9 bytes, but the guest was told 6.',
  );
  await input.fill('Planet');
  await part(harness, 'argument', 'edit-apply').click();
  await hasText(part(harness, 'argument', 'text'), 'Planet');
  await hasText(part(harness, 'argument', 'edits'), '"Wörld" → "Planet"');
  assert.equal(memory.toString('utf8', 0, 6), 'Planet');
  await close(harness);
});

test('an edited buffer stands beside what it was, with the bytes marked that differ', async () => {
  const { harness, page } = await standingStill();
  const original = part(harness, 'argument', 'original');
  await page.locator('[data-testid=argument] .hex-byte[data-offset="3"]').click();
  await page.keyboard.type('52');
  await hasText(original, '57c3b6726c64');
  const marked = (which: string) =>
    page.locator(`[data-testid=argument] [data-testid=${which}] .hex-byte.edited`);
  await marked('original').first().waitFor();
  assert.deepEqual(await marked('original').allInnerTexts(), ['72']);
  assert.deepEqual(await marked('hex').allInnerTexts(), ['52']);
  await screenshot(harness, 'original');
  await part(harness, 'argument', 'edited').click();
  await original.waitFor({ state: 'hidden' });
  await part(harness, 'argument', 'edited').click();
  await original.waitFor();
  await row(harness, 0).click();
  await shows(harness, 0);
  assert.ok(await part(harness, 'argument', 'edited').isHidden());
  assert.ok(await original.isHidden());
  await close(harness);
});

for (const theme of ['dark', 'light'] as const)
  test(`all buffers of a call are listed in order, and each can be shown (${theme})`, async () => {
    const { harness, ledger, session, page } = await standingStill(theme);
    const { sequence } = addJoin(ledger);
    harness.change(session, ledger.made.length, null);
    await row(harness, sequence).click();
    await shows(harness, sequence);
    const options = page.getByTestId('buffers').getByRole('option');
    await options.first().waitFor();
    assert.deepEqual(await options.allInnerTexts(), [
      'argument 1\nAda',
      'argument 2\nLovelace',
      'result 1\nAda ',
      'result 2\nLovelace!',
    ]);
    const selected = page.getByTestId('buffers').getByRole('option', { selected: true });
    assert.deepEqual(await selected.allInnerTexts(), ['argument 2\nLovelace', 'result 2\nLovelace!']);
    await hasText(part(harness, 'argument', 'which'), '2 of 2');
    await options.first().click();
    await hasText(part(harness, 'argument', 'text'), 'Ada');
    await hasText(part(harness, 'argument', 'which'), '1 of 2');
    await screenshot(harness, `buffers-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    // By the keyboard: along the list, and from one to the next in a pane.
    await page.getByTestId('buffers').focus();
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await hasText(part(harness, 'result', 'which'), '1 of 2');
    await hasText(part(harness, 'result', 'text'), /^Ada $/);
    await part(harness, 'result', 'hex').focus();
    await page.keyboard.press('Alt+PageDown');
    await hasText(part(harness, 'result', 'text'), 'Lovelace!');
    await part(harness, 'argument', 'hex').focus();
    await page.keyboard.press('Alt+PageUp');
    await hasText(part(harness, 'argument', 'text'), /^Ada$/);
    await part(harness, 'argument', 'more').click();
    await chooseItem(harness, 'Compare with the Result');
    await hasText(page.getByTestId('compare-view'), 'The argument of join (11), 3 bytes');
    await page.getByTestId('tab-calls').click();
    // Another call takes its own.
    await row(harness, 0).click();
    await shows(harness, 0);
    await page.getByTestId('buffers').waitFor({ state: 'hidden' });
    await close(harness);
  });

for (const theme of ['dark', 'light'] as const)
  test(`bytes that the decoder could not read are marked, in the bytes and in the text (${theme})`, async () => {
    const { harness, ledger, session, page } = await standingStill(theme);
    // A U+FFFD of the guest's own stands before the first byte that is none.
    const made = buffer('argument', Buffer.from('efbfbd4869ff21c328', 'hex'), {
      invalid: [
        [5, 6],
        [7, 8],
      ],
      decodeError: 'Not UTF-8: 0xff at byte 5 does not begin a well-formed character; the same at byte 7.',
    });
    const { sequence } = ledger.add({ export: 'broken', argument: made });
    harness.change(session, ledger.made.length, null);
    await row(harness, sequence).click();
    await shows(harness, sequence);
    const invalid = part(harness, 'argument', 'hex').locator('.hex-byte.invalid');
    await invalid.first().waitFor();
    assert.deepEqual(await invalid.allInnerTexts(), ['ff', 'c3']);
    const text = part(harness, 'argument', 'text');
    assert.deepEqual(await text.locator('.invalid').allInnerTexts(), ['\ufffd', '\ufffd']);
    assert.equal(await text.innerText(), '\ufffdHi\ufffd!\ufffd(');
    const groups = await page.locator('[data-testid=argument] [data-testid=decoder] optgroup').all();
    assert.deepEqual(await Promise.all(groups.map((group) => group.getAttribute('label'))), [
      'Text',
      'Structured values',
      'Bytes',
    ]);
    assert.equal(await groups[0]?.locator('option').count(), 2);
    await screenshot(harness, `invalid-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    await close(harness);
  });

test('the list is sorted by the keyboard', async () => {
  const { harness, page } = await standingStill();
  const titles = page.getByTestId('calls').locator('.sort');
  await titles.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.cell-export .sort:focus').waitFor();
  await page.keyboard.press('Enter');
  const exports = page.locator('.cell-export[role=columnheader]');
  await exports.and(page.locator('[aria-sort=ascending]')).waitFor();
  await hasText(page.locator('.call-row[data-index="0"]'), 'describeOrder');
  await page.locator('.cell-export .sort:focus').waitFor();
  await page.keyboard.press('Enter');
  await exports.and(page.locator('[aria-sort=descending]')).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.locator('.cell-id .sort:focus').waitFor();
  const reached = await page.evaluate<number>(
    `[...document.querySelectorAll('.calls .sort')].filter((title) => title.tabIndex === 0).length`,
  );
  assert.equal(reached, 1, 'one stop of the Tab key');
  await page.keyboard.press('ArrowDown');
  await page.getByTestId('calls').and(page.locator(':focus')).waitFor();
  await close(harness);
});

test('a search that takes long shows how far it is, and can be cancelled', async () => {
  const { harness, session, page } = await standingStill();
  const { ledger } = session;
  const list = ledger.calls.bind(ledger);
  let given: AbortSignal | undefined;
  ledger.calls = (start, count, query, sort, search) => {
    if (query !== 'slow') return list(start, count, query, sort);
    search?.progress({ query: 'slow', done: 400, total: 1000 });
    given = search?.signal;
    return new Promise((_, reject) =>
      search?.signal.addEventListener('abort', () => reject(new Error('Cancelled.'))),
    );
  };
  const searching = page.getByTestId('searching');
  await searching.waitFor({ state: 'hidden' });
  await page.getByTestId('filter').fill('slow');
  await searching.waitFor();
  const progress = searching.locator('progress');
  assert.equal(await progress.getAttribute('value'), '400');
  assert.equal(await progress.getAttribute('max'), '1000');
  await screenshot(harness, 'searching');
  assert.deepEqual(await accessibilityProblems(harness), []);
  await page.getByTestId('search-cancel').click();
  await searching.waitFor({ state: 'hidden' });
  await hasText(page.getByTestId('total'), /^10 calls$/);
  assert.equal(given?.aborted, true);
  assert.equal(await page.getByTestId('filter').inputValue(), '');
  await row(harness, 0).waitFor();
  await close(harness);
});

for (const theme of ['dark', 'light'] as const)
  test(`a part of the value becomes a condition, which is seen and taken away (${theme})`, async () => {
    const { harness, page } = await standingStill(theme);
    const conditions = page.getByTestId('conditions');
    await conditions.waitFor({ state: 'hidden' });
    await row(harness, 1).click();
    await shows(harness, 1);
    const tree = part(harness, 'argument', 'tree');
    await tree.getByRole('treeitem', { name: 'items: array of 2' }).click({ button: 'right' });
    assert.ok(await page.getByRole('menuitem', { name: 'Break When $.items Has This Value' }).isDisabled());
    await page.keyboard.press('Escape');
    await tree.getByRole('treeitem', { name: 'name: "Ada"' }).click();
    // By the keyboard.
    await tree.focus();
    await page.keyboard.press('Shift+F10');
    await chooseItem(harness, 'Break When $.name Has This Value');
    await hasText(conditions, 'argument of describeOrder: $.name is "Ada"');
    await row(harness, 0).click();
    await shows(harness, 0);
    await part(harness, 'result', 'more').click();
    await chooseItem(harness, 'Break When the Result Is This');
    await hasText(conditions, 'result of greet: is "Hello, World!"');
    assert.deepEqual(harness.conditions.of('returnResult'), [
      'exportName === "greet" && result === "Hello, World!"',
    ]);
    await screenshot(harness, `conditions-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    await part(harness, 'result', 'decoder').selectOption({ label: 'Hexadecimal' });
    await hasText(part(harness, 'result', 'text'), /^48656c/);
    await part(harness, 'result', 'more').click();
    await chooseItem(harness, 'Break When the Result Is This');
    await hasText(
      page.getByTestId('said'),
      'Conditions see the result with the decoder of the launch configuration',
    );
    await conditions.getByRole('button').first().click();
    await conditions.getByRole('button').nth(1).waitFor({ state: 'detached' });
    await conditions.getByRole('button').first().click();
    await conditions.waitFor({ state: 'hidden' });
    assert.deepEqual(harness.conditions.list(), []);
    await close(harness);
  });

test('what has crossed already cannot be changed', async () => {
  const { harness, page } = await standingStill();
  await row(harness, 0).click();
  await shows(harness, 0);
  await part(harness, 'argument', 'more').click();
  assert.equal(await page.getByRole('menuitem', { name: 'Edit the Value…' }).isDisabled(), true);
  await page.keyboard.press('Escape');
  await page.locator('[data-testid=argument] .hex-byte[data-offset="0"]').click();
  await page.keyboard.type('4d');
  await hasText(part(harness, 'argument', 'hex'), '576f726c64');
  assert.equal(await part(harness, 'argument', 'hex').getAttribute('aria-readonly'), 'true');
  await close(harness);
});

test('the timeline: calls as bars, zoomed, with the time in the host; saved as a Chrome trace', async () => {
  const { harness, page } = await standingStill();
  await page.getByTestId('tab-timeline').click();
  const bars = page.getByTestId('timeline');
  await bars.getByRole('option', { name: 'greetTwice (3), 135 µs' }).click();
  await hasText(
    page.getByTestId('timeline-facts'),
    /^greetTwice \(3\): 135 µs, of it 135 µs in the guest and 0 µs/,
  );
  // Its calls are in bars of their own below; describeOrder asked for its argument and returned its result.
  const strips = bars.getByRole('option', { name: /^describeOrder/ }).locator('.bar-host');
  await strips.nth(1).waitFor({ state: 'attached' });
  assert.deepEqual(
    await strips.evaluateAll((found: { style: { left: string } }[]) =>
      found.map(({ style }) => parseFloat(style.left) > 0),
    ),
    [true, true],
  );
  const width = async () =>
    (await bars.getByRole('option', { name: /^greetTwice/ }).boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByRole('button', { name: 'Zoom In' }).click();
  await page.waitForFunction(
    `document.querySelector('.bar.chosen').getBoundingClientRect().width > ${before * 1.8}`,
  );
  await screenshot(harness, 'timeline');
  await bars.focus();
  await page.keyboard.press('ArrowLeft');
  await hasText(
    page.getByTestId('timeline-facts'),
    /^describeOrder \(2\): 98 µs, of it 93 µs in the guest and 5 µs/,
  );
  assert.deepEqual(await accessibilityProblems(harness), []);
  await page.getByRole('button', { name: 'Export as Chrome Trace…' }).click();
  await bars.focus();
  await page.keyboard.press('Enter');
  await shows(harness, 1);
  assert.match(harness.actions[0]?.argument ?? '', /^Greet\.trace\.json /);
  await close(harness);
});

const LOOKS: Theme[] = ['dark', 'light', 'high-contrast'];

for (const theme of LOOKS)
  test(`nothing stands in a screen reader's way (${theme})`, async () => {
    const { harness, ledger, page } = await standingStill(theme);
    await finishCall(ledger);
    await row(harness, 1).click();
    await shows(harness, 1);
    await part(harness, 'argument', 'view').click();
    await chooseItem(harness, 'Show the Data Inspector');
    await page.locator('[data-testid=argument] .hex-byte[data-offset="3"]').click();
    await page.keyboard.press('Control+f');
    await page.getByTestId('crossings-toggle').click();
    assert.deepEqual(await accessibilityProblems(harness), [], 'the calls');
    await screenshot(harness, `calls-${theme}`);
    await part(harness, 'argument', 'more').click();
    assert.deepEqual(await accessibilityProblems(harness), [], 'a menu');
    await screenshot(harness, `menu-${theme}`);
    await chooseItem(harness, 'Compare with the Result');
    await hasText(page.getByTestId('compare-summary'), 'differ');
    assert.deepEqual(await accessibilityProblems(harness), [], 'the comparison');
    await page.getByTestId('tab-memory').click();
    await hasText(page.getByTestId('memory-facts'), 'KiB');
    assert.deepEqual(await accessibilityProblems(harness), [], 'memory');
    await screenshot(harness, `memory-${theme}`);
    await close(harness);
  });

/** The last call has a result too. */
async function finishCall(ledger: SampleLedger): Promise<void> {
  const last = ledger.made.at(-1);
  assert.ok(last, 'the sample has ten calls');
  last.result = buffer('result', Buffer.from('Hello, Wörld!'));
  await Promise.resolve();
}

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  test(`an array behind a handle lies nowhere: its bytes are shown, but not typed over (${theme})`, async () => {
    const harness = await InspectorHarness.open(browser, theme, SIZE);
    const ledger = greeterLedger();
    const elements = Buffer.from(Int32Array.of(2, 3, 4).buffer);
    const call = ledger.add({
      export: 'squares',
      status: 'running',
      argument: buffer('argument', elements, {
        address: 3,
        behindHandle: true,
        sizePolicy: { elements: 'i32' },
        decoder: 'i32le',
        decoderReason: "by the array's elements",
        text: '2, 3, 4',
        preview: '2, 3, 4',
      }),
    });
    ledger.standStill(Buffer.alloc(64));
    const session = harness.start(ledger);
    harness.change(session, call.sequence + 1, call.sequence, 64);
    await shows(harness, call.sequence);
    const facts = part(harness, 'argument', 'facts');
    await hasText(facts, /^12 bytes of array 3, elements \(i32\) of an array behind a handle$/);
    const cell = row(harness, call.sequence).getByText('2, 3, 4');
    assert.equal(await cell.getAttribute('title'), '12 bytes of array 3');
    assert.equal(await part(harness, 'argument', 'hex').getAttribute('aria-readonly'), 'true');
    await screenshot(harness, `array-${theme}`);
    assert.deepEqual(await accessibilityProblems(harness), []);
    await close(harness);
  });
}
