import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { BoundaryConfiguration } from '../../protocol/launch.ts';
import type { ValueType } from '../../protocol/values.ts';
import { noBoundaryImportsError } from '../../debug-adapter/boundary/boundary-block.ts';
import type { BoundaryImport } from '../../debug-adapter/boundary/boundary-import.ts';
import { type DeductionInput, deduceBoundary } from '../../debug-adapter/boundary/deduce.ts';
import { UserError } from '../../debug-adapter/errors.ts';

const TYPES: Record<string, ValueType> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64' };

/** `host.store(pointer:i, callId:l)->i`: parameters are named or only typed. */
function imported(signature: string): BoundaryImport {
  const found = /^([^(]+)\.([^.(]+)\(([^)]*)\)(?:->(\w))?$/.exec(signature);
  assert(found, signature);
  const [, module = '', name = '', list = '', result] = found;
  const params = list === '' ? [] : list.split(',').map((each) => each.trim());
  const typeOf = (letter: string): ValueType => TYPES[letter] ?? 'ref';
  const parameterNames = params.map((each) => (each.includes(':') ? (each.split(':')[0] ?? null) : null));
  const type = {
    params: params.map((each) => typeOf(each.split(':').at(-1) ?? '')),
    results: result === undefined ? [] : [typeOf(result)],
  };
  return parameterNames.some((each) => each !== null)
    ? { module, name, type, parameterNames, declaredAt: 'Host.kt:7' }
    : { module, name, type };
}

function deduce(signatures: string[], more: Partial<DeductionInput> = {}) {
  const input = { configuration: {}, callIds: null, hasArguments: false, ...more };
  return deduceBoundary({ imports: signatures.map(imported), ...input });
}

/** `host.store(callId, pointer)`: the import and what its parameters are, in order; null where there is none. */
function shown(assignment: RoleAssignment | null): string | null {
  if (!assignment) return null;
  const meanings = [
    ['pointer', assignment.pointer],
    ['size', assignment.size],
    ['callId', assignment.callId],
  ] as const;
  const ordered = meanings
    .filter(([, index]) => index !== undefined)
    .sort((a, b) => Number(a[1]) - Number(b[1]));
  const policy = assignment.sizePolicy === undefined ? '' : ` ${JSON.stringify(assignment.sizePolicy)}`;
  return `${assignment.import}(${ordered.map(([meaning, index]) => `${index}:${meaning}`).join(' ')})${policy}`;
}

describe('deduced by name', () => {
  const roles: [string, string[], string | null, string | null, Partial<DeductionInput>?][] = [
    [
      'the forum’s names, no parameter names',
      ['host.callHostToStoreArgumentData(i,i)', 'host.callHostToReturnResultData(i,i,i)'],
      'host.callHostToStoreArgumentData(0:pointer 1:callId)',
      'host.callHostToReturnResultData(0:pointer 1:size 2:callId) "param"',
    ],
    [
      'the forum’s own signature without a size',
      ['host.callHostToReturnResultData(i,i)'],
      null,
      'host.callHostToReturnResultData(0:pointer 1:callId) "unknown"',
    ],
    [
      'the first form: a pointer alone',
      ['host.callHostToStoreArgumentData(i)', 'host.callHostToReturnResultData(i)'],
      'host.callHostToStoreArgumentData(0:pointer)',
      'host.callHostToReturnResultData(0:pointer) "unknown"',
    ],
    [
      'the first form with a size, where no export takes a call id',
      ['host.callHostToStoreArgumentData(i)', 'host.callHostToReturnResultData(i,i)'],
      'host.callHostToStoreArgumentData(0:pointer)',
      'host.callHostToReturnResultData(0:pointer 1:size) "param"',
      { callIds: false },
    ],
    [
      'any order of parameters, by their names',
      [
        'm.callHostToStoreArgumentData(callId:i, ptr:i)',
        'm.callHostToReturnResultData(len:i, call_id:i, buf:i)',
      ],
      'm.callHostToStoreArgumentData(0:callId 1:pointer)',
      'm.callHostToReturnResultData(0:size 1:callId 2:pointer) "param"',
    ],
    [
      'snake case, other verbs, other module, a call id of 64 bits',
      ['env.fill_args(requestId:l, buffer:i)', 'env.deliver_result(length:i, requestId:l, address:i)'],
      'env.fill_args(0:callId 1:pointer)',
      'env.deliver_result(0:size 1:callId 2:pointer) "param"',
    ],
    [
      'an i64 can only be the call id',
      ['a.b.storeArguments(l,i)', 'a.b.writeResult(i,l,i)'],
      'a.b.storeArguments(0:callId 1:pointer)',
      'a.b.writeResult(0:pointer 1:callId 2:size) "param"',
    ],
    [
      'relatives, whose parameters are named',
      ['h.readArgument(id:i, dst:i, capacity:i)', 'h.sendResult(id:i, src:i, byteCount:i)'],
      'h.readArgument(0:callId 1:pointer 2:size)',
      'h.sendResult(0:callId 1:pointer 2:size) "param"',
    ],
    [
      'relatives without names, where the guest takes call ids',
      ['h.getArgs(i,i)', 'h.setResult(i,i,i)'],
      'h.getArgs(0:pointer 1:callId)',
      'h.setResult(0:pointer 1:size 2:callId) "param"',
      { callIds: true },
    ],
    [
      'weak names with a pointer and a call id',
      ['h.read_input(buf:i, call_id:i)', 'h.write_output(buf:i, len:i, call_id:i)'],
      'h.read_input(0:pointer 1:callId)',
      'h.write_output(0:pointer 1:size 2:callId) "param"',
    ],
    [
      'returnData, with a call id',
      ['h.returnBytes(ptr:i, n:i, callId:i)'],
      null,
      'h.returnBytes(0:pointer 1:size 2:callId) "param"',
    ],
    [
      'one name that says nothing is the pointer',
      ['h.storeArgument(where:i, callId:i)'],
      'h.storeArgument(0:pointer 1:callId)',
      null,
    ],
    [
      'names that all say nothing leave the forum’s order',
      ['h.storeArgument(a:i, b:i)'],
      'h.storeArgument(0:pointer 1:callId)',
      null,
    ],
    [
      'the better of two: with a call id',
      ['h.storeArgument(ptr:i)', 'h.storeArgumentData(ptr:i, callId:i)'],
      'h.storeArgumentData(0:pointer 1:callId)',
      null,
    ],
    [
      'each role on its own',
      ['h.returnResult(ptr:i, size:i, callId:i)', 'h.log(i,i)'],
      null,
      'h.returnResult(0:pointer 1:size 2:callId) "param"',
    ],
    [
      'addresses of 64 bits',
      ['h.storeArgument(ptr:l, callId:i)', 'h.returnResult(ptr:l, size:l, callId:l)'],
      'h.storeArgument(0:pointer 1:callId)',
      'h.returnResult(0:pointer 1:size 2:callId) "param"',
      { memory64: true },
    ],
  ];
  for (const [what, signatures, store, returned, more] of roles) {
    test(what, () => {
      const { storeArgument, returnResult } = deduce(signatures, more);
      assert.equal(shown(storeArgument), store);
      assert.equal(shown(returnResult), returned);
    });
  }
});

describe('nothing is taken that is something else', () => {
  const unrelated = [
    'wasi_snapshot_preview1.args_get(argv:i, argv_buf:i)->i',
    'wasi_snapshot_preview1.args_get(i,i)->i',
    'wasi_snapshot_preview1.args_sizes_get(i,i)->i',
    'wasi_snapshot_preview1.fd_write(i,i,i,i)->i',
    'wasi_snapshot_preview1.storeArgument(ptr:i, callId:i)',
    'wasi:cli/environment@0.2.0.get-arguments(ptr:i)',
    'env.memcpy(dst:i, src:i, n:i)',
    'env.memory_copy(i,i,i)',
    'env.log(ptr:i, len:i)',
    'env.abort(i,i,i,i)',
    'env.get_argument_count()->i',
    'env.getArgumentSize(callId:i)->i',
    'env.argument_at(index:i, ptr:i)',
    'env.set_result(i)',
    'env.set_result(value:i)',
    'env.report_result(d)',
    'env.storeResult(i)',
    'env.storeResultCode(ptr:i, callId:i)',
    'env.print_result(ptr:i, len:i)',
    'env.log_result(ptr:i, callId:i)',
    'env.send_response(status:i, length:i)',
    'env.write_output(ptr:i, len:i)',
    'env.console_input(ptr:i, len:i)',
    'env.read_input(i,i)',
    'env.store(key:i, value:i)',
    'env.load(ptr:i)->i',
    'env.free_argument(ptr:i, callId:i)',
    'env.validateArgument(ptr:i, callId:i)',
    'env.passArgumentToResult(ptr:i, callId:i)',
    'env.fetch_response(ptr:i, size:i)',
    'env.readResult(ptr:i, callId:i)',
    'env.setArgument(ptr:i, callId:i)',
    'env.getArgs(i,i)',
    'env.setResult(i,i)',
    'env.storeArgument()',
    'env.storeArgument(f,i)',
    'env.storeArgument(i,i,i,i,i)',
    'env.returnResult(value:d)',
    'env.getArgument(ptr:i)->i',
    'seating.rowFor(pointer:i, size:i)->i',
    'rates.rate_of(currency:i)->d',
    'js_code.kotlin.captureStackTrace()',
  ];
  for (const signature of unrelated) {
    test(signature, () => {
      const { storeArgument, returnResult } = deduce([signature]);
      assert.equal(shown(storeArgument) ?? shown(returnResult), null);
    });
  }

  test('not even where the guest takes call ids', () => {
    const never = unrelated.filter((each) => !/\.(?:getArgs|setResult)\(/.test(each));
    for (const signature of never) {
      const { storeArgument, returnResult } = deduce([signature], { callIds: true, hasArguments: true });
      const found = shown(storeArgument) ?? shown(returnResult);
      // A result without a call id needs a name that speaks of a buffer even then.
      assert.equal(found, null, signature);
    }
  });
});

describe('doubts are told', () => {
  test('two pointers', () => {
    const { storeArgument, notes } = deduce(['h.storeArgument(src:i, dst:i)']);
    assert.equal(storeArgument, null);
    assert.match(
      notes.join('\n'),
      /h\.storeArgument may be storeArgument, but several .* like pointers \(src, dst\)/,
    );
  });

  test('two imports that are as good', () => {
    const { storeArgument, notes } = deduce(['a.storeArgument(i,i)', 'b.storeArgument(i,i)']);
    assert.equal(storeArgument, null);
    assert.match(notes.join('\n'), /a\.storeArgument and b\.storeArgument may each be storeArgument/);
  });

  test('the forum’s order, where a size could be meant', () => {
    const { notes } = deduce(['host.callHostToReturnResultData(i,i)']);
    assert.match(notes[0] ?? '', /forum's order \(pointer, callId; were the second a size/);
    assert.match(notes[0] ?? '', /256 bytes are captured/);
  });
});

describe('what was deduced is printed', () => {
  test('the import, its parameters and how they were found', () => {
    assert.deepEqual(deduce(['host.callHostToStoreArgumentData(callId:i, ptr:i)']).notes, [
      "Boundary: storeArgument is host.callHostToStoreArgumentData(callId: i32, pointer: i32), by its name and its parameters' names in Host.kt:7.",
    ]);
  });
  test('the innermost call, where there is no call id', () => {
    assert.match(deduce(['host.storeArgument(i)']).notes[0] ?? '', /the innermost running call is meant/);
  });
  test('what a declared result is answered with', () => {
    assert.match(deduce(['host.storeArgument(ptr:i, callId:i)->i']).notes[0] ?? '', /answered with 0\./);
  });
});

describe('configured', () => {
  const guest = [
    'io.op1(a:i, b:i)',
    'io.op2(a:i, b:i, c:i)',
    'wasi_snapshot_preview1.fd_write(i,i,i,i)->i',
    'a.b.op3(l,i,f)->i',
  ];
  const configured = (configuration: BoundaryConfiguration) => deduce(guest, { configuration });

  test('any names, any order, each size policy', () => {
    for (const size of ['param', 'u32le-prefix', 'nul', 'unknown', { fixed: 16 }] as const) {
      const { storeArgument, returnResult } = configured({
        storeArgument: { import: 'io.op1', params: ['callId', 'pointer'] },
        returnResult: { import: 'io.op2', params: ['size', 'callId', 'pointer'], size },
      });
      assert.equal(shown(storeArgument), 'io.op1(0:callId 1:pointer)');
      assert.equal(shown(returnResult), `io.op2(0:size 1:callId 2:pointer) ${JSON.stringify(size)}`);
      assert.equal(storeArgument?.reason, 'from the launch configuration');
    }
  });

  test('parameters that do not matter', () => {
    const { returnResult } = configured({
      returnResult: { import: 'a.b.op3', params: ['_', 'pointer', '_'] },
    });
    assert.equal(shown(returnResult), 'a.b.op3(1:pointer) "unknown"');
  });

  test('by the name alone, where one import has it; parameters left out are deduced', () => {
    const { storeArgument } = configured({ storeArgument: { import: 'op1' } });
    assert.equal(shown(storeArgument), 'io.op1(0:pointer 1:callId)');
    assert.match(storeArgument?.reason ?? '', /its parameters by the forum's order/);
  });

  test('one role configured, the other deduced', () => {
    const { storeArgument, returnResult } = deduce(
      ['io.op1(i,i)', 'h.returnResult(ptr:i, size:i, callId:i)'],
      {
        configuration: { storeArgument: { import: 'io.op1', params: ['callId', 'pointer'] } },
      },
    );
    assert.equal(shown(storeArgument), 'io.op1(0:callId 1:pointer)');
    assert.equal(shown(returnResult), 'h.returnResult(0:pointer 1:size 2:callId) "param"');
  });

  test('an import that is configured for one role is not deduced for the other', () => {
    const { storeArgument, returnResult } = deduce(['h.returnResult(ptr:i, callId:i)'], {
      configuration: { storeArgument: { import: 'h.returnResult' } },
    });
    assert.equal(shown(storeArgument), 'h.returnResult(0:pointer 1:callId)');
    assert.equal(returnResult, null);
  });

  const wrong: [string, BoundaryConfiguration, RegExp][] = [
    [
      'an import that is not there',
      { storeArgument: { import: 'io.op' } },
      /no function “io\.op”\. Did you mean “io\.op1” or/,
    ],
    [
      'one that is nothing like it',
      { storeArgument: { import: 'zzzzzzzz' } },
      /It imports io\.op1, io\.op2, a\.b\.op3\./,
    ],
    ['WASI', { storeArgument: { import: 'wasi_snapshot_preview1.fd_write' } }, /is WASI's own/],
    [
      'too few parameters',
      { storeArgument: { import: 'io.op1', params: ['pointer'] } },
      /names 1 parameters, but the import is io\.op1\(a: i32, b: i32\)/,
    ],
    ['no pointer', { storeArgument: { import: 'io.op1', params: ['callId', '_'] } }, /names no "pointer"/],
    [
      'a meaning twice',
      { storeArgument: { import: 'io.op1', params: ['pointer', 'pointer'] } },
      /names "pointer" twice/,
    ],
    [
      'an unknown meaning',
      { storeArgument: { import: 'io.op1', params: ['ptr', 'callId'] } },
      /params\[0\] is “ptr”: use "pointer", "size", "callId"/,
    ],
    [
      'a type that does not fit',
      { storeArgument: { import: 'a.b.op3', params: ['pointer', 'callId', '_'] } },
      /params\[0\] is "pointer", but that parameter/,
    ],
    [
      'a size that is no parameter',
      { returnResult: { import: 'io.op1', params: ['pointer', 'callId'], size: 'param' } },
      /size is "param", but none/,
    ],
    [
      'one import for both',
      { storeArgument: { import: 'io.op2' }, returnResult: { import: 'io.op2' } },
      /for both roles/,
    ],
    [
      'parameters that cannot be deduced',
      { storeArgument: { import: 'a.b.op3' } },
      /params is needed for a\.b\.op3\(i64, i32, f32\)/,
    ],
  ];
  for (const [what, configuration, message] of wrong) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => configured(configuration),
        (thrown) =>
          thrown instanceof UserError && thrown.code === 'bad-configuration' && message.test(thrown.message),
      );
    });
  }
});

describe('the block to paste', () => {
  const none = { storeArgument: null, returnResult: null };
  const parse = (text: string): unknown => JSON.parse(`{${text}}`);

  test('names the guest’s own imports and is JSON', () => {
    const imports = ['io.op1(a:i, b:i)', 'io.op2(a:i, b:i, c:i)', 'x.tick()', 'x.rate(d)->d'].map(imported);
    const error = noBoundaryImportsError(imports, none, 'calls[0] has an argument');
    assert.equal(error.code, 'no-boundary-imports');
    assert(error.fix?.kind === 'paste-boundary');
    assert.deepEqual(parse(error.fix.text), {
      boundary: {
        storeArgument: { import: 'io.op1', params: ['pointer', 'callId'] },
        returnResult: { import: 'io.op2', params: ['pointer', 'size', 'callId'], size: 'param' },
      },
    });
    assert(error.message.includes(error.fix.text));
    assert.match(
      error.message,
      /calls\[0\] has an argument\. The guest imports io\.op1\(a: i32, b: i32\); io\.op2/,
    );
    // What it shows is accepted.
    const configuration = (parse(error.fix.text) as { boundary: BoundaryConfiguration }).boundary;
    const deduction = deduceBoundary({ imports, configuration, callIds: null, hasArguments: true });
    assert(deduction.storeArgument && deduction.returnResult);
  });

  test('leaves out the role that was found, and puts the likelier import first', () => {
    const found = deduce(['h.returnResult(ptr:i, size:i, callId:i)']);
    const imports = ['a.op(i,i)', 'a.getArgument(i,i)->i'].map(imported);
    const error = noBoundaryImportsError(imports, found, 'it is so');
    assert(error.fix?.kind === 'paste-boundary');
    assert.deepEqual(Object.keys((parse(error.fix.text) as { boundary: object }).boundary), [
      'storeArgument',
    ]);
    assert.match(error.fix.text, /a\.getArgument/);
  });

  test('says so where there is nothing to paste', () => {
    const error = noBoundaryImportsError(
      [imported('wasi_snapshot_preview1.fd_write(i,i,i,i)->i')],
      none,
      'it is so',
    );
    assert.equal(error.fix?.kind, 'open-launch-json');
    assert.match(error.message, /imports none but WASI/);
  });
});
