import { bitwise, calculate, isArithmetic, isBitwise, negate } from './arithmetic.ts';
import { compare, equal, holds, identical } from './comparison.ts';
import { callMember, element, property } from './members.ts';
import {
  booleanOf,
  describeType,
  isNumber,
  NULL,
  type Operand,
  type Scope,
  textOf,
  toBoolean,
} from './operands.ts';
import { parseExpression } from './parser.ts';
import { type BinaryOperator, ExpressionError, type Node } from './syntax.ts';

/** An expression that has been read: it is evaluated as often as wanted. @throws ExpressionError */
export type Evaluator = (scope: Scope) => Operand;

/** @throws ExpressionError where it cannot be read */
export function compileKotlin(source: string): Evaluator {
  return compileNode(parseExpression(source));
}

/** Closures and no interpreter of the tree: a condition is evaluated at every hit. @throws ExpressionError */
export function compileNode(node: Node): Evaluator {
  switch (node.kind) {
    case 'literal': {
      const { literal } = node;
      return () => literal;
    }
    case 'template': {
      const parts = node.parts.map((part) => (typeof part === 'string' ? part : compileNode(part)));
      return (scope) => ({
        type: 'String',
        value: parts.map((part) => (typeof part === 'string' ? part : textOf(part(scope)))).join(''),
      });
    }
    case 'name':
      return (scope) => scope.name(node.name) ?? unknownName(node.name);
    case 'this':
      return ({ self }) => self ?? unknownName('this');
    case 'member':
      return compileMember(compileNode(node.object), node.safe, (object) => property(object, node.name));
    case 'index':
      return compileIndex(node);
    case 'call':
      return compileCall(node);
    case 'unary':
      return compileUnary(node.operator, compileNode(node.operand));
    case 'binary':
      return compileBinary(node.operator, compileNode(node.left), compileNode(node.right));
    case 'is':
      return compileTypeCheck(node);
    case 'as':
      return compileCast(node);
    case 'if': {
      const [condition, then, otherwise] = [node.condition, node.then, node.otherwise].map(compileNode);
      if (!condition || !then || !otherwise) throw new ExpressionError('if has no branches');
      return (scope) => (booleanOf(condition(scope), 'the condition of if') ? then(scope) : otherwise(scope));
    }
  }
}

function unknownName(name: string): never {
  throw new ExpressionError(`there is no ${name} here`);
}

function compileMember(
  object: Evaluator,
  safe: boolean,
  read: (object: Operand, scope: Scope) => Operand,
): Evaluator {
  return (scope) => {
    const receiver = object(scope);
    return safe && receiver.type === 'Null' ? NULL : read(receiver, scope);
  };
}

function compileIndex({ object, indices }: Extract<Node, { kind: 'index' }>): Evaluator {
  const receiver = compileNode(object);
  const [only, ...more] = indices.map(compileNode);
  if (!only || more.length > 0) throw new ExpressionError('[] takes one index');
  return (scope) => element(receiver(scope), only(scope));
}

function compileCall({ object, name, safe, args }: Extract<Node, { kind: 'call' }>): Evaluator {
  const values = args.map(compileNode);
  if (object) {
    const call = (receiver: Operand, scope: Scope) =>
      callMember(
        receiver,
        name,
        values.map((value) => value(scope)),
      );
    return compileMember(compileNode(object), safe, call);
  }
  return (scope) => {
    const made = scope.call(
      name,
      values.map((value) => value(scope)),
    );
    if (made) return made;
    throw new ExpressionError(
      `${name} is no exported function: those can be called, and functions of values`,
    );
  };
}

function compileUnary(operator: '-' | '+' | '!' | '!!', operand: Evaluator): Evaluator {
  switch (operator) {
    case '!':
      return (scope) => toBoolean(!booleanOf(operand(scope), 'what ! stands before'));
    case '!!':
      return (scope) => {
        const value = operand(scope);
        if (value.type === 'Null') throw new ExpressionError('what !! stands behind is null');
        return value;
      };
    case '+':
    case '-':
      return (scope) => {
        const value = operand(scope);
        if (!isNumber(value))
          throw new ExpressionError(`${operator}${describeType(value)} does not exist in Kotlin`);
        return operator === '-' ? negate(value) : value;
      };
  }
}

