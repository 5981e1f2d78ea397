import assert from 'node:assert/strict';
import test from 'node:test';
import { frame, MessageReader } from '../../debug-adapter/message-reader.ts';

/** What a reader makes of bytes that come in pieces of `size`. */
function read(bytes: Buffer, size = bytes.length): { messages: unknown[]; problems: string[] } {
  const messages: unknown[] = [];
  const problems: string[] = [];
  const reader = new MessageReader({
    message: (value) => messages.push(value),
    malformed: (problem) => problems.push(problem),
  });
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return { messages, problems };
}

const text = (value: string): Buffer => Buffer.from(value, 'utf8');

test('messages come out as they went in, however they are cut', () => {
  const values = [{ seq: 1, text: 'žluťoučký 🐎' }, { seq: 2, list: Array(500).fill(7) }, null, 5];
  const bytes = Buffer.concat(values.map(frame));
  for (const size of [1, 2, 3, 7, 64, 1000, bytes.length]) {
    assert.deepEqual(read(bytes, size), { messages: values, problems: [] }, `pieces of ${size}`);
  }
});

test('garbage before, between and after messages is reported once each, and skipped', () => {
  const good = frame({ seq: 1 });
  const bytes = Buffer.concat([
    text('HTTP/1.1 200 OK\r\n\r\n'),
    good,
    text('Content-Length: 3\r\n\r\n{]}'),
    good,
    text('Content-Length: twelve\r\n\r\n{"seq":0}'),
    good,
    text('x'.repeat(20_000)),
    good,
  ]);
  for (const size of [1, 10, 333, 4096]) {
    const { messages, problems } = read(bytes, size);
    assert.deepEqual(messages, [{ seq: 1 }, { seq: 1 }, { seq: 1 }, { seq: 1 }], `pieces of ${size}`);
    assert.equal(problems.length, 4, problems.join('\n'));
  }
});

test('a length that is too short or too long costs no more than its neighbour', () => {
  const body = '{"seq":5}';
  const short = read(Buffer.concat([text(`Content-Length: 4\r\n\r\n${body}`), frame({ seq: 6 })]));
  assert.deepEqual(short.messages, [{ seq: 6 }]);
  const long = read(
    Buffer.concat([text(`Content-Length: 20\r\n\r\n${body}`), frame({ seq: 6 }), frame({ seq: 7 })]),
  );
  assert.deepEqual(long.messages, [{ seq: 7 }]);
});

test('other header fields, and any case', () => {
  const { messages, problems } = read(
    text('content-type: application/vscode-jsonrpc; charset=utf-8\r\ncOnTeNt-LeNgTh:   2\r\n\r\n{}'),
  );
  assert.deepEqual([messages, problems], [[{}], []]);
});

test('a message that claims more than can be is not waited for', () => {
  const { messages, problems } = read(
    Buffer.concat([text('Content-Length: 999999999999\r\n\r\n'), frame({ a: 1 })]),
  );
  assert.deepEqual(messages, [{ a: 1 }]);
  assert.match(problems[0] ?? '', /claims 999999999999 bytes/);
});
