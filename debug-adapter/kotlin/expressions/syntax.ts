/** A literal's value, of one of Kotlin's types (Kotlin specification, "Literals"). */
export type Literal =
  | { type: 'Int' | 'UInt' | 'Float' | 'Double'; value: number }
  | { type: 'Long' | 'ULong'; value: bigint }
  | { type: 'Char' | 'String'; value: string }
  | { type: 'Boolean'; value: boolean }
  | { type: 'Null'; value: null };

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '..'
  | '..<'
  | '?:'
  | 'in'
  | '!in'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '==='
  | '!=='
  | '&&'
  | '||'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr'
  | 'ushr';

/** An expression in Kotlin's syntax, as far as a debugger evaluates it: it declares nothing and has no statements. */
export type Node =
  | { kind: 'literal'; literal: Literal }
  /** A string with `$name` or `${…}` in it. */
  | { kind: 'template'; parts: readonly (string | Node)[] }
  | { kind: 'name'; name: string }
  | { kind: 'this' }
  | { kind: 'member'; object: Node; name: string; safe: boolean }
  | { kind: 'index'; object: Node; indices: readonly Node[] }
  /** `object` is null for a function without a receiver. */
  | { kind: 'call'; object: Node | null; name: string; safe: boolean; args: readonly Node[] }
  | { kind: 'unary'; operator: '-' | '+' | '!' | '!!'; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  /** `type` as it was written, without type arguments: `Map.Entry`. */
  | { kind: 'is'; operand: Node; type: string; nullable: boolean; negated: boolean }
  | { kind: 'as'; operand: Node; type: string; nullable: boolean; safe: boolean }
  | { kind: 'if'; condition: Node; then: Node; otherwise: Node };

/** Why an expression cannot be read or evaluated, as a clause: what is said goes before it and a full stop behind it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}
