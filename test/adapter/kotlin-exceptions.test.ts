import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { assertGolden, transcript } from '../support/golden.ts';
import { EXCEPTIONS_HOST, GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import {
  evaluate,
  ended,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  type SessionOptions,
  stack,
  stopped,
} from '../support/session.ts';

const SOURCE = 'test/guests/exceptions/Exceptions.kt';
const marked = (mark: string): number => markedLine(SOURCE, mark);
const ALL: SessionOptions = { filters: ['allExceptions'] };
const UNCAUGHT: SessionOptions = { filters: ['uncaughtExceptions'] };

type Stopped = DebugProtocol.StoppedEvent['body'];

/** Where it stands: `refuse 23`, the innermost first; what is no Kotlin left out. */
async function places(client: DapClient): Promise<string[]> {
  return (await stack(client)).flatMap(({ name, line, source }) =>
    source?.name === 'Exceptions.kt' ? [`${name.replace('exceptions.', '')} ${line}`] : [],
  );
}

async function info(client: DapClient): Promise<DebugProtocol.ExceptionInfoResponse['body']> {
  return client.request('exceptionInfo', { threadId: 1 });
}

/** Each local of a frame: `hours=2`. */
async function locals(client: DapClient, frame = 0): Promise<string[]> {
  const { id } = (await stack(client))[frame] ?? {};
  const scope = await scopeVariables(client, 'Locals', id);
  return [...scope.values()].map(({ name, value }) => `${name}=${value}`);
}

const thrown = (caller: string, line: number): string[] => [`refuse ${marked('throw')}`, `${caller} ${line}`];

for (const guest of ['exceptions', 'exceptions-2.3.0'] as const) {
  const start = (
    t: TestContext,
    calls: LaunchInput['calls'],
    options: SessionOptions,
    configuration: Partial<LaunchInput> = {},
  ): Promise<DapClient> => {
    return launch(t, { program: GUESTS[guest], host: EXCEPTIONS_HOST, calls, ...configuration }, options);
  };

  test(
    `${guest}: an exception stops where it is thrown, whether it is caught or not`,
    SESSION_LIMIT,
    async (t) => {
      const client = await start(t, [{ export: 'caught', params: [2] }], ALL);
      for (const hours of [1, 2]) {
        const { reason, text } = await (hours === 1 ? stopped(client) : resumeTo(client));
        assert.deepEqual([reason, text], ['exception', `exceptions.LateRefusal: ${hours * 2} hours late`]);
        assert.equal((await places(client))[0], `refuse ${marked('throw')}`);
        assert.deepEqual(await locals(client), [`hours=${hours}`, `doubled=${hours * 2}`]);
      }
      const { exceptionId, breakMode, details } = await info(client);
      assert.deepEqual([exceptionId, breakMode], ['exceptions.LateRefusal', 'always']);
      assert.equal(details?.typeName, 'LateRefusal');
      assert.equal(details.message, '4 hours late');
      assert.equal(await resumeToEnd(client), 0);
    },
  );

  test(`${guest}: the condition names classes; subclasses count`, SESSION_LIMIT, async (t) => {
    const calls = [
      { export: 'caught', params: [1] },
      { export: 'divide', params: [1, 0] },
      { export: 'wrapped', params: [1] },
    ];
    const texts = async (condition: string): Promise<(string | undefined)[]> => {
      const filterOptions = [{ filterId: 'allExceptions', condition }];
      const client = await start(t, calls, { filters: [], filterOptions });
      const seen: (string | undefined)[] = [];
      const next = (stop: Promise<Stopped>) => stop.catch(() => null);
      for (let stop = await next(stopped(client)); stop; stop = await next(resumeTo(client))) {
        seen.push(stop.text?.replace(/:.*/, ''));
      }
      return seen;
    };
    const late = 'exceptions.LateRefusal';
    assert.deepEqual(await texts('exceptions.Refusal'), [late, late]);
    assert.deepEqual(await texts('ArithmeticException, IllegalStateException'), [
      'kotlin.ArithmeticException',
      'kotlin.IllegalStateException',
    ]);
    assert.deepEqual(await texts('other.Refusal'), []);
  });

  test(
    `${guest}: an uncaught exception shows the stack and locals of its throw`,
    SESSION_LIMIT,
    async (t) => {
      const client = await start(t, [{ export: 'uncaught', params: [2] }], UNCAUGHT);
      const { reason, text } = await stopped(client);
      assert.equal(reason, 'exception');
      assert.equal(text, 'uncaught (callId 1) was left by an uncaught exceptions.LateRefusal: 6 hours late.');
      assert.deepEqual(await places(client), thrown('uncaught', marked('call of refuse')));
      assert.deepEqual(await locals(client), ['hours=3', 'doubled=6']);
      assert.deepEqual(await locals(client, 1), ['hours=2', 'before=3']);
      assert.equal((await evaluate(client, 'doubled + 1')).result, '7');
      const { breakMode, details } = await info(client);
      assert.equal(breakMode, 'unhandled');
      assert.deepEqual([details?.typeName, details?.fullTypeName], ['LateRefusal', 'exceptions.LateRefusal']);
      assert.match(
        details?.stackTrace ?? '',
        /^exceptions\.LateRefusal: 6 hours late\n {4}at exceptions\.refuse \(.*Exceptions\.kt:\d+:\d+\)/,
      );
      assert.equal(await resumeToEnd(client), 1);
    },
  );

  test(`${guest}: what was thrown first stays known on its way`, SESSION_LIMIT, async (t) => {
    const names = ['passedOn', 'throughFinally', 'inScope'];
    const client = await start(
      t,
      names.map((name) => ({ export: name, params: [2] })),
      UNCAUGHT,
    );
    for (const name of names) {
      const { text } = await (name === names[0] ? stopped(client) : resumeTo(client));
      assert.match(text ?? '', new RegExp(`^${name} .* uncaught exceptions\\.LateRefusal: 4 hours late`));
      const [top, below] = await places(client);
      assert.equal(top, `refuse ${marked('throw')}`);
      assert.match(below ?? '', new RegExp(`^${name} `));
      assert.deepEqual(await locals(client), ['hours=2', 'doubled=4']);
    }
    assert.equal(await resumeToEnd(client), 1);
  });

  test(`${guest}: the cause is told with its exception`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'wrapped', params: [2] }], UNCAUGHT);
    await stopped(client);
    assert.deepEqual(await places(client), [`wrapped ${marked('throw with cause')}`]);
    const { details } = await info(client);
    assert.equal(details?.fullTypeName, 'kotlin.IllegalStateException');
    assert.equal(details.innerException?.[0]?.fullTypeName, 'exceptions.LateRefusal');
    assert.match(details.stackTrace ?? '', /\nCaused by: exceptions\.LateRefusal: 4 hours late$/);
    assert.equal(await resumeToEnd(client), 1);
  });

  test(`${guest}: one that a finally has overtaken is not taken for the other`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'overtaken', params: [2] }], UNCAUGHT);
    const { text } = await stopped(client);
    assert.match(text ?? '', /was left by an uncaught Kotlin exception \(WasmEdge: /);
    assert.equal(await resumeToEnd(client), 1);
  });

  test(`${guest}: what library and runtime throw stops at the user's line`, SESSION_LIMIT, async (t) => {
    const calls = [
      { export: 'cast', params: [1] },
      { export: 'divide', params: [1, 0] },
    ];
    const client = await start(t, calls, ALL);
    assert.match((await stopped(client)).text ?? '', /^kotlin\.ClassCastException/);
    assert.deepEqual(await places(client), [`cast ${marked('cast')}`]);
    assert.match((await resumeTo(client)).text ?? '', /^kotlin\.ArithmeticException: Division by zero/);
    assert.deepEqual(await places(client), [`divide ${marked('divide')}`]);
    assert.deepEqual(await locals(client), ['dividend=1', 'divisor=0']);
    assert.equal(await resumeToEnd(client), 1);
  });

  test(
    `${guest}: through a host function it is told of once, and named at both calls`,
    SESSION_LIMIT,
    async (t) => {
      const client = await start(t, [{ export: 'throughHost', params: [2] }], UNCAUGHT);
      const { text } = await stopped(client);
      assert.match(text ?? '', /^uncaught .* uncaught exceptions\.LateRefusal: 6 hours late/);
      assert.deepEqual(await places(client), [
        ...thrown('uncaught', marked('call of refuse')),
        `throughHost ${marked('again')}`,
      ]);
      assert.deepEqual(await locals(client, 4), ['hours=2', 'mine=200']);
      assert.equal(await resumeToEnd(client), 1);
      const { calls } = await client.boundary('boundary/calls', { start: 0, count: 2 });
      for (const { sequence } of calls) {
        const { call } = await client.boundary('boundary/call', { sequence });
        assert.match(call.reason ?? '', /exceptions\.LateRefusal: 6 hours late/);
      }
    },
  );

  test(`${guest}: without any filter it is named in the ledger and the output`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'uncaught', params: [2] }], { filters: [] });
    assert.equal(await ended(client), 1);
    assert.deepEqual(client.eventsSoFar('stopped'), []);
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(
      call.reason,
      'uncaught (callId 1) was left by an uncaught exceptions.LateRefusal: 6 hours late. ' +
        `It was thrown at Exceptions.kt:${marked('throw')}, in exceptions.refuse.`,
    );
    const linked = client.eventsSoFar('output').flatMap(({ body }) => {
      const { output, source, line } = body as DebugProtocol.OutputEvent['body'];
      return source ? [`${output.trim().replace(/ \(.*/, '')} ${line}`] : [];
    });
    assert.deepEqual(linked, [
      `at exceptions.refuse ${marked('throw')}`,
      `at exceptions.uncaught ${marked('call of refuse')}`,
    ]);
  });

  test(`${guest}: an expression that throws disturbs nothing`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'uncaught', params: [2] }], ALL);
    await stopped(client);
    await assert.rejects(evaluate(client, 'uncaught(7)'), /failed/);
    assert.equal((await evaluate(client, 'caught(3)')).result, '12');
    assert.deepEqual(await places(client), thrown('uncaught', marked('call of refuse')));
    assert.equal(await resumeToEnd(client), 1);
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.match(call.reason ?? '', /LateRefusal: 6 hours late/);
  });

  test(`${guest}: a trap in the library stops at the line that called it`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'outOfBounds', params: [5] }], { filters: ['traps'] });
    await stopped(client);
    assert.deepEqual(await places(client), [`outOfBounds ${marked('index')}`]);
    const { description, details } = await info(client);
    assert.match(description ?? '', /in kotlin\.Array\.get, at byte 0x[0-9a-f]+ of exceptions/);
    assert.match(
      description ?? '',
      new RegExp(`is Exceptions\\.kt:${marked('index')}, in exceptions\\.outOfBounds\\.`),
    );
    assert.match(details?.stackTrace ?? '', /at exceptions\.outOfBounds \(/);
    assert.equal(await resumeToEnd(client), 1);
  });

  test(`${guest}: endless recursion stops at its limit, and shows its stack`, SESSION_LIMIT, async (t) => {
    const limits = { stackDepth: 40 };
    const client = await start(t, [{ export: 'endless', params: [1] }], { filters: ['traps'] }, { limits });
    assert.match((await stopped(client)).text ?? '', /nested 40 deep/);
    const there = await places(client);
    assert.equal(there.length, 40);
    assert.deepEqual(new Set(there), new Set([`endless ${marked('recursion')}`]));
    assert.deepEqual(await locals(client, 39), ['number=1']);
    assert.match((await info(client)).details?.stackTrace ?? '', /at exceptions\.endless \(/);
    assert.equal(await resumeToEnd(client), 1);
  });

  test(`${guest}: a step over what throws comes to the catch`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'caught', params: [1] }], ALL);
    await stopped(client);
    await client.request('next', { threadId: 1 });
    assert.equal((await stopped(client)).reason, 'step');
    assert.match((await places(client)).join(), /^caught /);
    assert.equal(await resumeToEnd(client), 0);
  });

  test(`${guest}: what it prints leads to the lines that it names`, SESSION_LIMIT, async (t) => {
    const client = await start(t, [{ export: 'printPlaces', params: [23] }], ALL);
    assert.equal(await ended(client), 0);
    const linked = client.eventsSoFar('output').flatMap(({ body }) => {
      const { category, output, source, line, column } = body as DebugProtocol.OutputEvent['body'];
      return source ? [[category, output, source.name, line, column]] : [];
    });
    assert.deepEqual(linked, [
      ['stdout', '    at exceptions.refuse (Exceptions.kt:23:9)\n', 'Exceptions.kt', 23, 9],
    ]);
    assert.match(client.output('stdout'), /\nw: file:\/\/\/nowhere\/Nowhere\.kt:3:1 is not there\n/);
  });

  test(`${guest}: exceptions at their throw, and when nobody catches them`, SESSION_LIMIT, async (t) => {
    const client = await launch(
      t,
      {
        program: GUESTS[guest],
        host: EXCEPTIONS_HOST,
        calls: [{ export: 'wrapped', params: [2] }],
      },
      { filters: ['allExceptions', 'uncaughtExceptions'], oneByOne: true },
    );
    await stopped(client);
    for (let stop = 0; stop < 3; stop++) {
      await locals(client);
      await info(client);
      if (stop < 2) await resumeTo(client);
    }
    assert.equal(await resumeToEnd(client), 1);
    await client.boundary('boundary/call', { sequence: 0 });
    assertGolden(`kotlin-${guest}`, transcript(client));
  });
}

test('a condition that names no class is refused with what to write', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.exceptions,
    host: EXCEPTIONS_HOST,
    calls: [{ export: 'caught', params: [1] }],
    stopOnEntry: true,
  });
  await stopped(client);
  const { breakpoints } = await client.request<
    DebugProtocol.SetExceptionBreakpointsResponse['body'] & object
  >('setExceptionBreakpoints', {
    filters: [],
    filterOptions: [{ filterId: 'allExceptions', condition: 'message == "x"' }],
  });
  assert.equal(breakpoints?.[0]?.verified, false);
  assert.match(breakpoints[0].message ?? '', /“==” is not the name of a class: write names such as/);
});
