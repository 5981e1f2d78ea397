import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { explainEnd, formatBytes, type EndFacts } from '../../debug-adapter/session/end.ts';
import { functionsNamed } from '../../debug-adapter/session/function-names.ts';
import { listBoundary } from '../../debug-adapter/session/listing.ts';
import { badFields, RequestError, toErrorMessage } from '../../debug-adapter/session/request-error.ts';
import { StopScoped } from '../../debug-adapter/session/stop-scoped.ts';
import { UserError } from '../../debug-adapter/errors.ts';
import type { RunnerPlan } from '../../protocol/runner.ts';

const type = { params: ['i32' as const, 'i32' as const], results: [] };
const plan: Pick<RunnerPlan, 'imports' | 'exports'> & RunnerPlan = {
  program: '/guest.wasm',
  library: '',
  wasi: { args: [], env: {}, preopens: {} },
  imports: [
    {
      module: 'env',
      name: 'fill_args',
      type,
      role: { role: 'storeArgument', import: 'env.fill_args', pointer: 0, callId: 1, reason: 'by its name' },
    },
    { module: 'env', name: 'log "it"', type: { params: ['f64'], results: ['i64'] } },
    { module: 'other', name: 'greet', type },
  ],
  exports: [
    {
      name: 'greet',
      type,
      parameterNames: ['string size', 'callId'],
      decoders: { argument: 'auto', result: 'auto' },
    },
  ],
  calls: [],
  unresolvedImports: 'error' as const,
  stopOnEntry: false,
  memoryLimitBytes: 0,
};

test('what a name of a function breakpoint means', () => {
  const named = (name: string) => {
    const { imports, exports } = functionsNamed(name, plan, null);
    return [imports, exports];
  };
  assert.deepEqual(named('env.fill_args'), [[0], []]);
  assert.deepEqual(named('fill_args'), [[0], []]);
  assert.deepEqual(named(' env.* '), [[0, 1], []]);
  assert.deepEqual(named('greet'), [[2], [0]]);
  assert.deepEqual(named('*'), [[0, 1, 2], [0]]);
  assert.deepEqual(named('env.fill.args'), [[], []], 'a dot is a dot');
  assert.match(functionsNamed('fil_args', plan, null).problem ?? '', /Did you mean “.*fill_args”/);
});

test('the boundary as text', () => {
  const { text, importLines, exportLines } = listBoundary(plan, 'guest.wasm');
  const lines = text.split('\n');
  assert.equal(
    lines[(importLines[0] ?? 0) - 1],
    '  (import "env" "fill_args" (func (param $pointer i32) (param $callId i32)))',
  );
  assert.equal(
    lines[(importLines[1] ?? 0) - 1],
    '  (import "env" "log \\"it\\"" (func (param f64) (result i64)))',
  );
  assert.equal(
    lines[(exportLines[0] ?? 0) - 1],
    '  (func (export "greet") (param $string_size i32) (param $callId i32))',
  );
});

const facts: EndFacts = {
  exit: { code: 0, signal: null },
  finished: undefined,
  limit: undefined,
  asked: false,
  stderrTail: '',
  running: 'greet (callId 3)',
};

test('how a run ended, in words', () => {
  const completed = { type: 'finished', exitCode: 0, reason: 'completed' } as const;
  assert.deepEqual(explainEnd({ ...facts, finished: completed }), {
    exitCode: 0,
    status: 'cancelled',
    reason: 'The guest has ended with exit code 0.',
    isUnwanted: false,
  });
  const killed = explainEnd({ ...facts, exit: { code: null, signal: 'SIGKILL' } });
  assert.equal(killed.exitCode, 137);
  assert.match(killed.reason, /died while greet \(callId 3\) was running \(ended by SIGKILL/);
  assert.equal(killed.isUnwanted, true);
  const asked = explainEnd({ ...facts, asked: true, exit: { code: null, signal: 'SIGKILL' } });
  assert.equal(asked.isUnwanted, false);
  const aborted = explainEnd({
    ...facts,
    exit: { code: null, signal: 'SIGABRT' },
    stderrTail:
      "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n",
  });
  assert.match(aborted.reason, /memory ran out\. Endless recursion does this/);
  const crashed = explainEnd({
    ...facts,
    exit: { code: 1, signal: null },
    stderrTail:
      'file.js:1\n  throw x\n  ^\n\nTypeError: x is not a function.\n    at f (file.js:1:2)\n\nNode.js v20.20.2\n',
  });
  assert.match(crashed.reason, /Its last words: TypeError: x is not a function\. Restart/);
  const limited = explainEnd({
    ...facts,
    finished: { ...completed, exitCode: 1, reason: 'failed' },
    limit: {
      type: 'limitExceeded',
      limit: 'memory',
      limitBytes: 2 ** 30,
      usedBytes: 1.25 * 2 ** 30,
      sequence: 3,
    },
  });
  assert.match(
    limited.reason,
    /in greet \(callId 3\): its process took 1\.3 GiB, more than the limit of 1 GiB/,
  );
  assert.equal(limited.isUnwanted, true);
});

test('bytes for people', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 2 ** 20, 2.5 * 2 ** 30].map(formatBytes), [
    '0 bytes',
    '1023 bytes',
    '1 KiB',
    '1.5 KiB',
    '1 MiB',
    '2.5 GiB',
  ]);
});

test('errors: what is shown to the user is decided for each', () => {
  const problem = new UserError('no-such-export', 'There is no export.');
  assert.deepEqual(toErrorMessage(problem, 'launch'), {
    id: 2012,
    format: 'There is no export.',
    showUser: true,
    variables: { code: 'no-such-export', problem: JSON.stringify(problem.toProblem()) },
  });
  assert.equal(toErrorMessage(new RequestError(1005, 'No.', { showUser: false }), 'launch').showUser, false);
  const defect = toErrorMessage(new TypeError('x is undefined'), 'scopes');
  assert.match(defect.format, /failed at “scopes”: x is undefined.*defect of the debugger/);
});

test('fields that are wrong, by their paths', () => {
  const schema = z.object({
    name: z.string().min(1),
    list: z.array(z.object({ id: z.number().int() })),
    either: z.union([z.string(), z.strictObject({ hex: z.string() })]),
  });
  const parsed = schema.safeParse({ name: '', list: [{}, { id: 1.5 }], either: 5 });
  assert.ok(parsed.error);
  assert.equal(
    badFields(parsed.error),
    'name: must not be empty; list[0].id: is missing; list[1].id: expected int, received number; ' +
      'either: expected string, received number, or expected object, received number',
  );
});

test('ids of a stop are void after it and never used again', () => {
  const frames = new StopScoped<string>('stack frame');
  const id = frames.add('a');
  assert.equal(frames.get(id), 'a');
  frames.clear();
  assert.throws(() => frames.get(id), /is of an earlier stop/);
  assert.notEqual(frames.add('b'), id);
  assert.throws(() => frames.get(99), /has not been given out/);
});
