import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overriddenPath } from '../../debug-adapter/kotlin/path-overrides.ts';

test('where overrides put a source', () => {
  const overrides = {
    '/ci/*': '/here/*',
    '/ci/app/*': '/app/*',
    'C:\\build\\*.kt': '/win/*.kt',
    exact: '/exact.kt',
  };
  const cases: [string, string | null][] = [
    ['/ci/lib/A.kt', '/here/lib/A.kt'],
    ['/ci/app/src/A.kt', '/app/src/A.kt'],
    ['C:\\build\\src\\A.kt', '/win/src/A.kt'],
    ['C:\\build\\src\\A.java', null],
    ['exact', '/exact.kt'],
    ['exactly', null],
    ['/other/A.kt', null],
  ];
  for (const [source, expected] of cases) assert.equal(overriddenPath(source, overrides), expected, source);
  assert.equal(overriddenPath('/ci/$&.kt', { '/ci/*': '/x/*' }), '/x/$&.kt', 'what is taken is text');
  assert.equal(overriddenPath('aba', { 'ab*ba': 'x*' }), null, 'the ends of a pattern do not overlap');
});
