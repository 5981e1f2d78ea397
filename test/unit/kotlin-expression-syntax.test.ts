import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseExpression } from '../../debug-adapter/kotlin/expressions/parser.ts';
import type { Node } from '../../debug-adapter/kotlin/expressions/syntax.ts';

/** The tree as Lisp would write it: short enough to compare. */
function lisp(node: Node): string {
  switch (node.kind) {
    case 'literal': {
      const { type, value } = node.literal;
      return type === 'String' || type === 'Char' ? JSON.stringify(value) : `${String(value)}:${type}`;
    }
    case 'template':
      return `(str ${node.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : lisp(part))).join(' ')})`;
    case 'name':
      return node.name;
    case 'this':
      return 'this';
    case 'member':
      return `(${node.safe ? '?.' : '.'} ${lisp(node.object)} ${node.name})`;
    case 'index':
      return `([] ${[node.object, ...node.indices].map(lisp).join(' ')})`;
    case 'call':
      return `(${node.safe ? '?' : ''}call ${node.object ? `${lisp(node.object)} ` : ''}${node.name}${node.args.map((arg) => ` ${lisp(arg)}`).join('')})`;
    case 'unary':
      return `(${node.operator} ${lisp(node.operand)})`;
    case 'binary':
      return `(${node.operator} ${lisp(node.left)} ${lisp(node.right)})`;
    case 'is':
      return `(${node.negated ? '!is' : 'is'} ${lisp(node.operand)} ${node.type}${node.nullable ? '?' : ''})`;
    case 'as':
      return `(as${node.safe ? '?' : ''} ${lisp(node.operand)} ${node.type}${node.nullable ? '?' : ''})`;
    case 'if':
      return `(if ${lisp(node.condition)} ${lisp(node.then)} ${lisp(node.otherwise)})`;
  }
}

const parsed = (source: string) => lisp(parseExpression(source));
const problem = (source: string): string => {
  try {
    return `no error: ${parsed(source)}`;
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
};

describe('the syntax of Kotlin expressions', () => {
  const trees: [string, string][] = [
    ['a + b * c', '(+ a (* b c))'],
    ['a - b - c', '(- (- a b) c)'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['a || b && c == d', '(|| a (&& b (== c d)))'],
    ['a ?: b + 1', '(?: a (+ b 1:Int))'],
    ['a < b == c > d', '(== (< a b) (> c d))'],
    ['x in 1..10', '(in x (.. 1:Int 10:Int))'],
    ['x !in 0..<n - 1', '(!in x (..< 0:Int (- n 1:Int)))'],
    ['a shl 2 or 1', '(or (shl a 2:Int) 1:Int)'],
    ['-a.b', '(- (. a b))'],
    ['!!flag', '(! (! flag))'],
    ['a!!.b', '(. (!! a) b)'],
    ['a?.b?.c ?: "none"', '(?: (?. (?. a b) c) "none")'],
    ['list[0].name', '(. ([] list 0:Int) name)'],
    ['map["k"]', '([] map "k")'],
    ['x is demo.Acc && y !is Map.Entry<String, List<*>>?', '(&& (is x demo.Acc) (!is y Map.Entry?))'],
    ['x as Int + 1', '(+ (as x Int) 1:Int)'],
    ['x as? Foo ?: y', '(?: (as? x Foo) y)'],
    ['if (a) b else c + 1', '(if a b (+ c 1:Int))'],
    ['greet(1, "x").length', '(. (call greet 1:Int "x") length)'],
    ['list.first()', '(call list first)'],
    ['`odd name`.`is`', '(. odd name is)'],
    ['this.total', '(. this total)'],
    ['a /* not b */ + // nothing\n c', '(+ a c)'],
  ];
  for (const [source, tree] of trees) test(source, () => assert.equal(parsed(source), tree));

  test('reads the literals of every type', () => {
    const literals: [string, string][] = [
      ['1', '1:Int'],
      ['2147483647', '2147483647:Int'],
      ['2147483648', '2147483648:Long'],
      ['1L', '1:Long'],
      ['0xFF', '255:Int'],
      ['0x1F', '31:Int'],
      ['0b1010_1010', '170:Int'],
      ['1_000', '1000:Int'],
      ['3u', '3:UInt'],
      ['4294967296u', '4294967296:ULong'],
      ['3uL', '3:ULong'],
      ['1.5', '1.5:Double'],
      ['.5', '0.5:Double'],
      ['1e3', '1000:Double'],
      ['1.5f', '1.5:Float'],
      ['2f', '2:Float'],
      ['true', 'true:Boolean'],
      ['null', 'null:Null'],
      ["'x'", '"x"'],
      [String.raw`'\n'`, String.raw`"\n"`],
      [String.raw`'\u0041'`, '"A"'],
      [String.raw`"a\t\"b\$"`, String.raw`"a\t\"b$"`],
      ['"""raw \\ "q" """', String.raw`"raw \\ \"q\" "`],
    ];
    assert.deepEqual(
      literals.map(([source]) => [source, parsed(source)]),
      literals,
    );
  });

  test('reads templates, also in each other', () => {
    assert.equal(parsed('"a $b c"'), '(str "a " b " c")');
    assert.equal(parsed('"${a + 1}"'), '(str "" (+ a 1:Int) "")');
    assert.equal(parsed('"<${if (a) "x${b}" else "}"}>"'), '(str "<" (if a (str "x" b "") "}") ">")');
    assert.equal(parsed('"1 $ 2"'), '"1 $ 2"');
  });

  const problems: [string, string][] = [
    ['', 'it is empty'],
    ['a +', 'a value is missing at its end'],
    ['(a', ') is missing at its end'],
    ['a b', 'an operator or the end was expected at character 3, not b'],
    ['a = 1', '= at character 3 would change something: use “Set Value”'],
    ['"abc', 'the string at character 1 does not end'],
    ['"${a"', 'the string at character 5 does not end'],
    ['a # b', '"#" at character 3 is not part of one'],
    ['when (x) {}', 'a debugger does not evaluate when'],
    ['list.map { it }', 'a debugger cannot run the lambda at character 10'],
    ['99999999999999999999', '99999999999999999999 is larger than any integer'],
    ['if (a) b', 'else is missing at its end'],
    [String.raw`"\q"`, String.raw`\q at character 2 is no escape in Kotlin`],
    ['('.repeat(1000), 'it is nested too deeply'],
    ['- '.repeat(1000) + '1', 'it is nested too deeply'],
  ];
  for (const [source, message] of problems) {
    test(`says what is wrong with ${JSON.stringify(source.slice(0, 40))}`, () =>
      assert.equal(problem(source), `ExpressionError: ${message}`));
  }
});