function compileBinary(operator: BinaryOperator, left: Evaluator, right: Evaluator): Evaluator {
  switch (operator) {
    case '&&':
      return (scope) =>
        toBoolean(booleanOf(left(scope), 'the left of &&') && booleanOf(right(scope), 'the right of &&'));
    case '||':
      return (scope) =>
        toBoolean(booleanOf(left(scope), 'the left of ||') || booleanOf(right(scope), 'the right of ||'));
    case '?:':
      return (scope) => {
        const value = left(scope);
        return value.type === 'Null' ? right(scope) : value;
      };
    default: {
      const operate = operation(operator);
      return (scope) => operate(left(scope), right(scope));
    }
  }
}

type Operation = (left: Operand, right: Operand) => Operand;

function operation(operator: Exclude<BinaryOperator, '&&' | '||' | '?:'>): Operation {
  if (isArithmetic(operator)) return (left, right) => arithmetic(operator, left, right);
  if (isBitwise(operator)) return (left, right) => bits(operator, left, right);
  switch (operator) {
    case '==':
      return (left, right) => toBoolean(equal(left, right));
    case '!=':
      return (left, right) => toBoolean(!equal(left, right));
    case '===':
      return (left, right) => toBoolean(identical(left, right));
    case '!==':
      return (left, right) => toBoolean(!identical(left, right));
    case '<':
      return (left, right) => toBoolean(compare(left, right) < 0);
    case '>':
      return (left, right) => toBoolean(compare(left, right) > 0);
    case '<=':
      return (left, right) => toBoolean(compare(left, right) <= 0);
    case '>=':
      return (left, right) => toBoolean(compare(left, right) >= 0);
    case 'in':
      return (left, right) => toBoolean(holds(right, left));
    case '!in':
      return (left, right) => toBoolean(!holds(right, left));
    case '..':
    case '..<':
      return (from, to) => ({ type: 'Range', value: { from, to, open: operator === '..<' } });
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Operand, right: Operand): Operand {
  if (isNumber(left) && isNumber(right)) return calculate(operator, left, right);
  if (operator === '+' && left.type === 'String')
    return { type: 'String', value: left.value + textOf(right) };
  if (left.type === 'Char' && (operator === '+' || operator === '-')) {
    const code = left.value.charCodeAt(0);
    if (right.type === 'Int') {
      return {
        type: 'Char',
        value: String.fromCharCode(operator === '+' ? code + right.value : code - right.value),
      };
    }
    if (right.type === 'Char' && operator === '-')
      return { type: 'Int', value: code - right.value.charCodeAt(0) };
  }
  throw new ExpressionError(
    `${describeType(left)} ${operator} ${describeType(right)} does not exist in Kotlin`,
  );
}

function bits(operator: Parameters<typeof bitwise>[0], left: Operand, right: Operand): Operand {
  if (isNumber(left) && isNumber(right)) return bitwise(operator, left, right);
  if (left.type === 'Boolean' && right.type === 'Boolean') {
    if (operator === 'and') return toBoolean(left.value && right.value);
    if (operator === 'or') return toBoolean(left.value || right.value);
    if (operator === 'xor') return toBoolean(left.value !== right.value);
  }
  throw new ExpressionError(
    `${describeType(left)} ${operator} ${describeType(right)} does not exist in Kotlin`,
  );
}

/** @throws ExpressionError where it is not known */
function isOfType(operand: Operand, type: string, nullable: boolean): boolean {
  if (operand.type === 'Null') return nullable;
  if (type === 'Any' || type === operand.type) return true;
  if (isNumber(operand) && type === 'Number') return !operand.type.startsWith('U');
  if (operand.type === 'String') return type === 'CharSequence';
  if (operand.type !== 'Object') return type === 'Comparable' && operand.type !== 'Range';
  const known = operand.value.isInstanceOf(type);
  if (known !== null) return known;
  throw new ExpressionError(`it is not known whether ${operand.value.className} is ${type}`);
}

function compileTypeCheck({ operand, type, nullable, negated }: Extract<Node, { kind: 'is' }>): Evaluator {
  const value = compileNode(operand);
  return (scope) => toBoolean(isOfType(value(scope), type, nullable) !== negated);
}

function compileCast({ operand, type, nullable, safe }: Extract<Node, { kind: 'as' }>): Evaluator {
  const value = compileNode(operand);
  return (scope) => {
    const cast = value(scope);
    if (isOfType(cast, type, nullable)) return cast;
    if (safe) return NULL;
    throw new ExpressionError(`${describeType(cast)} cannot be cast to ${type}`);
  };
}
