import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/paths.ts';
import { InspectorHarness, launchChromium, screenshot, type Theme } from './harness.ts';
import { buffer, greeterLedger, SampleLedger } from './sample-ledger.ts';

const WIDE = { width: 1280, height: 420 };
let browser: Browser;

before(async () => {
  await mkdir(path.join(root, 'artifacts', 'webview'), { recursive: true });
  browser = await launchChromium();
});
after(() => browser.close());

/** The view at a stop in a call of the sample session. */
async function stoppedAt(current: number | null, theme: Theme = 'dark', size = WIDE) {
  const harness = await InspectorHarness.open(browser, theme, size);
  const ledger = greeterLedger();
  const session = harness.start(ledger);
  harness.change(session, ledger.made.length, current, 1_179_648);
  if (current !== null) await shows(harness, current);
  return { harness, ledger, session, page: harness.page };
}

const shows = (harness: InspectorHarness, sequence: number) =>
  harness.page.locator(`[data-testid=details][data-sequence="${sequence}"]`).waitFor();
const part = (harness: InspectorHarness, direction: 'argument' | 'result', id: string): Locator =>
  harness.page.getByTestId(direction).getByTestId(id);
const row = (harness: InspectorHarness, sequence: number): Locator =>
  harness.page.locator(`.call-row[data-sequence="${sequence}"]`);
/** A byte of the argument, by its offset. */
const byteAt = (page: Page, offset: number): Locator =>
  page.locator(`[data-testid=argument] .hex-byte[data-offset="${offset}"]`);
/** Waits until a locator's text is as wanted: the view draws with the next frame. */
async function hasText(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).first().waitFor();
}

/** Nothing has gone wrong in the page: no script error, and nothing that its policy forbids was tried. */
async function close(harness: InspectorHarness): Promise<void> {
  assert.deepEqual(harness.complaints, []);
  await harness.close();
}

test('shows the current stop’s call: both buffers as bytes and decoded', async () => {
  const { harness, page } = await stoppedAt(0);
  await hasText(part(harness, 'argument', 'hex'), '576f726c64');
  await hasText(part(harness, 'argument', 'hex'), 'World');
  await hasText(part(harness, 'argument', 'text'), 'World');
  await hasText(part(harness, 'result', 'text'), 'Hello, World!');
  await hasText(part(harness, 'result', 'facts'), '13 bytes at 0x110, size from a parameter');
  await hasText(page.getByTestId('signature'), 'greet(5, 1)');
  await hasText(page.getByTestId('state'), 'Stopped');
  await hasText(page.getByTestId('total'), '10 calls');
  assert.equal(await row(harness, 0).getAttribute('aria-current'), 'true');
  assert.equal(await row(harness, 0).getAttribute('aria-selected'), 'true');
  await close(harness);
});

test('follows the stop until the user looks elsewhere, and again when asked to', async () => {
  const { harness, session, page } = await stoppedAt(0);
  const follow = page.getByTestId('follow');
  harness.change(session, 10, 2);
  await shows(harness, 2);
  await row(harness, 5).click();
  await shows(harness, 5);
  assert.equal(await follow.getAttribute('aria-pressed'), 'false');
  harness.change(session, 10, 3);
  await row(harness, 3).and(page.locator('[aria-current]')).waitFor();
  assert.equal(await row(harness, 5).getAttribute('aria-selected'), 'true');
  await follow.click();
  await shows(harness, 3);
  await close(harness);
});

