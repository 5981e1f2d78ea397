/** WebAssembly value types that can cross a host function's border (core spec §2.3), as the text format spells them. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';
export type ValueType = NumberType | 'v128' | 'funcref' | 'externref' | 'ref';

/**
 * A WebAssembly number in a JSON message. An `i64` is a decimal string, because JSON numbers lose its precision;
 * a non-finite float is `"NaN"`, `"Infinity"` or `"-Infinity"`, because JSON has none.
 */
export type JsonNumber = number | string;

/** A value with its type, as it crosses a process border. A reference is shown by its handle's text. */
export interface TypedValue {
  type: ValueType;
  value: JsonNumber;
}

/** The signature of a function: `(i32, i32) -> ()`. */
export interface FunctionType {
  params: ValueType[];
  results: ValueType[];
}
