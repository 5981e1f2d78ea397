import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallSummary } from '../../protocol/boundary.ts';
import type { TreeNode } from '../../protocol/webview.ts';
import { isInRanges } from '../../webview/model/byte-ranges.ts';
import { describeEdit, EditHistory, type Edit } from '../../webview/model/edit-history.ts';
import { ByteSelection } from '../../webview/model/byte-selection.ts';
import { inspect } from '../../webview/model/data-inspector.ts';
import { columnTitle, nextOrder } from '../../webview/model/call-columns.ts';
import { ColumnValues } from '../../webview/model/column-values.ts';
import { formatBytes, formatMicros, visibleText } from '../../webview/model/format.ts';
import { parseGoTo } from '../../webview/model/go-to.ts';
import { byteAt, bytesPerRow, gapBefore, moveCursor, rowColumns } from '../../webview/model/hex-layout.ts';
import { PagedBytes } from '../../webview/model/paged-bytes.ts';
import { PagedSource } from '../../webview/model/paged-source.ts';
import { RowWindow } from '../../webview/model/row-window.ts';
import { depthOf, followed } from '../../webview/model/selection.ts';
import { TreeRows } from '../../webview/model/tree-rows.ts';

function rowWindow(count: number, viewport = 100, rowHeight = 20): RowWindow {
  const rows = new RowWindow();
  Object.assign(rows, { count, viewport, rowHeight });
  return rows;
}

test('rows: what is visible, and scrolling as little as needed', () => {
  const rows = rowWindow(50);
  assert.deepEqual(rows.visible, [0, 4]);
  assert.ok(rows.reveal(10));
  assert.equal(rows.top, 120);
  assert.deepEqual(rows.visible, [6, 10]);
  assert.ok(!rows.reveal(7));
  rows.reveal(2);
  assert.equal(rows.top, 40);
  rows.top = 1e9;
  assert.deepEqual(rows.visible, [45, 49]);
  assert.deepEqual(rowWindow(0).visible, [0, -1]);
});

test('rows: a list beyond what a browser can place is scaled, and every row can be reached', () => {
  const rows = rowWindow(4_194_304);
  assert.ok(rows.scaled);
  assert.ok(rows.scrollHeight < 33_554_432, 'Chromium’s tallest element');
  rows.scrolledTo(rows.scrollHeight - rows.viewport);
  assert.equal(rows.visible[1], 4_194_303);
  rows.reveal(2_000_001);
  assert.equal(rows.top, 2_000_001 * rows.rowHeight);
  const { top } = rows;
  rows.scrolledTo(Math.round(rows.scrollTop));
  assert.equal(rows.top, top, 'the scroll bar’s rounding moves nothing');
});

/** A source whose loads are answered by hand. */
function source() {
  const loads: { start: number; resolve: (items: number[]) => void; reject: (error: Error) => void }[] = [];
  let redraws = 0;
  const paged = new PagedSource<number>(
    10,
    (start) => new Promise((resolve, reject) => loads.push({ start, resolve, reject })),
    () => redraws++,
  );
  const answer = async (index: number, offset: number) => {
    const load = loads[index];
    assert.ok(load);
    load.resolve(Array.from({ length: 10 }, (_, at) => offset + load.start + at));
    await new Promise(setImmediate);
  };
  return { paged, loads, answer, redraws: () => redraws };
}

test('paged bytes: the same buffer keeps its bytes until newer ones come, and knows which differ', async () => {
  const bytes = new PagedBytes(() => undefined);
  const buffer = (key: string, content: number[]) => ({
    key,
    address: 1000,
    size: content.length,
    load: (start: number, count: number) =>
      Promise.resolve(Uint8Array.from(content.slice(start, start + count))),
  });
  const come = async () => {
    bytes.need(0, bytes.size - 1);
    await new Promise(setImmediate);
  };
  const changed = () => Array.from({ length: bytes.size }, (_, offset) => bytes.hasChanged(offset));
  assert.equal(bytes.show(buffer('one', [1, 2, 3]), true), false);
  await come();
  assert.equal(bytes.show(buffer('one', [1, 9, 3, 4]), true), true);
  assert.deepEqual([bytes.valueAt(1), bytes.newest(1)], [2, undefined]);
  await come();
  assert.deepEqual([bytes.valueAt(1), bytes.newest(1)], [9, 9]);
  assert.deepEqual(changed(), [false, true, false, false]);
  assert.equal(bytes.show(buffer('two', [1, 2, 3, 4]), true), false);
  assert.equal(bytes.valueAt(1), undefined, 'another buffer has none of these bytes');
  await come();
  bytes.show(buffer('two', [5, 6, 7, 8]), false);
  await come();
  assert.deepEqual(changed(), [false, false, false, false], 'nothing is marked where that is not wanted');
  bytes.show(null, true);
  assert.deepEqual([bytes.size, bytes.address, bytes.valueAt(0)], [0, undefined, undefined]);
});

