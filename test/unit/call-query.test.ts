import assert from 'node:assert/strict';
import test from 'node:test';
import { matchesQuery, parseCallQuery, type QueriedCall } from '../../protocol/call-query.ts';

const greet: QueriedCall = {
  sequence: 3,
  callId: 9007199254740993n,
  export: 'greetperson',
  status: 'trapped',
  durationMicros: 2500,
  problems: 2,
  size: (direction) => (direction === 'argument' ? 2048 : undefined),
  preview: (direction) => (direction === 'argument' ? '{"name": "Ada"}' : ''),
  text: (direction) => (direction === 'argument' ? '{"name": "Ada", "city": "London SW1"}' : ''),
  problemCodes: () => ['length-mismatch', 'invalid-text'],
};

const finds = (query: string, call: Partial<QueriedCall> = {}): boolean =>
  matchesQuery(parseCallQuery(query), { ...greet, ...call });

test('plain words are found as they are typed, whatever their case', () => {
  for (const query of ['', 'ADA', 'greetp', 'trap', '40993', '"name": "ada"}', '{"name": "Ada"}']) {
    assert.ok(finds(query), query);
  }
  assert.ok(!finds('Ada name'), 'words in another order are another text');
  assert.ok(!finds('London'), 'only the preview is looked at');
  assert.ok(finds('"problem"', { export: 'noproblem' }), 'a quoted word is no term');
  assert.ok(!finds('"problem"'));
});

test('what is no term is words', () => {
  const words = (query: string) => parseCallQuery(query).terms;
  assert.deepEqual(words('color:red'), [{ kind: 'words', text: 'color:red' }]);
  assert.deepEqual(words('size>big  x'), [{ kind: 'words', text: 'size>big  x' }]);
  assert.deepEqual(words('export>x'), [{ kind: 'words', text: 'export>x' }]);
  assert.deepEqual(words('a "b'), [{ kind: 'words', text: 'a "b' }]);
  assert.deepEqual(words('-5 x'), [{ kind: 'words', text: '-5 x' }]);
  assert.deepEqual(
    words('Ada status:trapped Lovelace').map(({ kind }) => kind),
    ['words', 'text', 'words'],
  );
});

test('all terms must hold', () => {
  assert.ok(finds('status:trapped export:greet size>100 problem ada'));
  assert.ok(!finds('status:trapped export:greet size>5000 problem ada'));
  assert.ok(!finds('status:returned ada'));
});

test('text fields', () => {
  assert.ok(finds('text:london'));
  assert.ok(finds('argument:"London SW1"'));
  assert.ok(!finds('result:london'));
  assert.ok(finds('EXPORT:Person'));
  assert.ok(finds('status:tra'));
  assert.ok(!finds('status:rapped'));
  assert.ok(finds('problem:length'));
  assert.ok(!finds('problem:overlap'));
  assert.ok(!finds('problem', { problems: 0 }));
});

test('numbers, their relations and units', () => {
  for (const query of [
    'size>=2k',
    'argumentSize:2KiB',
    'size<1MiB',
    'sequence:3',
    'duration>2ms',
    'duration<=2500',
    'duration<0.01s',
    'problems>1',
    'callId:9007199254740993',
    'callid>9007199254740992',
  ]) {
    assert.ok(finds(query), query);
  }
  for (const query of ['size>2k', 'resultSize>=0', 'duration<2ms', 'callId:9007199254740992', 'sequence<3']) {
    assert.ok(!finds(query), query);
  }
  assert.ok(!finds('duration>0', { durationMicros: undefined }), 'a running call has none');
});

test('a minus turns a term round', () => {
  assert.ok(finds('-status:returned'));
  assert.ok(!finds('-status:trapped'));
  assert.ok(!finds('-problem'));
  assert.ok(finds('-resultSize>0'), 'no result is none that is bigger');
});

test('a bad query does not take long', () => {
  const quotes = '"'.repeat(20_001);
  const { terms } = parseCallQuery(`${'a'.repeat(50_000)}: ${quotes} ${'-size>'.repeat(5000)}`);
  assert.ok(terms.length > 0);
});
