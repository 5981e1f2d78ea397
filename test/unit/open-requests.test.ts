import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OpenRequests } from '../../protocol/open-requests.ts';

const response = (request_seq: number, body?: unknown): DebugProtocol.Response => ({
  seq: 0,
  type: 'response',
  request_seq,
  success: body !== undefined,
  command: 'threads',
  body,
});

const bodyOf = ({ success, body }: DebugProtocol.Response): unknown => {
  if (!success) throw new Error('refused');
  return body;
};

test('open requests: answers reach their requests in whatever order they come', async () => {
  const requests = new OpenRequests();
  const numbers = [requests.nextNumber(), requests.nextNumber()] as const;
  assert.deepEqual(numbers, [1, 2]);
  const answers = numbers.map((seq) => requests.answerTo(seq, bodyOf));
  assert.ok(requests.answer(response(2, 'second')));
  assert.ok(requests.answer(response(1, 'first')));
  assert.deepEqual(await Promise.all(answers), ['first', 'second']);
});

test('open requests: a refusal is what the reader of the response makes of it', async () => {
  const requests = new OpenRequests();
  const answer = requests.answerTo(requests.nextNumber(), bodyOf);
  assert.ok(requests.answer(response(1)));
  await assert.rejects(answer, { message: 'refused' });
});

test('open requests: nobody waits for a second answer, or for one to a request of someone else', async () => {
  const requests = new OpenRequests();
  const answer = requests.answerTo(requests.nextNumber(), bodyOf);
  requests.answer(response(1, 'once'));
  assert.equal(requests.answer(response(1, 'twice')), false);
  assert.equal(requests.answer(response(7, 'else')), false);
  assert.equal(await answer, 'once');
});

test('open requests: the end of the adapter fails what is open, and nothing that was answered', async () => {
  const requests = new OpenRequests();
  const answered = requests.answerTo(requests.nextNumber(), bodyOf);
  const open = requests.answerTo(requests.nextNumber(), bodyOf);
  requests.answer(response(1, 'there'));
  requests.failAll(new Error('gone'));
  assert.equal(await answered, 'there');
  await assert.rejects(open, { message: 'gone' });
  assert.equal(requests.answer(response(2, 'late')), false);
});