test('pages: each is fetched once, old items stay until newer ones come', async () => {
  const { paged, loads, answer } = source();
  paged.need(5, 12);
  paged.need(5, 12);
  assert.deepEqual(
    loads.map(({ start }) => start),
    [0, 10],
  );
  await answer(0, 0);
  assert.equal(paged.get(7), 7);
  assert.equal(paged.get(11), undefined);
  paged.invalidate();
  assert.equal(loads.length, 3, 'the page that is still on its way is not asked for twice');
  assert.equal(paged.get(7), 7);
  await answer(1, 0);
  assert.equal(loads.length, 4, 'an answer from before is shown, and asked for again');
  assert.equal(paged.get(11), 11);
  await answer(2, 100);
  assert.equal(paged.get(7), 107);
});

test('pages: a failure is kept and not repeated until something changes', async () => {
  const { paged, loads, redraws } = source();
  paged.need(0, 0);
  loads[0]?.reject(new Error('gone'));
  await new Promise(setImmediate);
  assert.equal(paged.failure, 'gone');
  assert.equal(redraws(), 1);
  paged.need(0, 0);
  assert.equal(loads.length, 1);
  paged.invalidate();
  assert.equal(loads.length, 2);
});

test('pages: answers from before a clear are ignored', async () => {
  const { paged, loads, answer } = source();
  paged.need(0, 0);
  paged.clear();
  paged.need(0, 0);
  assert.equal(loads.length, 2);
  await answer(0, 500);
  assert.equal(paged.get(0), undefined);
  await answer(1, 0);
  assert.equal(paged.get(0), 0);
});

test('hex: as many bytes in a row as fit', () => {
  assert.equal(bytesPerRow(rowColumns(16)), 16);
  assert.equal(bytesPerRow(rowColumns(16) - 1), 8);
  assert.equal(bytesPerRow(1000), 32);
  assert.equal(bytesPerRow(3), 4);
});

test('hex: groups are as wide as their digits, and a little-endian one is turned round', () => {
  const quads = { size: 4, littleEndian: true } as const;
  // Address, two spaces, four groups of eight digits with three gaps, a space, 16 characters.
  assert.equal(rowColumns(16, quads), 8 + 2 + 4 * 8 + 3 + 1 + 16);
  assert.ok(
    bytesPerRow(rowColumns(16), { size: 8, littleEndian: true }) >= 16,
    'digits without spaces take less',
  );
  assert.equal(bytesPerRow(3, { size: 8, littleEndian: true }), 8, 'a group is never cut');
  const columns = [0, 1, 2, 3, 4, 5, 6, 7];
  assert.deepEqual(
    columns.map((column) => byteAt(column, quads)),
    [3, 2, 1, 0, 7, 6, 5, 4],
  );
  assert.deepEqual(
    columns.map((column) => byteAt(column, { size: 4, littleEndian: false })),
    columns,
  );
  assert.deepEqual(
    columns.map((column) => gapBefore(column, quads)),
    [0, 0, 0, 0, 1, 0, 0, 0],
  );
});

test('selection: from where it began to the cursor, in both directions', () => {
  const selection = new ByteSelection();
  assert.equal(selection.range, null);
  selection.moveTo(5, true);
  assert.deepEqual(selection.range, [5, 6], 'nothing to extend from yet');
  selection.moveTo(8, true);
  assert.deepEqual(selection.range, [5, 9]);
  selection.moveTo(2, true);
  assert.deepEqual([selection.range, selection.length, selection.cursor], [[2, 6], 4, 2]);
  assert.ok(selection.has(5) && !selection.has(6));
  selection.moveTo(7, false);
  assert.deepEqual(selection.range, [7, 8]);
  selection.choose([3, 10]);
  assert.deepEqual([selection.range, selection.cursor], [[3, 10], 3]);
  selection.clamp(6);
  assert.deepEqual(selection.range, [3, 6], 'the buffer has become shorter');
  selection.clamp(0);
  assert.equal(selection.range, null);
});

