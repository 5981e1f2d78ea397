import assert from 'node:assert/strict';
import test from 'node:test';
import type { KotlinCode } from '../../debug-adapter/session/kotlin-code.ts';
import { linkedParts, placeInText } from '../../debug-adapter/session/output-links.ts';

/** A guest whose sources are these; function 7 is at line 40 of the first. */
const kotlin = {
  lines: {
    files: ['/src/main/Greeter.kt', '/src/other/Boundary.kt', '/src/build.kts'],
    at: (functionIndex: number) =>
      functionIndex === 7 ? { path: '/src/main/Greeter.kt', line: 40, column: 3 } : null,
  },
} as unknown as KotlinCode;

const place = (text: string): string | null => {
  const found = placeInText(text, kotlin);
  return found && `${found.file}:${found.line}:${found.column}`;
};

test('lines that name a place in a source lead there', () => {
  const greeter = '/src/main/Greeter.kt';
  assert.equal(place('    at demo.greet (Greeter.kt:12)\n'), `${greeter}:12:1`);
  assert.equal(place('    at demo.greet(Greeter.kt:12:5)'), `${greeter}:12:5`);
  assert.equal(place('e: file:///src/main/Greeter.kt:3:7 unresolved'), `${greeter}:3:7`);
  assert.equal(place('see ../main/Greeter.kt:9.'), `${greeter}:9:1`);
  assert.equal(place('build.kts:2'), '/src/build.kts:2:1');
  assert.equal(place('    at <anonymous> (wasm-function[7]:0x1f3)'), `${greeter}:40:3`);
});

test('all else does not', () => {
  for (const text of [
    'Greeter.kt is here: 12',
    'elsewhere/Greeter.kt:12',
    'NotGreeter.kt:12',
    'Nowhere.kt:12',
    'wasm-function[8]:0x1f3',
    '12:30 o’clock',
    `${':'.repeat(100_000)}${'a'.repeat(1_000_000)}.kt:1`,
  ]) {
    assert.equal(place(text), null, text.slice(0, 100));
  }
  assert.equal(placeInText('Greeter.kt:12', null), null);
});

test('text stays whole and in order, cut at the lines that lead somewhere', () => {
  const text = 'first\nsecond\nat Greeter.kt:1\nat Boundary.kt:2\nlast';
  const parts = [...linkedParts(text, kotlin)];
  assert.deepEqual(
    parts.map((part) => [part.text, part.place?.line ?? null]),
    [
      ['first\nsecond\n', null],
      ['at Greeter.kt:1\n', 1],
      ['at Boundary.kt:2\n', 2],
      ['last', null],
    ],
  );
});
