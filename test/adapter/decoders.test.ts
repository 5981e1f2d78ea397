import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, evaluate, launch, stopped, topFrame } from '../support/session.ts';

const personFile = path.join(import.meta.dirname, '../unit/fixtures/decoders/proto/demo/person.proto');
const person = { protobuf: { files: [personFile], message: 'demo.Person' } };
/** `name: "Ada"`. */
const ADA = { hex: '0a03416461' };

test('a message that launch.json describes is decoded with its .proto files', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: ADA }],
      decoders: { greet: { argument: person, result: 'windows-1252' } },
    },
    { filters: [] },
  );
  await ended(client);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.argument?.text, 'name: "Ada"');
  assert.deepEqual(call.argument.tree?.children?.[0], {
    name: 'name',
    type: 'string',
    value: '"Ada"',
    range: [0, 5],
  });
  assert.equal(call.result?.decoder, 'windows-1252');

  const { decoders } = await client.boundary('boundary/decoders', {});
  assert.deepEqual(decoders[1], {
    id: call.argument.decoder,
    label: 'Protocol Buffers: demo.Person (person.proto)',
    group: 'Launch configuration',
  });
  const again = await client.boundary('boundary/call', {
    sequence: 0,
    decoders: { argument: 'protobuf', result: call.argument.decoder },
  });
  assert.equal(again.call.argument?.text, '1: "Ada"');
  assert.equal(again.call.result?.decoder, call.argument.decoder);
  await assert.rejects(
    client.boundary('boundary/call', {
      sequence: 0,
      decoders: { argument: call.argument.decoder.replace('demo.Person', 'demo.Place') },
    }),
    /none of this session/,
  );
});

test('expressions see the decoded message, and what they assign is encoded', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: ADA }],
    decoders: { greet: { argument: person } },
  });
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  assert.equal((await evaluate(client, 'argument.name')).result, '"Ada"');
  await client.request('setExpression', { expression: 'argument.name', value: '"Bob"', frameId });
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.argument?.text, 'name: "Bob"');
});