function readings(hex: string): Record<string, string[]> {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const buffers = [
    { name: 'argument', address: 0, size: 16 },
    { name: 'result', address: 0x110, size: 32 },
  ];
  return Object.fromEntries(
    inspect(bytes, buffers).map(({ name, littleEndian, bigEndian }) => [
      name,
      bigEndian === undefined ? [littleEndian] : [littleEndian, bigEndian],
    ]),
  );
}

test('data inspector: integers, floats and LEB128', () => {
  const all = readings('fffeffffffffffff');
  assert.deepEqual(all['u8'], ['255']);
  assert.deepEqual(all['i8'], ['-1']);
  assert.deepEqual(all['u16'], ['65279', '65534']);
  assert.deepEqual(all['i32'], ['-257', '-65537']);
  assert.deepEqual(all['u64'], ['18446744073709551359', '18446462598732840959']);
  assert.deepEqual(all['i64'], ['-257', '-281474976710657']);
  assert.equal(all['LEB128, unsigned'], undefined, 'it goes on after the last byte');
  assert.deepEqual(readings('e58e26')['LEB128, unsigned'], ['624485']);
  assert.deepEqual(readings('c0bb78')['LEB128, signed'], ['-123456']);
  assert.deepEqual(readings('80808080808080808001')['LEB128, unsigned'], ['9223372036854775808']);
  assert.equal(readings('80808080808080808002')['LEB128, unsigned'], undefined, 'beyond 64 bits');
  assert.deepEqual(readings('cdcccc3d')['f32']?.[0], '0.1');
  assert.deepEqual(readings('000000000000f03f')['f64']?.[0], '1');
  assert.deepEqual(
    ['003c', '00c0', '007c', '0100', '007e'].map((bits) => readings(bits)['f16']?.[0]),
    ['1', '-2', 'Infinity', '5.9605e-8', 'NaN'],
  );
  assert.deepEqual(Object.keys(readings('2a')), [
    'u8',
    'i8',
    'bits',
    'LEB128, unsigned',
    'LEB128, signed',
    'UTF-8',
  ]);
  assert.deepEqual(inspect(new Uint8Array(), []), []);
});

test('data inspector: characters, times and pointers', () => {
  assert.deepEqual(readings('f09f8c8d')['UTF-8'], ['🌍  U+1F30D']);
  assert.deepEqual(readings('0a')['UTF-8'], ['U+000A'], 'a control character is named, not drawn');
  assert.equal(readings('c328')['UTF-8'], undefined, 'no UTF-8');
  assert.equal(readings('eda080')['UTF-8'], undefined, 'a surrogate is none');
  assert.deepEqual(readings('3cd80ddf')['UTF-16']?.[0], '🌍  U+1F30D');
  assert.deepEqual(readings('3cd84100')['UTF-16']?.[0], 'U+D83C, half of a pair');
  assert.deepEqual(readings('00000065')['Unix time, s']?.[0], '2023-09-12T06:06:56Z');
  assert.deepEqual(readings('15cd5b0700000000')['Unix time, ms']?.[0], '1970-01-02T10:17:36.789Z');
  assert.deepEqual(readings('ffffffffffffff7f')['Unix time, ms']?.[0], 'beyond all dates');
  assert.deepEqual(readings('14010000')['pointer'], ['0x114, result + 4 bytes']);
  assert.deepEqual(readings('00020000')['pointer'], ['0x200, in no buffer of this call']);
});

test('go to: offsets, and addresses of linear memory', () => {
  const target = { address: 0x110, size: 32 };
  assert.equal(parseGoTo('16', target), 16);
  assert.equal(parseGoTo(' 0x110 ', target), 0);
  assert.equal(parseGoTo('0x12F', target), 31);
  assert.equal(parseGoTo('+0x10', target), 16);
  assert.match(
    String(parseGoTo('0x130', target)),
    /0x130 is not among these bytes: they lie at 0x110 to 0x12f/,
  );
  assert.match(String(parseGoTo('32', target)), /no byte 32: the buffer has 32 bytes/);
  assert.match(String(parseGoTo('-1', target)), /Type an offset/);
});

