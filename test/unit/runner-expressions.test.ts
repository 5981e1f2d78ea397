import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeExpression } from '../../debug-adapter/runner/completions.ts';
import { compileExpression, interruptible, mayAssign } from '../../debug-adapter/runner/expressions.ts';

const evaluate = (source: string, scope: object): unknown => compileExpression(source)(scope)();

describe('expressions', () => {
  it('see the names of their scope', () => {
    assert.equal(evaluate('callId + 1', { callId: 2 }), 3);
    assert.deepEqual(evaluate('{ a: callId }', { callId: 2 }), { a: 2 });
  });
  it('are strict code: a name that is not there is not made by assigning to it', () => {
    assert.throws(() => evaluate('calId = 3', { callId: 2 }), ReferenceError);
  });
  it('reach accessors of their scope with assignments', () => {
    const given: unknown[] = [];
    const scope = {
      set argument(value: unknown) {
        given.push(value);
      },
    };
    evaluate('argument = "Ada"', scope);
    assert.deepEqual(given, ['Ada']);
  });
  it('may end in a comment', () => assert.equal(evaluate('1 // one', {}), 1));
  for (const [source, why] of [
    ['', /it is empty/],
    ['a +', /Unexpected end of input/],
    ['let a = 1', /“let a = 1” is not a JavaScript expression/],
    ['a b', /Unexpected identifier/],
  ] as const) {
    it(`refuse “${source}”`, () => assert.throws(() => compileExpression(source), why));
  }
  it('are interrupted when they do not end', () => {
    const endless = compileExpression('(() => { for (;;); })()')({});
    assert.throws(() => interruptible(endless, 20), /took longer than 0.02 s/);
  });
  it('let errors through', () => {
    assert.throws(() => interruptible(compileExpression('nobody')({})), ReferenceError);
  });
  it('are known for what may change something', () => {
    for (const source of ['a = 1', 'a += 1', 'a++', '--a', 'a.push(1)', 'delete a.b', 'a ??= 1']) {
      assert.equal(mayAssign(source), true, source);
    }
    for (const source of ['a == 1', 'a === 1', 'a !== 1', 'a >= 1', 'a <= 1', 'a.b[0]']) {
      assert.equal(mayAssign(source), false, source);
    }
  });
});

describe('completions', () => {
  const scope = { argument: { name: 'Ada', 'odd name': 1 }, memory: new Uint8Array(2) };
  const complete = (text: string): string[] => completeExpression(scope, text, text.length + 1);

  it('offer the names of the scope', () => {
    assert.deepEqual(complete('arg'), ['argument']);
    assert.ok(complete('').includes('callId'));
    assert.deepEqual(complete('callId == ar'), ['argument']);
  });
  it('offer the members of a path', () => {
    assert.deepEqual(complete('1 + argument.n'), ['name']);
    assert.deepEqual(complete('argument.'), ['name']);
    assert.ok(complete('memory.').includes('byteLength'));
    assert.ok(complete('Math.fl').includes('floor'));
  });
  it('offer what stands at the column', () => {
    assert.deepEqual(completeExpression(scope, 'arg + 1', 4), ['argument']);
  });
  it('offer nothing for members of what is not there', () => {
    assert.deepEqual(complete('argument.nobody.x'), []);
  });
});
