import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileKotlin } from '../../debug-adapter/kotlin/expressions/evaluate.ts';
import {
  describeType,
  NULL,
  type ObjectOperand,
  type Operand,
  type Scope,
  textOf,
} from '../../debug-adapter/kotlin/expressions/operands.ts';
import { ExpressionError } from '../../debug-adapter/kotlin/expressions/syntax.ts';

const int = (value: number): Operand => ({ type: 'Int', value });
const string = (value: string): Operand => ({ type: 'String', value });

interface Fake {
  className?: string;
  types?: string[];
  fields?: Record<string, Operand>;
  elements?: Operand[];
  keys?: Operand[];
}

function object({ className = 'Fake', types = [], fields = {}, elements, keys }: Fake): Operand {
  const value: ObjectOperand = {
    className,
    isInstanceOf: (type) => (type === 'Unknown' ? null : type === className || types.includes(type)),
    member: (name) => fields[name],
    size: elements?.length ?? null,
    at: (index) => elements?.[index] ?? NULL,
    isMap: keys !== undefined,
    keyAt: (index) => keys?.[index] ?? NULL,
    isSame: (other) => other === value,
    comparesContents: elements !== undefined,
    text: className,
  };
  return { type: 'Object', value };
}

const ada = object({
  className: 'demo.User',
  types: ['demo.Named'],
  fields: { name: string('Ada'), age: int(36) },
});
const NAMES: Record<string, Operand> = {
  i: int(7),
  zero: int(0),
  big: { type: 'Long', value: 2n ** 62n },
  byte: { type: 'Byte', value: -1 },
  unsigned: { type: 'UInt', value: 4294967295 },
  pi: { type: 'Double', value: 3.5 },
  f: { type: 'Float', value: 0.5 },
  c: { type: 'Char', value: 'k' },
  flag: { type: 'Boolean', value: true },
  nothing: NULL,
  text: string('Kotlin'),
  user: ada,
  same: ada,
  other: object({ className: 'demo.User', fields: { name: string('Bob') } }),
  list: object({ className: 'ArrayList', elements: [int(1), int(2), ada] }),
  equalList: object({ className: 'ArrayList', elements: [int(1), int(2), ada] }),
  map: object({
    className: 'LinkedHashMap',
    keys: [string('a'), int(2)],
    elements: [int(10), string('two')],
  }),
};
const scope: Scope = {
  name: (name) => (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined),
  self: object({ className: 'demo.Acc', fields: { total: int(42) } }),
  call: (name, args) => (name === 'twice' && args[0]?.type === 'Int' ? int(args[0].value * 2) : undefined),
};

/** `7: Int`. */
function evaluated(source: string): string {
  try {
    const value = compileKotlin(source)(scope);
    return `${textOf(value)}: ${describeType(value)}`;
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return thrown.message;
    throw thrown;
  }
}