test('hex: the cursor stays in the buffer and in its column', () => {
  const layout = { size: 37, rowLength: 16, page: 2 };
  const moves: [number, Parameters<typeof moveCursor>[1], number][] = [
    [0, 'ArrowLeft', 0],
    [36, 'ArrowRight', 36],
    [5, 'ArrowUp', 5],
    [5, 'ArrowDown', 21],
    [30, 'ArrowDown', 36],
    [20, 'Home', 16],
    [20, 'End', 31],
    [33, 'End', 36],
    [35, 'PageUp', 3],
    [3, 'PageDown', 35],
    [20, 'BufferHome', 0],
    [20, 'BufferEnd', 36],
  ];
  for (const [from, key, to] of moves) assert.equal(moveCursor(from, key, layout), to, `${key} from ${from}`);
});

const leaf = (name: string): TreeNode => ({ name, value: name, type: 'number', childCount: 0 });

test('tree: children come when they are needed, many of them in groups', async () => {
  const fetched: string[] = [];
  const root: TreeNode = { name: '', value: 'array of 25000', type: 'array', childCount: 25_000 };
  const tree = new TreeRows(
    root,
    (path, start, count) => {
      fetched.push(`${path.join('.')}[${start}+${count}]`);
      return Promise.resolve(Array.from({ length: count }, (_, index) => leaf(String(start + index))));
    },
    () => undefined,
  );
  assert.deepEqual(
    tree.rows.map(({ label }) => label),
    ['', '[0 … 9999]', '[10000 … 19999]', '[20000 … 24999]'],
  );
  const group = tree.rows[2];
  assert.ok(group);
  tree.toggle(group);
  const inner = tree.rows.find(({ label }) => label === '[12300 … 12399]');
  assert.ok(inner);
  tree.toggle(inner);
  assert.equal(tree.rows[26]?.expanded, true);
  await new Promise(setImmediate);
  const index = tree.rows.findIndex(({ label }) => label === '12345');
  assert.ok(index > 0);
  assert.equal(tree.rows[tree.parentOf(index)]?.label, '[12300 … 12399]');
  assert.deepEqual(fetched.slice(-1), ['[12300+100]']);
  const opened = tree.rows[2];
  assert.ok(opened?.expanded);
  tree.toggle(opened, false);
  assert.equal(tree.rows.length, 4);
});

test('tree: a node deep in folded groups is opened as its ancestors come', async () => {
  const root: TreeNode = { name: '', value: '', type: 'array', childCount: 250 };
  const tree = new TreeRows(
    root,
    (path, start, count) =>
      Promise.resolve(
        Array.from({ length: count }, (_, index) => ({
          ...leaf(String(start + index)),
          childCount: path.length === 0 ? 3 : 0,
        })),
      ),
    () => undefined,
    [],
  );
  tree.openTo([120, 2]);
  assert.equal(tree.indexOf([120, 2]), -1, 'its ancestors are still on their way');
  for (let fetches = 0; fetches < 3; fetches++) {
    await new Promise(setImmediate);
    tree.indexOf([120, 2]);
  }
  const row = tree.rows[tree.indexOf([120, 2])];
  assert.deepEqual([row?.label, row?.level], ['2', 4]);
  assert.equal(tree.rows.filter(({ expanded }) => expanded).length, 3, 'nothing else was opened');
});

test('tree: a part that cannot be loaded says so', async () => {
  const root: TreeNode = { name: '', value: '', type: 'array', childCount: 1 };
  const tree = new TreeRows(
    root,
    () => Promise.reject(new Error('gone')),
    () => undefined,
  );
  await new Promise(setImmediate);
  assert.equal(tree.rows[1]?.label, 'could not be loaded');
});

test('the current stop is followed, unless the user looks at another call', () => {
  const stopped = { current: 4, total: 9, ended: false };
  assert.equal(followed({ sequence: 1, follow: true }, stopped).sequence, 4);
  assert.equal(followed({ sequence: 1, follow: false }, stopped).sequence, 1);
  assert.equal(followed({ sequence: 1, follow: true }, { ...stopped, current: null }).sequence, 1);
  const ended = { current: null, total: 9, ended: true };
  assert.equal(followed({ sequence: null, follow: true }, ended).sequence, 8, 'a session that never stopped');
  assert.equal(followed({ sequence: 2, follow: true }, ended).sequence, 2);
  assert.equal(followed({ sequence: 20, follow: false }, stopped).sequence, null, 'a call of an earlier run');
});

