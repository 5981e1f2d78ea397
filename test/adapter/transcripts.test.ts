import test from 'node:test';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { assertGolden, transcript } from '../support/golden.ts';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import {
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  stopped,
  topFrame,
  type SessionOptions,
} from '../support/session.ts';

interface Session {
  name: string;
  configuration: LaunchInput;
  options?: SessionOptions;
  /** From the first stop on. */
  play: (client: DapClient) => Promise<void>;
}

/** Sessions as a person has them; what goes over the wire is compared with the golden transcript of that name. */
const sessions: Session[] = [
  {
    name: 'nested-call-stepped-through',
    configuration: {
      program: GUESTS.nested,
      host: NESTED_HOST,
      calls: [{ export: 'seat', argument: 'Grace' }],
    },
    options: { filters: [], functionBreakpoints: [{ name: 'seating.rowFor' }, { name: 'seting.*' }] },
    async play(client) {
      await scopeVariables(client, 'Import parameters');
      for (const command of ['stepIn', 'stepIn', 'stepOut', 'next', 'stepOut']) {
        await resumeTo(client, command);
        await topFrame(client);
      }
      await resumeToEnd(client);
      await client.boundary('boundary/calls', { start: 0, count: 10 });
    },
  },
  {
    name: 'json-argument-edited',
    configuration: {
      program: GUESTS.greeter,
      calls: [
        { export: 'greetPerson', argument: { json: { name: 'Ada', languages: ['Kotlin'] } }, callId: 7 },
      ],
      decoders: { greetPerson: { argument: 'json', result: 'json' } },
    },
    async play(client) {
      const call = await scopeVariables(client, 'Call');
      const variablesReference = call.get('argument')?.variablesReference;
      await client.request('variables', { variablesReference });
      await client.request('setVariable', { variablesReference, name: 'name', value: '"Eve"' });
      await resumeTo(client);
      const frameId = (await topFrame(client)).id;
      await client.request('evaluate', { expression: 'result.greeting', context: 'watch', frameId });
      await resumeToEnd(client);
      await client.boundary('boundary/call', { sequence: 0 });
    },
  },
  {
    name: 'uncaught-exception',
    configuration: { program: GUESTS.greeter, calls: [{ export: 'nextBirthday', argument: 'soon' }] },
    options: { filters: ['uncaughtExceptions', 'traps'] },
    async play(client) {
      await topFrame(client);
      await client.request('exceptionInfo', { threadId: 1 });
      await resumeToEnd(client);
      await client.boundary('boundary/calls', { start: 0, count: 10 });
    },
  },
  {
    name: 'result-sizes',
    configuration: {
      program: GUESTS.sizes,
      calls: [{ export: 'greetWithPrefix', argument: 'World' }],
      boundary: {
        returnResult: {
          import: 'host.callHostToReturnResultData',
          params: ['pointer', 'callId'],
          size: 'u32le-prefix',
        },
      },
    },
    options: { filters: ['returnResult'] },
    async play(client) {
      const call = await scopeVariables(client, 'Call');
      const memoryReference = call.get('result')?.memoryReference;
      await client.request('readMemory', { memoryReference, offset: -4, count: 17 });
      await resumeToEnd(client);
      await client.boundary('boundary/call', { sequence: 0 });
      await client.request('readMemory', { memoryReference: 'call-0-result', count: 64 });
    },
  },
];

for (const { name, configuration, options, play } of sessions) {
  test(name, SESSION_LIMIT, async (t) => {
    const client = await launch(t, configuration, { ...options, oneByOne: true });
    await stopped(client);
    await play(client);
    assertGolden(name, transcript(client));
  });
}
