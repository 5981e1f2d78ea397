import assert from 'node:assert/strict';
import test from 'node:test';
import { encode } from 'cbor2';
import fc from 'fast-check';
import { fieldCondition } from '../../debug-adapter/boundary/field-condition.ts';
import { decodeWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { compileExpression } from '../../debug-adapter/runner/expressions.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function conditionOf(bytes: Uint8Array, decoder: string, names: string[], name = 'greet') {
  const data = Buffer.from(bytes).toString('base64');
  return fieldCondition({ data, decoder, direction: 'argument', export: name, names });
}

/** Whether a condition holds for an export's call with these bytes. */
function holds(expression: string, bytes: Uint8Array, decoder: string, exportName = 'greet'): unknown {
  return compileExpression(expression)({ exportName, argument: decodeWith(decoder, bytes).value })();
}

test('a condition names the part and its value, and the filter of the direction', () => {
  const bytes = json({ user: { 'first name': 'Ada "A"', tags: ['x', 7] } });
  assert.deepEqual(conditionOf(bytes, 'json', ['user', 'first name']), {
    filter: 'storeArgument',
    expression: 'exportName === "greet" && argument?.user?.["first name"] === "Ada \\"A\\""',
    value: '"Ada \\"A\\""',
  });
  assert.equal(
    conditionOf(bytes, 'json', ['user', 'tags', '1']).expression,
    'exportName === "greet" && argument?.user?.tags?.[1] === 7',
  );
  const data = Buffer.from('World').toString('base64');
  assert.deepEqual(
    fieldCondition({ data, decoder: 'auto', direction: 'result', export: 'greet', names: [] }),
    { filter: 'returnResult', expression: 'exportName === "greet" && result === "World"', value: '"World"' },
  );
});

test('it holds where the value is the same, and throws for no other call', () => {
  const { expression } = conditionOf(json({ a: [{ b: null }] }), 'json', ['a', '0', 'b']);
  assert.equal(holds(expression, json({ a: [{ b: null }], c: 1 }), 'json'), true);
  for (const other of [{ a: [{ b: 0 }] }, { a: [] }, { a: null }, [], 'text', 3, null])
    assert.equal(holds(expression, json(other), 'json'), false, JSON.stringify(other));
  assert.equal(holds(expression, json({ a: [{ b: null }] }), 'json', 'other'), false);
  assert.equal(holds(expression, Buffer.from('no JSON'), 'auto'), false);
});

test('maps with keys of any kind, large integers and odd numbers are compared', () => {
  const cbor = encode(
    new Map<unknown, unknown>([
      [1, 2n ** 60n],
      [-7, NaN],
      ['x', -0],
    ]),
  );
  for (const [name, expression] of [
    ['1', 'argument?.get?.(1) === 1152921504606846976n'],
    ['-7', 'Object.is(argument?.get?.(-7), NaN)'],
  ] as const) {
    const made = conditionOf(cbor, 'cbor', [name]);
    assert.equal(made.expression, `exportName === "greet" && ${expression}`);
    assert.equal(holds(made.expression, cbor, 'cbor'), true);
    assert.equal(holds(made.expression, encode({ x: 1 }), 'cbor'), false);
  }
});

test('what cannot be compared is refused with a sentence', () => {
  const bytes = json({ list: [1], long: 'x'.repeat(2000) });
  for (const [names, says] of [
    [['list'], /Only a text, a number, true, false or null can be compared\.$/],
    [['nothing'], /do not see “nothing” by this name/],
    [['__proto__'], /do not see “__proto__”/],
    [['long'], /The text has 2002 characters/],
  ] as const)
    assert.throws(() => conditionOf(bytes, 'json', [...names]), { message: says });
  assert.throws(() => conditionOf(Buffer.from('{"a":'), 'json', ['a']), /could not be decoded/);
  assert.throws(() => fieldCondition({ data: '???' }), /no request for a condition/);
});

test('any scalar at any place makes a condition that holds there', () => {
  const scalar = fc.oneof(
    fc.string({ maxLength: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat(3)), { maxLength: 4 }),
      scalar,
      (path, value) => {
        const nested = path.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number'
              ? Array.from({ length: step + 1 }, () => inner)
              : Object.fromEntries([[step, inner]]),
          value,
        );
        const bytes = json(nested);
        const names = path.map(String);
        fc.pre(!names.includes('__proto__'));
        const { expression } = conditionOf(bytes, 'json', names);
        assert.equal(holds(expression, bytes, 'json'), true, expression);
      },
    ),
    { numRuns: 300 },
  );
});