test('nested calls are as deep as their callers', () => {
  const call = (sequence: number, parent?: number) =>
    ({ sequence, ...(parent !== undefined && { parent }) }) as CallSummary;
  const calls = new Map([call(0), call(1, 0), call(2, 1)].map((made) => [made.sequence, made]));
  const find = (sequence: number) => calls.get(sequence);
  assert.equal(depthOf(call(2, 1), find), 2);
  assert.equal(depthOf(call(5, 99), find), 1, 'a caller that is not loaded');
});

test('columns: their titles, and the order that a click leads to', () => {
  const title = (...names: string[]) => columnTitle({ direction: 'argument', names });
  assert.deepEqual(
    [title(), title('user', 'id'), title('items', '0'), title('first name')],
    ['$', '$.user.id', '$.items[0]', '$["first name"]'],
  );
  assert.deepEqual(nextOrder(undefined, 'export'), { by: 'export' });
  assert.deepEqual(nextOrder({ by: 'export' }, 'export'), { by: 'export', descending: true });
  assert.equal(nextOrder({ by: 'export', descending: true }, 'export'), undefined);
  assert.deepEqual(nextOrder({ by: 'export', descending: true }, 'callId'), { by: 'callId' });
});

test('columns: values are asked for once, and again when they may be old', async () => {
  const asked: number[][] = [];
  const values = new ColumnValues(
    (sequences) => {
      asked.push(sequences);
      return Promise.resolve(sequences.map((sequence) => (sequence === 3 ? null : `v${asked.length}`)));
    },
    () => undefined,
  );
  values.need([1, 2, 3]);
  assert.equal(values.get(1), undefined);
  await new Promise(setImmediate);
  assert.deepEqual([values.get(1), values.get(3)], ['v1', null]);
  values.need([1, 2, 3, 4]);
  await new Promise(setImmediate);
  assert.deepEqual(asked, [[1, 2, 3], [4]]);
  values.invalidate();
  assert.equal(values.get(1), 'v1', 'stays until a newer one comes');
  values.need([1]);
  await new Promise(setImmediate);
  assert.equal(values.get(1), 'v3');
});

test('numbers for people', () => {
  assert.deepEqual([0, 1, 1023, 1024, 1536, 64 * 2 ** 20].map(formatBytes), [
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1 KiB',
    '1.5 KiB',
    '64 MiB',
  ]);
  assert.deepEqual([0, 61.4, 1000, 12_345, 2_500_000].map(formatMicros), [
    '0 µs',
    '61 µs',
    '1 ms',
    '12.3 ms',
    '2.5 s',
  ]);
  assert.equal(visibleText('a\0b\tc\u001b\u007f'), 'a␀b\tc␛␡');
});

test('ranges of bytes: which hold an offset', () => {
  const ranges: [number, number][] = [
    [0, 1],
    [7, 9],
    [12, 14],
  ];
  assert.deepEqual(
    [0, 1, 6, 7, 8, 9, 13, 14].map((offset) => isInRanges(ranges, offset)),
    [true, false, false, true, true, false, true, false],
  );
  assert.equal(isInRanges([], 0), false);
});

test('changes: taken back and done again, and what was there first', () => {
  const history = new EditHistory();
  const edit = (start: number, before: number, after: number): Edit => ({
    kind: 'bytes',
    start,
    before: [before],
    after: [after],
  });
  history.add(edit(3, 0x57, 0x58));
  history.add(edit(3, 0x58, 0x59));
  assert.equal(history.originalOf(3), 0x57);
  assert.equal(history.originalOf(4), undefined);
  assert.deepEqual(history.undoable, edit(3, 0x58, 0x59));
  history.undid();
  assert.deepEqual([history.edits.length, history.redoable], [1, edit(3, 0x58, 0x59)]);
  history.redid();
  history.undid();
  history.add(edit(4, 1, 2));
  assert.equal(history.redoable, undefined, 'something new was done since');
  assert.equal(describeEdit(edit(3, 0x57, 0x08)), 'offset 3: 57 → 08');
  assert.equal(describeEdit({ kind: 'value', before: '"a"', after: '"b"' }), '"a" → "b"');
});