test('the keyboard reaches everything: calls, bytes, parts of the value, and back', async () => {
  const { harness, page } = await stoppedAt(0);
  const calls = page.getByTestId('calls');
  await calls.focus();
  for (const [key, sequence] of [
    ['ArrowDown', 1],
    ['End', 9],
    ['ArrowUp', 8],
    ['Home', 0],
    ['PageDown', 9],
    ['PageUp', 0],
    ['ArrowDown', 1],
  ] as const) {
    await page.keyboard.press(key);
    await shows(harness, sequence);
    const active = await calls.getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`#${active ?? ''}`).getAttribute('data-sequence'), String(sequence), key);
  }
  await page.keyboard.press('Enter');
  const hex = part(harness, 'argument', 'hex');
  await hex.and(page.locator(':focus')).waitFor();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'End', 'ArrowLeft'])
    await page.keyboard.press(key);
  await hasText(part(harness, 'argument', 'hex-status'), 'offset 14 at 0xe: 34 “"”');
  await page.keyboard.press('Control+End');
  await hasText(part(harness, 'argument', 'hex-status'), 'offset 128 at 0x80: 125 “}”');
  const active = await hex.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${active ?? ''}`).innerText(), '7d');

  const tree = part(harness, 'argument', 'tree');
  await tree.focus();
  await page.keyboard.press('Home');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  const items = tree.getByRole('treeitem', { name: 'items: array of 2' });
  await items.and(page.locator('[aria-expanded=true]')).waitFor();
  await tree.getByRole('treeitem', { name: '0: object of 3' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await items.and(page.locator('[aria-expanded=false]')).waitFor();
  await page.keyboard.press('Escape');
  await calls.and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Control+f');
  await page.getByTestId('filter').and(page.locator(':focus')).waitFor();
  await close(harness);
});

test('nested calls are levels of the list', async () => {
  const { harness } = await stoppedAt(3);
  assert.equal(await row(harness, 2).getAttribute('aria-level'), '1');
  assert.equal(await row(harness, 3).getAttribute('aria-level'), '2');
  await hasText(harness.page.locator('.call-facts'), 'inside sequence 2');
  await close(harness);
});

test('the decoder can be switched, for this call and the next of the same export', async () => {
  const { harness } = await stoppedAt(0);
  const decoder = part(harness, 'argument', 'decoder');
  await decoder.selectOption({ label: 'Hexadecimal' });
  await hasText(part(harness, 'argument', 'text'), '576f726c64');
  await row(harness, 1).click();
  await shows(harness, 1);
  assert.equal(await decoder.inputValue(), '');
  await row(harness, 3).click();
  await shows(harness, 3);
  assert.equal(await decoder.inputValue(), 'hex');
  await decoder.selectOption('');
  await hasText(part(harness, 'argument', 'text'), 'Grüße');
  await close(harness);
});

test('a part of the value marks its bytes, and a byte its part', async () => {
  const { harness, page } = await stoppedAt(1);
  await part(harness, 'argument', 'tree').getByRole('treeitem', { name: 'name: "Ada"' }).click();
  const highlighted = page.locator('[data-testid=argument] .hex-byte.highlight');
  await highlighted.first().waitFor();
  assert.equal((await highlighted.allInnerTexts()).join(''), '2241646122', '"Ada" with its quotes');
  const marked = part(harness, 'argument', 'tree').locator('.tree-row.chosen');
  await byteAt(page, 32).click();
  await hasText(marked, 'sku');
  await hasText(part(harness, 'argument', 'tree').getByRole('treeitem', { name: '0: object of 3' }), '0');
  await byteAt(page, 60).click({ modifiers: ['Shift'] });
  await hasText(marked, '0:object of 3');
  await close(harness);
});

test('bytes are selected by dragging, with Shift, and with the keyboard', async () => {
  const { harness, page } = await stoppedAt(1);
  const status = part(harness, 'argument', 'hex-status');
  await byteAt(page, 2).hover();
  await page.mouse.down();
  await byteAt(page, 21).hover();
  await page.mouse.up();
  await hasText(status, /^20 bytes from offset 2 at 0x2$/);
  await byteAt(page, 5).click({ modifiers: ['Shift'] });
  await hasText(status, /^4 bytes from offset 2/);
  await byteAt(page, 8).click();
  await hasText(status, /^offset 8 at 0x8: 34 “"”$/);
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(`Shift+${key}`);
  await hasText(status, /^4 bytes from offset 8/);
  assert.equal(await page.locator('[data-testid=argument] .hex-byte[aria-selected=true]').count(), 4);
  await page.keyboard.press('Control+Shift+End');
  await hasText(status, /^121 bytes from offset 8/);
  await page.keyboard.press('Control+a');
  await hasText(status, /^129 bytes from offset 0/);
  await page.keyboard.press('Control+c');
  await harness.page.evaluate(() => undefined);
  assert.match(harness.actions[0]?.argument ?? '', /^7b 22 6e 61 .* 7d$/);
  await close(harness);
});

test('bytes are grouped, turned round and counted as wished, and stay so', async () => {
  const { harness, page } = await stoppedAt(0);
  const choose = async (item: string) => {
    await part(harness, 'result', 'view').click();
    await page.getByRole('menuitemradio', { name: item }).click();
  };
  await hasText(part(harness, 'result', 'hex'), '00000110');
  await choose('Groups of 4 Bytes');
  await hasText(part(harness, 'result', 'hex'), '6c6c6548');
  await choose('Groups Are Big-Endian');
  await hasText(part(harness, 'result', 'hex'), '48656c6c');
  await choose('Offsets in the Buffer');
  await hasText(part(harness, 'result', 'hex'), '00000000');
  assert.equal(await part(harness, 'argument', 'hex').locator('.grouped').count(), 1, 'for both buffers');
  await row(harness, 2).click();
  await shows(harness, 2);
  await hasText(part(harness, 'result', 'hex'), '48656c6c');
  await close(harness);
});

test('the data inspector reads what is selected', async () => {
  const { harness, page } = await stoppedAt(0);
  await part(harness, 'result', 'view').click();
  await page.getByRole('menuitem', { name: 'Show the Data Inspector' }).click();
  const readings = part(harness, 'result', 'data-inspector');
  await hasText(readings, 'Select bytes to read them');
  await page.locator('[data-testid=result] .hex-byte[data-offset="0"]').click();
  await hasText(readings.getByRole('row', { name: /^u32/ }), 'u3218190431441214606444');
  await page.locator('[data-testid=result] .hex-byte[data-offset="1"]').click({ modifiers: ['Shift'] });
  await hasText(readings.getByRole('row', { name: /^u16/ }), '25928');
  await readings.getByRole('row', { name: /^u32/ }).waitFor({ state: 'detached' });
  await screenshot(harness, 'data-inspector');
  await close(harness);
});

test('finds text, digits and values, and goes to an offset or an address', async () => {
  const { harness, page } = await stoppedAt(1);
  const find = part(harness, 'argument', 'find').and(page.locator('input'));
  const mode = part(harness, 'argument', 'find-mode');
  const status = part(harness, 'argument', 'hex-status');
  const said = part(harness, 'argument', 'find-status');
  await part(harness, 'argument', 'hex').focus();
  await page.keyboard.press('Control+f');
  await find.fill('sku');
  await page.keyboard.press('Enter');
  await hasText(status, /^3 bytes from offset 25 /);
  await page.keyboard.press('Enter');
  await hasText(status, /^3 bytes from offset 65 /);
  await page.keyboard.press('Enter');
  await hasText(said, 'Went on from the other end');
  await page.keyboard.press('Shift+Enter');
  await hasText(status, /^3 bytes from offset 65 /);
  await mode.selectOption('hex');
  await find.fill('57 2d ?? 31');
  await page.keyboard.press('Enter');
  await hasText(status, /^4 bytes from offset 71 /);
  await find.fill('5x');
  await page.keyboard.press('Enter');
  await hasText(said, '“x” is no hexadecimal digit');
  await mode.selectOption('value');
  await find.fill('12.5');
  await page.keyboard.press('Enter');
  await hasText(part(harness, 'argument', 'tree').locator('.tree-row.chosen'), 'price:12.5');
  await screenshot(harness, 'find');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+g');
  await find.fill('0x80');
  await page.keyboard.press('Enter');
  await hasText(status, /^offset 128 at 0x80/);
  await find.fill('129');
  await page.keyboard.press('Enter');
  await hasText(said, 'There is no byte 129: the buffer has 129 bytes.');
  await close(harness);
});

test('says what is unknown, edited, wrong or missing', async () => {
  const { harness, session, page } = await stoppedAt(6);
  await hasText(part(harness, 'result', 'facts'), '256 bytes captured at 0x110, size unknown');
  await hasText(part(harness, 'result', 'note'), /"param", "u32le-prefix", "nul" or \{"fixed": bytes\}/);
  harness.change(session, 10, 8);
  await shows(harness, 8);
  const findings = page.getByTestId('findings');
  await hasText(findings.getByRole('alert'), 'outside memory');
  await findings.getByRole('button', { name: 'Guest.kt:42' }).click();
  await hasText(page.getByTestId('result'), 'The guest returned no result.');
  harness.change(session, 10, 9);
  await shows(harness, 9);
  await part(harness, 'argument', 'edited').waitFor();
  await hasText(page.getByTestId('result'), 'The guest has not returned a result yet.');
  assert.deepEqual(harness.actions, [
    { name: 'openLocation', argument: '/work/guest/src/wasmWasiMain/kotlin/Guest.kt:42' },
  ]);
  await close(harness);
});

test('bytes that were changed at a stop are marked', async () => {
  const { harness, ledger, session, page } = await stoppedAt(9);
  await hasText(part(harness, 'argument', 'hex'), '57c3b6726c64');
  const call = ledger.made[9];
  assert.ok(call, 'the sample has ten calls');
  call.argument = buffer('argument', Buffer.from('Wärld!'), { edited: true });
  harness.change(session, 10, 9);
  await hasText(part(harness, 'argument', 'hex'), '57c3a4726c64');
  const changed = page.locator('[data-testid=argument] .hex-byte.changed');
  await changed.first().waitFor();
  assert.deepEqual(await changed.allInnerTexts(), ['a4']);
  await close(harness);
});

test('memory and its growth are shown', async () => {
  const { harness, session, page } = await stoppedAt(0);
  await hasText(page.getByTestId('memory'), /^Memory 1.13 MiB$/);
  harness.change(session, 10, 0, 1_179_648 + 65_536);
  await hasText(page.getByTestId('memory'), 'Memory 1.19 MiB, grown by 64 KiB');
  await close(harness);
});

test('crossings fold out', async () => {
  const { harness, page } = await stoppedAt(0);
  await page.getByTestId('crossings-toggle').click();
  const table = page.getByRole('table', { name: 'Crossings' });
  await hasText(table, 'host.callHostToReturnResultData');
  await hasText(table.getByRole('row').nth(1), '+10 µshost.callHostToStoreArgumentData0, 13 µs');
  await close(harness);
});

test('the filter narrows the list', async () => {
  const { harness, page } = await stoppedAt(0);
  await page.getByTestId('filter').fill('greetTwice');
  await hasText(page.getByTestId('total'), '1 of 10 calls');
  await row(harness, 2).click();
  await shows(harness, 2);
  await page.getByTestId('filter').fill('nothing like it');
  await hasText(page.getByTestId('empty'), 'No call matches “nothing like it”');
  await page.getByTestId('filter').fill('');
  await row(harness, 9).waitFor();
  await close(harness);
});

test('the list is sorted by a click on a title, and is in its own order again', async () => {
  const { harness, page } = await stoppedAt(0);
  const first = page.locator('.call-row[data-index="0"]');
  const title = page.getByRole('columnheader', { name: 'Argument' });
  await title.getByRole('button').click();
  await hasText(first, 'pointOutside');
  assert.equal(await title.getAttribute('aria-sort'), 'ascending');
  await title.getByRole('button').click();
  await hasText(first, 'describeOrder');
  await first.click();
  await shows(harness, 1);
  await title.getByRole('button').click();
  await hasText(first, 'greet');
  assert.equal(await row(harness, 1).getAttribute('aria-selected'), 'true');
  assert.equal(await title.getAttribute('aria-sort'), 'none');
  await close(harness);
});

test('calls with problems are reached with buttons and keys', async () => {
  const { harness, page } = await stoppedAt(0);
  await page.getByTestId('problem-next').click();
  await shows(harness, 8);
  await page.keyboard.press('F8');
  await hasText(page.getByTestId('said'), 'No next problem');
  await row(harness, 9).click();
  await shows(harness, 9);
  await page.keyboard.press('Shift+F8');
  await shows(harness, 8);
  await close(harness);
});

test('a call is pinned, and reached from wherever the list is', async () => {
  const { harness, page } = await stoppedAt(0);
  await row(harness, 5).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Pin' }).click();
  await page.getByTestId('filter').fill('status:trapped');
  await hasText(page.getByTestId('total'), '2 of 10 calls');
  await row(harness, 7).click();
  await shows(harness, 7);
  await screenshot(harness, 'pinned');
  const pins = page.getByTestId('pins');
  await pins.getByRole('button', { name: 'greetPrefixed (6)', exact: true }).click();
  await shows(harness, 5);
  assert.equal(await row(harness, 5).getAttribute('aria-selected'), 'true');
  await pins.getByRole('button', { name: 'Unpin' }).click();
  await pins.waitFor({ state: 'hidden' });
  await row(harness, 5).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show Only Calls of greetPrefixed' }).click();
  await hasText(page.getByTestId('total'), '1 of 10 calls');
  await close(harness);
});

test('a part of the decoded value becomes a column', async () => {
  const { harness, page } = await stoppedAt(1);
  const tree = part(harness, 'argument', 'tree');
  await tree.getByRole('treeitem', { name: 'items: array of 2' }).dblclick();
  await tree.getByRole('treeitem', { name: '1: object of 3' }).dblclick();
  await tree.getByRole('treeitem', { name: 'price: 99' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show $.items[1].price as a Column of the List' }).click();
  const title = page.getByRole('columnheader', { name: '$.items[1].price' });
  await title.waitFor();
  await hasText(row(harness, 1).locator('.cell-picked'), '99');
  await hasText(row(harness, 0).locator('.cell-picked'), '–');
  await screenshot(harness, 'picked-column');
  await title.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Remove $.items[1].price' }).click();
  await title.waitFor({ state: 'detached' });
  await close(harness);
});

test('a decoder that was chosen in another session is used again', async () => {
  const { harness } = await stoppedAt(0);
  await part(harness, 'argument', 'decoder').selectOption({ label: 'Hexadecimal' });
  await hasText(part(harness, 'argument', 'text'), '576f726c64');
  assert.deepEqual(harness.remembered, { greet: { argument: 'hex' } });
  const ledger = greeterLedger();
  const next = harness.start(ledger, 'Again');
  harness.change(next, ledger.made.length, 3);
  await shows(harness, 3);
  assert.equal(await part(harness, 'argument', 'decoder').inputValue(), 'hex');
  await close(harness);
});

test('"View Boundary Call" shows the call and its buffer', async () => {
  const { harness, page } = await stoppedAt(0);
  harness.reveal(5, 'result');
  await shows(harness, 5);
  await part(harness, 'result', 'hex').and(page.locator(':focus')).waitFor();
  await close(harness);
});

test('copy and memory buttons act on their buffer', async () => {
  const { harness } = await stoppedAt(0);
  const choose = async (button: string, item: RegExp) => {
    await part(harness, 'argument', button).click();
    await harness.page.getByRole('menuitem', { name: item }).click();
  };
  await part(harness, 'argument', 'copy').click();
  await choose('copy-as', /^Hexadecimal/);
  await choose('copy-as', /^Kotlin/);
  await byteAt(harness.page, 1).click();
  await byteAt(harness.page, 2).click({ modifiers: ['Shift'] });
  await choose('copy-as', /^UTF-8 Text \(2 bytes selected\)/);
  await choose('more', /^Save Bytes/);
  await choose('more', /^Open in the Memory View/);
  await harness.page.evaluate(() => undefined);
  assert.deepEqual(harness.actions, [
    { name: 'copy', argument: 'World' },
    { name: 'copy', argument: '57 6f 72 6c 64' },
    { name: 'copy', argument: 'val greet1Argument = byteArrayOf(87, 111, 114, 108, 100)' },
    { name: 'copy', argument: 'or' },
    { name: 'save', argument: 'greet-1-argument.bin 6f72' },
    { name: 'openMemory', argument: 'argument-1' },
  ]);
  await close(harness);
});

test('before a session, before a call and after the end there are words', async () => {
  const harness = await InspectorHarness.open(browser, 'light', WIDE);
  const empty = harness.page.getByTestId('empty');
  await hasText(empty, 'Press F5 on a Kotlin/Wasm guest');
  const session = harness.start(new SampleLedger());
  harness.change(session, 0, null);
  await hasText(empty, 'No call yet');
  session.end(null);
  harness.sessions.touch();
  await hasText(empty, 'The session ended without a call');
  await close(harness);
});

test('keeps its content when the session ends, marked as ended', async () => {
  const { harness, ledger, session, page } = await stoppedAt(1);
  const { keepLedger } = await import('../../../extension/calls/kept-ledger.ts');
  session.end(
    await keepLedger(
      ledger,
      () => Promise.reject(new Error('not asked for')),
      () => false,
    ),
  );
  harness.sessions.touch();
  await hasText(page.getByTestId('state'), 'Ended');
  await row(harness, 9).click();
  await shows(harness, 9);
  await hasText(part(harness, 'argument', 'text'), 'Wörld');
  assert.equal(await page.getByTestId('follow').isDisabled(), true);
  await close(harness);
});

test('another session can be chosen, and comes back as it was', async () => {
  const { harness, page } = await stoppedAt(1);
  const other = new SampleLedger();
  other.add({ export: 'other', argument: buffer('argument', Buffer.from('elsewhere')) });
  const second = harness.start(other, 'Second');
  harness.change(second, 1, 0);
  await hasText(part(harness, 'argument', 'text'), 'elsewhere');
  await page.getByTestId('sessions').selectOption({ label: 'Greet' });
  await shows(harness, 1);
  await hasText(part(harness, 'argument', 'tree'), 'Ada');
  await close(harness);
});

test('an error of the extension is shown as its sentence', async () => {
  const harness = await InspectorHarness.open(browser, 'dark', WIDE);
  const ledger = greeterLedger();
  ledger.call = () => Promise.reject(new Error('The debug adapter is gone.'));
  const session = harness.start(ledger);
  harness.change(session, 10, 0);
  await hasText(harness.page.getByTestId('details'), 'The debug adapter is gone.');
  await close(harness);
});

test('text of a guest is never taken for HTML', async () => {
  const harness = await InspectorHarness.open(browser, 'dark', WIDE);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const ledger = new SampleLedger();
  const json = JSON.stringify({ [evil]: evil });
  ledger.add({
    export: evil,
    argument: buffer('argument', Buffer.from(evil)),
    result: buffer('result', Buffer.from(json)),
    more: { reason: evil, findings: [{ code: 'x', severity: 'warning', message: evil }] },
  });
  const session = harness.start(ledger, evil);
  harness.change(session, 1, 0);
  await hasText(part(harness, 'argument', 'text'), evil.slice(0, 20));
  await hasText(part(harness, 'result', 'tree'), evil.slice(0, 20));
  assert.equal(await harness.page.locator('img, script:not([nonce])').count(), 0);
  assert.equal(await harness.page.title(), 'Boundary Calls');
  await close(harness);
});

test('200,000 calls and 64 MiB in one buffer: only what is seen is drawn', async () => {
  const harness = await InspectorHarness.open(browser, 'dark', WIDE);
  // Making, encoding and decoding so much takes long where others share the machine.
  harness.page.setDefaultTimeout(120_000);
  const size = 64 * 1024 * 1024;
  const bytes = Buffer.alloc(size, 'The quick brown fox. ');
  bytes[size - 1] = 0x7e;
  const ledger = new SampleLedger();
  const call = ledger.add({ export: 'greet', argument: buffer('argument', Buffer.from('World')) });
  for (let sequence = 1; sequence < 200_000; sequence++)
    ledger.made.push({ ...call, sequence, callId: sequence + 1 });
  const big = buffer('result', bytes);
  Object.assign(ledger.made[150_000] ?? {}, { result: big });
  const session = harness.start(ledger);
  harness.change(session, 200_000, 150_000);
  await shows(harness, 150_000);
  await hasText(part(harness, 'result', 'hex'), '546865');
  await hasText(part(harness, 'result', 'text'), 'The quick brown fox.');
  assert.equal(await row(harness, 150_000).getAttribute('aria-current'), 'true');

  await part(harness, 'result', 'hex').focus();
  await harness.page.keyboard.press('Control+End');
  await hasText(part(harness, 'result', 'hex-status'), 'offset 67108863 at 0x400010f: 126 “~”');
  await part(harness, 'result', 'text').focus();
  await harness.page.keyboard.press('End');
  await hasText(part(harness, 'result', 'text'), '~');

  // Half of the way by the scroll bar is half of the buffer.
  await harness.page.evaluate(`{
    const rows = document.querySelector('[data-testid=result] [data-testid=hex] .hex-rows');
    rows.scrollTop = rows.scrollHeight / 2;
  }`);
  await harness.page
    .locator('[data-testid=result] [data-testid=hex] .hex-address', { hasText: /^0200/ })
    .first()
    .waitFor();
  await harness.page.getByTestId('calls').focus();
  await harness.page.keyboard.press('End');
  await shows(harness, 199_999);
  const elements = await harness.page.locator('*').count();
  assert.ok(elements < 5000, `${elements} elements`);
  await close(harness);
});

test('fits into every theme and a narrow side bar', async () => {
  const looks: [string, Theme, { width: number; height: number }, boolean][] = [
    ['dark', 'dark', WIDE, false],
    ['light', 'light', WIDE, false],
    ['high-contrast', 'high-contrast', WIDE, false],
    ['high-contrast-light', 'high-contrast-light', WIDE, false],
    ['forced-colors', 'high-contrast', WIDE, true],
    ['narrow', 'dark', { width: 300, height: 800 }, false],
  ];
  for (const [name, theme, size, forcedColors] of looks) {
    const harness = await InspectorHarness.open(browser, theme, size, { forcedColors });
    const ledger = greeterLedger();
    const session = harness.start(ledger);
    harness.change(session, ledger.made.length, 1, 1_179_648);
    await hasText(part(harness, 'result', 'hex'), '7b22746f');
    await screenshot(harness, name);
    const excess = await harness.page.evaluate<number>('document.body.scrollWidth - window.innerWidth');
    assert.equal(excess, 0, `${name} is wider than its view`);
    assert.deepEqual(await harness.page.evaluate<string[]>(POOR_CONTRAST), [], name);
    await close(harness);
  }
});

/** Texts whose colour is too close to what is behind them (WCAG's contrast, 3 at least for the faintest). */
const POOR_CONTRAST = `(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => (layer.length >= 3 ? over(layer, under) : under), [255, 255, 255]);
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!text || !element.checkVisibility() || element.matches('option, .for-readers, :disabled, :disabled *')) continue;
    const back = behind(element);
    const front = over(parse(getComputedStyle(element).color), back);
    const [light, dark] = [luminance(front), luminance(back)].sort((one, other) => other - one);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 3) poor.push(element.className + ' ' + element.textContent.slice(0, 20) + ' ' + contrast.toFixed(2));
  }
  return poor;
})()`;
