import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHitCondition } from '../../debug-adapter/runner/hit-condition.ts';
import { javaScript } from '../../debug-adapter/runner/kotlin-expressions.ts';
import { parseLogMessage } from '../../debug-adapter/runner/log-message.ts';
import { checkStops, Rule, StopRules } from '../../debug-adapter/runner/stop-rules.ts';

function hits(source: string, upTo: number): number[] {
  const condition = parseHitCondition(source);
  return Array.from({ length: upTo }, (_, i) => i + 1).filter(condition);
}

describe('hit conditions', () => {
  it('a count means that hit', () => assert.deepEqual(hits('3', 6), [3]));
  it('== means that hit', () => assert.deepEqual(hits(' == 3 ', 6), [3]));
  it('>= means from that hit on', () => assert.deepEqual(hits('>= 3', 5), [3, 4, 5]));
  it('> means after that hit', () => assert.deepEqual(hits('>3', 5), [4, 5]));
  it('< means before that hit', () => assert.deepEqual(hits('< 3', 5), [1, 2]));
  it('<= means up to that hit', () => assert.deepEqual(hits('<=3', 5), [1, 2, 3]));
  it('% means every so many hits', () => assert.deepEqual(hits('% 2', 6), [2, 4, 6]));
  for (const wrong of ['', 'x', '% 0', '-1', '3 4', '>> 2', '1.5']) {
    it(`refuses “${wrong}”`, () => assert.throws(() => parseHitCondition(wrong), /is not a hit condition/));
  }
});

describe('log messages', () => {
  const scope = { callId: 7, argument: { name: 'Ada' } };

  it('puts expressions in braces into the text', () => {
    assert.equal(
      parseLogMessage('call {callId} greets {argument.name}!', javaScript)(scope),
      'call 7 greets Ada!',
    );
  });
  it('takes braces and quotes inside of an expression as its own', () => {
    assert.equal(parseLogMessage('{ ({ a: "}" }).a }', javaScript)(scope), '}');
  });
  it('shows objects in a line', () => {
    assert.equal(parseLogMessage('{argument}', javaScript)(scope), '{name: "Ada"}');
  });
  it('leaves an escaped brace alone', () => {
    assert.equal(parseLogMessage('\\{callId\\}', javaScript)(scope), '{callId}');
  });
  it('shows what an expression threw in its place', () => {
    assert.equal(
      parseLogMessage('a {nobody} b', javaScript)(scope),
      'a <ReferenceError: nobody is not defined> b',
    );
  });
  it('refuses a brace that is not closed', () => {
    assert.throws(() => parseLogMessage('a {callId', javaScript), /does not close it/);
  });
  it('refuses what is no expression', () => {
    assert.throws(
      () => parseLogMessage('a {callId +}', javaScript),
      /“callId \+” is not a JavaScript expression/,
    );
  });
});

describe('rules', () => {
  it('counts only hits whose condition holds', () => {
    const rule = new Rule({ condition: 'callId > 1', hitCondition: '2' });
    const kinds = [1, 2, 1, 3, 4].map((callId) => rule.test({ callId }).kind);
    assert.deepEqual(kinds, ['pass', 'pass', 'pass', 'stop', 'pass']);
  });

  it('stops once for an error of its condition, and says which', () => {
    const rule = new Rule({ condition: 'argument.name === "Ada"' });
    const first = rule.test({ argument: undefined });
    assert.match('message' in first ? first.message : '', /“argument.name === "Ada"” threw TypeError/);
    assert.equal(rule.test({ argument: undefined }).kind, 'pass');
    assert.equal(rule.test({ argument: { name: 'Ada' } }).kind, 'stop');
    assert.equal(rule.test({ argument: null }).kind, 'failed');
  });

  it('logs instead of stopping', () => {
    const rule = new Rule({ condition: 'callId === 2', logMessage: 'call {callId}' });
    assert.deepEqual(rule.test({ callId: 1 }), { kind: 'pass' });
    assert.deepEqual(rule.test({ callId: 2 }), { kind: 'log', text: 'call 2' });
  });

  it('takes blank texts for none', () => {
    assert.equal(new Rule({ condition: ' ', hitCondition: '', logMessage: '' }).test({}).kind, 'stop');
  });

  it('reads no name that the condition does not reach', () => {
    const rule = new Rule({ condition: 'callId === 2 && argument === "x"' });
    let reads = 0;
    const scope = {
      callId: 1,
      get argument() {
        reads += 1;
        return 'x';
      },
    };
    rule.test(scope);
    assert.equal(reads, 0);
    scope.callId = 2;
    assert.equal(rule.test(scope).kind, 'stop');
    assert.equal(reads, 1);
  });
});

function unexpected(id: number | string, message: string): never {
  throw new Error(`${id}: ${message}`);
}

describe('stop plans', () => {
  const breakpoint = (id: number, rules: { condition?: string; hitCondition?: string }) => ({
    id,
    imports: [0],
    exports: [],
    ...rules,
  });

  it('keep the hits of what has not changed', () => {
    const before = new StopRules(
      { functions: [breakpoint(1, { hitCondition: '2' })], filters: [] },
      null,
      unexpected,
    );
    assert.equal(before.forImport(0)[0]?.rule.test({}).kind, 'pass');
    const same = new StopRules(
      { functions: [breakpoint(1, { hitCondition: '2' }), breakpoint(2, {})], filters: [] },
      before,
      unexpected,
    );
    assert.equal(same.forImport(0)[0]?.rule.test({}).kind, 'stop');
    const changed = new StopRules(
      { functions: [breakpoint(1, { hitCondition: '1' })], filters: [] },
      same,
      unexpected,
    );
    assert.equal(changed.forImport(0)[0]?.rule.test({}).kind, 'stop');
  });

  it('name what cannot be compiled, and go on without it', () => {
    const plan = {
      functions: [breakpoint(4, { condition: 'callId ==' }), breakpoint(5, { hitCondition: 'often' })],
      filters: [{ filter: 'traps' as const, condition: '1 +' }, { filter: 'storeArgument' as const }],
    };
    const errors = checkStops(plan);
    assert.deepEqual(
      errors.map(({ id }) => id),
      [4, 5, 'traps'],
    );
    assert.match(
      errors[0]?.message ?? '',
      /“callId ==” is not a JavaScript expression: Unexpected end of input/,
    );
    const rules = new StopRules(plan, null, () => undefined);
    assert.equal(rules.forImport(0).length, 0);
    assert.equal(rules.filter('traps'), null);
    assert.notEqual(rules.filter('storeArgument'), null);
  });
});
