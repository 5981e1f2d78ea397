import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { BoundaryRecord } from 'wasmedge-napi/records.js';
import { RunnerRequestError } from '../../debug-adapter/session/runner-channel.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { RunnerPlan } from '../../protocol/runner.ts';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { newRunner, startRunner, type TestedRunner } from '../support/runner.ts';

const greet: LaunchInput = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] };
const crossForever: LaunchInput = {
  program: GUESTS.calls,
  calls: [{ export: 'crossForever', argument: 'x' }],
};

function importNamed(plan: RunnerPlan, name: string): number {
  return plan.imports.findIndex((each) => each.name === name);
}
function exportNamed(plan: RunnerPlan, name: string): number {
  return plan.exports.findIndex((each) => each.name === name);
}

/** The buffers of the ledger as text, `+` before those that a person changed. */
function buffers(runner: TestedRunner): string[] {
  return runner.records.flatMap((record) =>
    record.kind === 'buffer' ? [`${record.edited ? '+' : ''}${Buffer.from(record.bytes).toString()}`] : [],
  );
}

async function failure(request: Promise<unknown>): Promise<string> {
  const error = await request.then(
    () => assert.fail('was answered'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RunnerRequestError);
  return `${error.failure.code}: ${error.failure.message}`;
}

describe('requests out of order', SESSION_LIMIT, () => {
  it('are answered with what is wrong', async (t) => {
    const runner = await newRunner(t, greet);
    assert.match(await failure(runner.request('start', {})), /No guest is loaded yet/);
    assert.match(
      await failure(runner.request('readMemory', { address: 0, count: 1 })),
      /range: .* no memory/,
    );
    await runner.request('load', { plan: runner.plan });
    assert.match(await failure(runner.request('load', { plan: runner.plan })), /loaded already/);
    assert.match(await failure(runner.request('resume', { step: 'into' })), /not-stopped/);
    await runner.request('setStops', { stops: { functions: [], filters: [{ filter: 'storeArgument' }] } });
    await runner.request('start', {});
    await runner.stopped();
    assert.match(await failure(runner.request('start', {})), /cannot be asked for at a stop/);
    assert.match(await failure(runner.request('scope', { frame: 9, scope: 'call' })), /no frame 9/);
  });
});

describe('while the guest runs', SESSION_LIMIT, () => {
  it('new breakpoints stop it, although its crossings did not enter JavaScript', async (t) => {
    const runner = await startRunner(t, crossForever);
    assert.match(await failure(runner.request('evaluate', { frame: 0, expression: '1' })), /not-stopped/);
    const imports = [importNamed(runner.plan, 'callHostToStoreArgumentData')];
    await runner.request('setStops', {
      stops: { functions: [{ id: 4, imports, exports: [] }], filters: [] },
    });
    assert.deepEqual((await runner.stopped()).breakpointIds, [4]);
    await runner.request('setStops', { stops: { functions: [], filters: [] } });
    await runner.resume();
    await runner.request('pause', {});
    assert.equal((await runner.stopped()).reason, 'pause');
  });

  it('memory can be read and written', async (t) => {
    const runner = await startRunner(t, crossForever);
    // Kotlin's memory is empty until something is allocated.
    while (runner.records.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const { memoryBytes } = await runner.request('readMemory', { address: 0, count: 1 });
    const end = await runner.request('readMemory', { address: memoryBytes - 2, count: 10 });
    assert.equal(Buffer.from(end.data, 'base64').length, 2, 'clamped');
    const data = Buffer.from([1, 2, 3]).toString('base64');
    const { written } = await runner.request('writeMemory', { address: memoryBytes - 2, data });
    assert.equal(written, 2);
    const again = await runner.request('readMemory', { address: memoryBytes - 2, count: 2 });
    assert.deepEqual([...Buffer.from(again.data, 'base64')], [1, 2]);
  });

  it('an adapter that does not keep up holds up the guest, and gets every record', async (t) => {
    const runner = await startRunner(t, crossForever);
    runner.control.pause();
    // The main thread sleeps in the recorder once what may wait is full.
    const state = async (): Promise<string> => {
      const stat = await readFile(`/proc/${runner.pid}/task/${runner.pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
    };
    for (let asleep = 0; asleep < 100; asleep = (await state()) === 'S' ? asleep + 1 : 0);
    runner.control.resume();
    await runner.request('pause', {});
    await runner.stopped();
    const kinds = runner.records.map(({ kind }) => kind).slice(1);
    const crossings = kinds.filter((kind) => kind === 'crossing' || kind === 'importEnter').length;
    assert.equal(crossings, kinds.filter((kind) => kind === 'buffer').length);
    assert.ok(crossings > 10_000);
  });
});

describe('what the recorder captured without JavaScript', SESSION_LIMIT, () => {
  it('is known at a later stop of the call', async (t) => {
    const configuration: LaunchInput = {
      program: GUESTS.calls,
      calls: [{ export: 'trapAfterStore', argument: 'abc' }],
    };
    const runner = await startRunner(t, configuration, { filters: ['traps'] });
    assert.equal((await runner.stopped()).reason, 'trap');
    const { values } = await runner.request('scope', { frame: 0, scope: 'call' });
    const argument = values.find(({ name }) => name === 'argument');
    assert.equal(argument?.value, '"abc"');
    assert.equal(argument.memory?.size, 3);
    const buffer = runner.records.find((record) => record.kind === 'buffer');
    assert.equal(argument.memory.address, buffer?.kind === 'buffer' && buffer.address);
  });

  it('is known after a step out', async (t) => {
    const runner = await startRunner(t, greet, { filters: ['storeArgument'] });
    await runner.stopped();
    await runner.resume('out');
    assert.equal((await runner.stopped()).at, 'call end');
    assert.equal(await runner.evaluate('result'), '"Hello, World!"');
  });
});

describe('edits', SESSION_LIMIT, () => {
  it('before a call begins change what the guest gets', async (t) => {
    const runner = await newRunner(t, greet);
    await runner.request('load', { plan: runner.plan });
    const exports = [exportNamed(runner.plan, 'greet')];
    await runner.request('setStops', {
      stops: { functions: [{ id: 1, imports: [], exports }], filters: [] },
    });
    await runner.request('start', {});
    assert.equal((await runner.stopped()).at, 'call begin');
    await runner.request('assign', { frame: 0, target: 'argument', value: '"Earth"' });
    await runner.resume();
    await runner.next('finished');
    assert.deepEqual(buffers(runner), ['Earth', 'Hello, Earth!']);
  });

  for (const copied of ['0', '1']) {
    it(`reach the guest and the ledger${copied === '1' ? ', where memory can only be copied' : ''}`, async (t) => {
      const env = { WASMEDGE_NAPI_COPY_BUFFERS: copied };
      const runner = await startRunner(t, greet, { filters: ['storeArgument', 'returnResult'], env });
      await runner.stopped();
      await runner.request('assign', { frame: 0, target: 'argument', value: '"Earth"' });
      await runner.request('assign', { frame: 0, target: 'memory.u8[params.pointer]', value: '0x62' });
      assert.equal(await runner.evaluate('memory.u8[params.pointer]'), '98');
      const address = Number(await runner.evaluate('params.pointer'));
      const data = Buffer.from('i').toString('base64');
      await runner.request('writeMemory', { address: address + 1, data });
      assert.equal(await runner.evaluate('argument'), '"birth"');
      await runner.resume();
      await runner.stopped();
      await runner.request('assign', { frame: 0, target: 'result', value: '"Howdy, birth!"' });
      assert.equal(await runner.evaluate('memory.text(params.pointer, params.size)'), '"Howdy, birth!"');
      await runner.resume();
      await runner.next('finished');
      assert.deepEqual(buffers(runner), [
        ...['World', '+Earth', '+barth', '+birth'],
        ...['Hello, birth!', '+Howdy, birth!'],
      ]);
    });
  }

  it('of a wrong pointer let the guest go on', async (t) => {
    const configuration: LaunchInput = {
      program: GUESTS.calls,
      // The first call makes memory grow: there is none before.
      calls: [
        { export: 'echo', argument: '' },
        { export: 'storeAt', argument: 'abc', params: [-8, '$callId'] },
      ],
    };
    const runner = await startRunner(t, configuration, { filters: ['storeArgument'] });
    await runner.stopped();
    await runner.resume();
    const stop = await runner.stopped();
    assert.equal(stop.problem?.code, 'pointer-outside-memory');
    assert.deepEqual([stop.problem.address, stop.problem.size], [2 ** 32 - 8, 3]);
    await runner.request('assign', { frame: 0, target: 'params.pointer', value: 'memory.size - 1' });
    assert.match((await runner.next('notice')).message, /outside memory/, 'still wrong');
    await runner.request('assign', { frame: 0, target: 'params.pointer', value: '64' });
    assert.equal(await runner.evaluate('memory.text(64, 3)'), '"abc"');
    await runner.resume();
    assert.equal((await runner.next('finished')).exitCode, 0);
    assert.deepEqual(buffers(runner), ['', '', 'abc']);
  });
});

describe('nested calls', SESSION_LIMIT, () => {
  const nested: LaunchInput = {
    program: GUESTS.nested,
    host: NESTED_HOST,
    calls: [{ export: 'seat', argument: 'Ada' }],
  };
  const begins = (runner: TestedRunner): (BoundaryRecord & { kind: 'callBegin' })[] =>
    runner.records.filter((record) => record.kind === 'callBegin');

  it('give their result to the host function, whether JavaScript sees the crossings or not', async (t) => {
    const results: string[][] = [];
    for (const filters of [[], ['storeArgument', 'returnResult'] as const]) {
      const runner = await startRunner(t, nested, { filters: [...filters] });
      for (let stops = 0; stops < filters.length * 2; stops++) {
        await runner.stopped();
        await runner.resume();
      }
      assert.equal((await runner.next('finished')).exitCode, 0);
      results.push(buffers(runner));
      const [outer, inner] = begins(runner);
      assert.equal(inner?.parent, outer?.sequence);
      assert.notEqual(inner?.callId, outer?.callId);
    }
    assert.equal(results[0]?.length, 4);
    assert.deepEqual(results[0], results[1]);
  });
});
