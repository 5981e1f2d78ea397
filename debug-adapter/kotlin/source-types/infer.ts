import { parseExpression } from '../expressions/parser.ts';
import { ExpressionError, type Node } from '../expressions/syntax.ts';

/** What is known where an expression stands. Types are as the source writes them, without type arguments. */
export interface TypesInScope {
  /** Of a local, parameter or property; null where it is not known. */
  value(name: string): string | null;
  /** What the user's own functions of that name return: null where it is not known, undefined where there are none. */
  returned(name: string): string | null | undefined;
  /** Whether the user declares a property of that name in any class. */
  declares(name: string): boolean;
}

const INTEGERS = new Set(['Byte', 'Short', 'Int', 'Long']);
const UNSIGNED = new Set(['UByte', 'UShort', 'UInt', 'ULong']);
/** Classes that no user adds properties to. */
const BUILT_IN = new Set(['String', 'Char', 'Boolean', ...INTEGERS, ...UNSIGNED, 'Float', 'Double']);
/** Members of the standard library whose type is the same whatever they are asked of. */
const PROPERTIES: Readonly<Record<string, string>> = {
  length: 'Int',
  size: 'Int',
  lastIndex: 'Int',
  code: 'Int',
  ordinal: 'Int',
};
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['Byte', 'Short', 'Int', 'Long', 'UByte', 'UShort', 'UInt', 'ULong', 'Float', 'Double', 'Char'].map(
      (type) => [`to${type}`, type],
    ),
  ),
  toBoolean: 'Boolean',
  hashCode: 'Int',
  isEmpty: 'Boolean',
  isNotEmpty: 'Boolean',
  isBlank: 'Boolean',
  startsWith: 'Boolean',
  endsWith: 'Boolean',
  contains: 'Boolean',
  containsKey: 'Boolean',
  indexOf: 'Int',
};

/**
 * The type of an initializer that begins at `start`, where its text says it: literals, comparisons, arithmetic, calls whose
 * result is declared. Null for all else: nothing is guessed.
 */
export function initializerType(text: string, start: number, scope: TypesInScope): string | null {
  const node = parsed(text, start);
  return node && typeOf(node, scope);
}

/** The type of what a loop over the expression at `start` runs through: of ranges and progressions of numbers. */
export function elementType(text: string, start: number, scope: TypesInScope): string | null {
  const end = closing(text, start);
  const range = text.slice(start, end);
  const first = /^(.*?)\s(?:until|downTo)\s/s.exec(range)?.[1] ?? /^(.*?)\.\.<?/s.exec(range)?.[1];
  if (first !== undefined) {
    const node = parsed(first, 0);
    return node && typeOf(node, scope);
  }
  return /\.indices\s*$/.test(range) && !scope.declares('indices') ? 'Int' : null;
}

/** Where the bracket that `start` is inside of ends. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if ('([{'.includes(text[at] ?? '')) depth += 1;
    else if (')]}'.includes(text[at] ?? '') && depth-- === 0) return at;
  }
  return text.length;
}

/** The expression of the rest of a line, unless the next line goes on with it. */
function parsed(text: string, start: number): Node | null {
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  const line = text.slice(start, end).replace(/\/\/.*$/, '');
  if (/^\s*(?:\.|\?\.|\?:|&&|\|\|)/.test(text.slice(end, end + 200))) return null;
  try {
    return parseExpression(line);
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return null;
    throw thrown;
  }
}

function typeOf(node: Node, scope: TypesInScope): string | null {
  switch (node.kind) {
    case 'literal':
      return node.literal.type === 'Null' ? null : node.literal.type;
    case 'template':
      return 'String';
    case 'name':
      return scope.value(node.name);
    case 'is':
      return 'Boolean';
    case 'as':
      return node.nullable || node.safe ? null : node.type;
    case 'member':
      if (node.safe) return null;
      if (scope.declares(node.name) && !BUILT_IN.has(typeOf(node.object, scope) ?? '')) return null;
      return PROPERTIES[node.name] ?? null;
    case 'call': {
      if (node.safe) return null;
      const own = scope.returned(node.name);
      if (own !== undefined) return node.object === null ? own : null;
      return node.object ? (FUNCTIONS[node.name] ?? null) : null;
    }
    case 'unary':
      if (node.operator === '!') return 'Boolean';
      return node.operator === '!!' ? null : promoted(typeOf(node.operand, scope), 'Int');
    case 'binary':
      return binaryType(node, scope);
    case 'if': {
      const [then, otherwise] = [typeOf(node.then, scope), typeOf(node.otherwise, scope)];
      return then === otherwise ? then : null;
    }
    default:
      return null;
  }
}

function binaryType(node: Node & { kind: 'binary' }, scope: TypesInScope): string | null {
  const { operator } = node;
  if (/^(?:[<>]=?|[!=]==?|&&|\|\||!?in)$/.test(operator)) return 'Boolean';
  const [left, right] = [typeOf(node.left, scope), typeOf(node.right, scope)];
  if (operator === 'shl' || operator === 'shr' || operator === 'ushr') return left;
  if (operator === 'and' || operator === 'or' || operator === 'xor') return left === right ? left : null;
  if (!'+-*/%'.includes(operator)) return null;
  if (left === 'String' && operator === '+') return 'String';
  if (left === 'Char') return operator === '-' && right === 'Char' ? 'Int' : right === 'Int' ? 'Char' : null;
  return promoted(left, right);
}

/** What arithmetic makes of two numbers (Kotlin specification, "Built-in types and their semantics"). */
function promoted(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return null;
  const both = [left, right];
  if (both.every((type) => UNSIGNED.has(type))) return both.includes('ULong') ? 'ULong' : 'UInt';
  if (!both.every((type) => INTEGERS.has(type) || type === 'Float' || type === 'Double')) return null;
  for (const type of ['Double', 'Float', 'Long']) if (both.includes(type)) return type;
  return 'Int';
}