describe('Kotlin expressions', () => {
  const expected: [string, string][] = [
    // Arithmetic in Kotlin's types: overflow wraps, division is that of integers.
    ['i + 1', '8: Int'],
    ['2147483647 + 1', '-2147483648: Int'],
    ['7 / 2', '3: Int'],
    ['-7 / 2', '-3: Int'],
    ['-7 % 3', '-1: Int'],
    ['i / 2.0', '3.5: Double'],
    ['i * 2f', '14.0: Float'],
    ['big * 4', '0: Long'],
    ['byte + byte', '-2: Int'],
    ['unsigned + 1u', '0: UInt'],
    ['unsigned + 1', 'UInt + Int does not exist in Kotlin: convert one, for example with toLong()'],
    ['i / zero', 'it divides by zero'],
    ['pi / 0', 'Infinity: Double'],
    ['0.1f + 0.2f', '0.3: Float'],
    ['1f / 3f', '0.33333334: Float'],
    ['1 shl 33', '2: Int'],
    ['-1 ushr 28', '15: Int'],
    ['-1 shr 28', '-1: Int'],
    ['6 and 3 or 8', '10: Int'],
    ['flag xor true', 'false: Boolean'],
    ['1L and 1', 'Long and Int does not exist in Kotlin'],
    ['-unsigned', '-UInt does not exist in Kotlin'],
    ['-byte', '1: Int'],
    ['c + 1', 'l: Char'],
    ["c - 'a'", '10: Int'],
    ['text + i + c', 'Kotlin7k: String'],
    ['i + text', 'Int + String does not exist in Kotlin'],
    ['300.toByte()', '44: Byte'],
    ['(-1).toUInt()', '4294967295: UInt'],
    ['1e20.toInt()', '2147483647: Int'],
    ['i.toDouble()', '7.0: Double'],
    ['65.toChar()', 'A: Char'],
    ['c.code', '107: Int'],
    // Comparison and logic.
    ['i == 7 && pi > 3', 'true: Boolean'],
    ['i == 7L', 'true: Boolean'],
    ['flag || nothing.length > 0', 'true: Boolean'],
    ['i && flag', 'the left of && is Int and no Boolean'],
    ['text < "Lotlin"', 'true: Boolean'],
    ['text < 3', 'String and Int have no order'],
    ['text == "Kotlin" && text != nothing', 'true: Boolean'],
    ['user == same && user !== other && user != other', 'true: Boolean'],
    ['list == equalList && list !== equalList', 'true: Boolean'],
    ['i in 1..7 && i !in 1..<7', 'true: Boolean'],
    ['2 in list && user in list && "a" in map && "Kot" in text', 'true: Boolean'],
    ['pi in 1', 'Int holds no elements'],
    // Null.
    ['nothing?.length ?: "none"', 'none: String'],
    ['nothing.length', 'what length is asked of is null'],
    ['nothing!!', 'what !! stands behind is null'],
    ['user?.name', 'Ada: String'],
    ['nothing == null', 'true: Boolean'],
    // Members, elements, calls.
    ['user.name.length', '3: Int'],
    ['user.surname', 'demo.User has no surname that is known'],
    ['this.total', '42: Int'],
    ['list[2].age', '36: Int'],
    ['list[3]', 'index 3 is outside of 0 to 2'],
    ['list["x"]', 'an index is an Int and not String'],
    ['list.size + list.lastIndex', '5: Int'],
    ['map["a"]', '10: Int'],
    ['map[2]', 'two: String'],
    ['map["zz"]', 'null: null'],
    ['text[0]', 'K: Char'],
    ['list.first() == 1 && !list.isEmpty() && list.contains(2)', 'true: Boolean'],
    ['text.startsWith("Kot") && text.uppercase() == "KOTLIN"', 'true: Boolean'],
    ['twice(i) + 1', '15: Int'],
    ['thrice(i)', 'thrice is no exported function: those can be called, and functions of values'],
    ['unknown', 'there is no unknown here'],
    ['constructor', 'there is no constructor here'],
    // Types.
    ['user is demo.User && user is demo.Named && user !is String', 'true: Boolean'],
    ['nothing is String?', 'true: Boolean'],
    ['nothing is String', 'false: Boolean'],
    ['user is Unknown', 'it is not known whether demo.User is Unknown'],
    ['i is Number && text is CharSequence && i is Any', 'true: Boolean'],
    ['(user as? String)?.length', 'null: null'],
    ['user as String', 'demo.User cannot be cast to String'],
    ['if (flag) i else text', '7: Int'],
    ['if (i) 1 else 2', 'the condition of if is Int and no Boolean'],
    // Templates.
    ['"$i is ${i + 1} and ${user.name}, $pi $nothing"', '7 is 8 and Ada, 3.5 null: String'],
  ];
  for (const [source, value] of expected) test(source, () => assert.equal(evaluated(source), value));

  test('what is not a known function says what is', () => {
    assert.match(
      evaluated('text.reversed()'),
      /^reversed\(\) of String is not among the functions .* toInt\)$/,
    );
    assert.match(evaluated('text.hasOwnProperty("x")'), /is not among the functions/);
  });

  test('a side that does not count is not evaluated', () => {
    let asked = 0;
    const counting: Scope = {
      ...scope,
      name: (name) => ((asked += name === 'costly' ? 1 : 0), scope.name('flag')),
    };
    compileKotlin('false && costly || true || costly')(counting);
    assert.equal(asked, 0);
  });
});
