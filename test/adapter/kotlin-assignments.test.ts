import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry, setLines } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, scopeVariables, stack, variables } from '../support/session.ts';

const VALUES = 'test/guests/values/Values.kt';

async function stopAt(t: TestContext, mark: string, name = mark): Promise<DapClient> {
  const client = await onEntry(t, { program: GUESTS.values, calls: [{ export: name, params: [3] }] });
  await setLines(client, VALUES, { line: markedLine(VALUES, mark) });
  await resumeTo(client);
  return client;
}

/** A request over an expression at a frame, the innermost where none is named. */
async function ask(client: DapClient, command: 'evaluate' | 'setExpression', args: object, frame = 0) {
  const frameId = (await stack(client))[frame]?.id;
  return client.request<DebugProtocol.EvaluateResponse['body'] & { value: string }>(command, {
    frameId,
    ...args,
  });
}

const evaluate = async (client: DapClient, expression: string, frame = 0): Promise<string> =>
  (await ask(client, 'evaluate', { expression, context: 'watch' }, frame)).result;

const assign = async (client: DapClient, expression: string, value: string, frame = 0): Promise<string> =>
  (await ask(client, 'setExpression', { expression, value }, frame)).value;

test('expressions that lead to locals, fields and elements are assigned', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'deposit', 'objects');
  assert.equal(await assign(client, 'balance', 'balance * 2 + 1'), await evaluate(client, 'this.balance'));
  assert.equal(await assign(client, 'this.owner', '"Grace"'), '"Grace"');
  assert.equal(await assign(client, 'account.open', 'false', 1), 'false', 'over a frame of a caller');
  assert.equal(await evaluate(client, '"$owner $open"'), '"Grace false"');
  for (const [target, value, problem] of [
    ['balance', '"much"', /^balance cannot become that: .*type Int .*String/],
    ['balance + 1', '2', /“balance \+ 1” is nothing that can be assigned here/],
    ['nobody', '1', /“nobody” cannot be assigned: there is no nobody here/],
    ['this', '1', /“this” is nothing that can be assigned/],
    ['owner.length', '1', /“owner.length” cannot be assigned: what it is a part of is String/],
    ['balance', 'nobody', /^balance cannot become that: there is no nobody here/],
    ['balance', '1 +', /^balance cannot become that/],
  ] as const) {
    await assert.rejects(assign(client, target, value), (error: Error) => {
      assert.match(error.message, problem);
      return true;
    });
  }

  const lists = await stopAt(t, 'collections');
  assert.equal(await assign(lists, 'ints[seed - 2]', '-7'), '-7');
  assert.equal(await evaluate(lists, 'ints[1]'), '-7');
  await assert.rejects(assign(lists, 'ints[9]', '1'), /index 9 is outside of 0 to 2/);
  await assert.rejects(assign(lists, 'map["c"]', '1'), /nothing that can be assigned/);
});

test('what a watch shows says whether it can be set', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'deposit', 'objects');
  const isReadOnly = async (expression: string) => {
    const { presentationHint } = await ask(client, 'evaluate', { expression, context: 'watch' });
    return presentationHint?.attributes?.includes('readOnly') ?? false;
  };
  assert.equal(await isReadOnly('balance'), false);
  assert.equal(await isReadOnly('this.owner'), false);
  assert.equal(await isReadOnly('balance + 1'), true);
  assert.equal(await isReadOnly('this'), true);
});

/** Each variable below one, down to two levels. */
async function below(
  client: DapClient,
  variable: DebugProtocol.Variable,
  depth = 2,
): Promise<DebugProtocol.Variable[]> {
  if (depth === 0 || variable.variablesReference === 0) return [];
  const children = await variables(client, variable.variablesReference);
  return (
    await Promise.all(children.map(async (each) => [each, ...(await below(client, each, depth - 1))]))
  ).flat();
}

for (const mark of ['collections', 'objects']) {
  test(`${mark}: variables name the expression that leads to them`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, mark);
    let named = 0;
    for (const local of (await scopeVariables(client, 'Locals')).values()) {
      assert.equal(local.evaluateName, local.name);
      for (const { evaluateName, value } of [local, ...(await below(client, local))]) {
        if (evaluateName === undefined) continue;
        named += 1;
        assert.equal(await evaluate(client, evaluateName), value, evaluateName);
      }
    }
    assert.ok(named > 40, `${named} are named`);
    assert.equal(await resumeToEnd(client), 0);
  });
}
