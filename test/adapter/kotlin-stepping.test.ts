import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DapClient } from '../support/dap-client.ts';
import { SESSION_LIMIT } from '../support/guests.ts';
import { setLines } from '../support/kotlin-session.ts';
import { at, marked, places, PLACES, PLACES_GUESTS, stoppedAt } from '../support/places.ts';
import { resumeTo, resumeToEnd, stopped } from '../support/session.ts';

type Command = 'next' | 'stepIn' | 'stepOut';

for (const guest of PLACES_GUESTS) {
  const onLine = (t: TestContext, name: string, number: number, mark: string): Promise<DapClient> =>
    stoppedAt(t, guest, { name, params: [number], mark });
  const step = async (client: DapClient, command: Command): Promise<string[]> => {
    await client.request(command, { threadId: 1 });
    assert.equal((await stopped(client)).reason, 'step');
    return places(client);
  };

  test(
    `${guest}: inline functions have frames, and are stepped into, over and out of`,
    SESSION_LIMIT,
    async (t) => {
      const client = await onLine(t, 'inlined', 1, 'inlined');
      const call = at('inlined', 'call of measured');
      assert.deepEqual(await step(client, 'next'), [call]);
      assert.deepEqual(await step(client, 'stepIn'), [at('measured (inlined)', 'measured'), call]);
      assert.deepEqual(await step(client, 'next'), [at('measured (inlined)', 'measured block'), call]);
      assert.deepEqual(await step(client, 'stepIn'), [at('inlined', 'in the lambda')]);
      assert.deepEqual(await step(client, 'stepIn'), [at('one', 'one'), at('inlined', 'in the lambda')]);
      assert.deepEqual(await step(client, 'stepOut'), [at('measured (inlined)', 'measured block'), call]);
      assert.deepEqual(await step(client, 'stepOut'), [at('inlined', 'after measured')]);
      assert.equal(await resumeToEnd(client), 0);

      const over = await onLine(t, 'inlined', 1, 'call of measured');
      assert.deepEqual(await step(over, 'next'), [at('inlined', 'after measured')]);
      assert.equal(await resumeToEnd(over), 0);
    },
  );

  test(`${guest}: try, catch and finally`, SESSION_LIMIT, async (t) => {
    const thrown = await onLine(t, 'tries', 3, 'in try');
    assert.deepEqual(await step(thrown, 'stepIn'), [at('refuse', 'throw'), at('tries', 'in try')]);
    assert.deepEqual((await step(thrown, 'stepOut'))[0], at('tries', 'in catch'));
    assert.deepEqual(await step(thrown, 'next'), [at('tries', 'in finally')]);
    assert.deepEqual(await step(thrown, 'next'), [at('tries', 'after try')]);
    assert.equal(await resumeToEnd(thrown), 0);

    const well = await onLine(t, 'tries', 0, 'in try');
    assert.deepEqual(await step(well, 'next'), [at('tries', 'end of try')]);
    assert.deepEqual(await step(well, 'next'), [at('tries', 'in finally')]);
    assert.equal(await resumeToEnd(well), 0);
  });

  test(`${guest}: lambdas and recursion`, SESSION_LIMIT, async (t) => {
    const lambda = await onLine(t, 'lambdas', 1, 'call of the lambda');
    const call = at('lambdas', 'call of the lambda');
    assert.deepEqual(await step(lambda, 'stepIn'), [at('lambdas (lambda)', 'lambda body'), call]);
    assert.deepEqual(await step(lambda, 'stepOut'), [at('lambdas', 'second call of the lambda')]);
    assert.equal(await resumeToEnd(lambda), 0);

    const recursion = await onLine(t, 'recursion', 3, 'call of factorial');
    await step(recursion, 'stepIn');
    assert.deepEqual((await step(recursion, 'next'))[0], at('factorial', 'recursion'));
    assert.equal((await step(recursion, 'stepIn')).length, 3, 'a frame more');
    assert.deepEqual((await step(recursion, 'next'))[0], at('factorial', 'recursion'));
    assert.deepEqual(
      await step(recursion, 'stepOut'),
      [],
      'no line follows in its callers: the call has ended',
    );
    assert.equal(await resumeToEnd(recursion), 0);
  });

  test(`${guest}: suspending functions go on where they were suspended`, SESSION_LIMIT, async (t) => {
    const client = await onLine(t, 'coroutines', 1, 'first suspension');
    assert.equal((await places(client))[0], at('sumOfReceived', 'first suspension'));
    await setLines(client, PLACES, { line: marked('second suspension') }, { line: marked('resumed') });
    for (const [mark, from] of [
      ['second suspension', 'resume once'],
      ['resumed', 'resume twice'],
    ] as const) {
      assert.equal((await resumeTo(client)).reason, 'breakpoint');
      const shown = await places(client);
      assert.equal(shown[0], at('sumOfReceived', mark));
      assert.equal(shown.at(-1), at('coroutines', from));
    }
    assert.equal(await resumeToEnd(client), 0);
  });
}
