import { type IOperatorInformation, Int64, OperatorCodeNames, type Type } from 'wasmparser';
import type { GuestImport, GuestModule } from '../../wasm/module.ts';
import type { Operator } from '../rewriting/body-decoder.ts';

const HEAP_TYPES: Record<number, string> = {
  [-1]: 'i32',
  [-2]: 'i64',
  [-3]: 'f32',
  [-4]: 'f64',
  [-5]: 'v128',
  [-8]: 'i8',
  [-9]: 'i16',
  [-12]: 'noexn',
  [-13]: 'nofunc',
  [-14]: 'noextern',
  [-15]: 'none',
  [-16]: 'func',
  [-17]: 'extern',
  [-18]: 'any',
  [-19]: 'eq',
  [-20]: 'i31',
  [-21]: 'struct',
  [-22]: 'array',
  [-23]: 'exn',
};
const NUMBERS = -9;
const NULLABLE = -29;
const EMPTY_BLOCK = -64;
const CATCH_ALL = 2;

/** A heap type by its number: an index, or one of the abstract ones, which are negative. */
function heapType(number: number): string {
  return number >= 0 ? String(number) : (HEAP_TYPES[number] ?? String(number));
}

/** A value type in text format: `i32`, `anyref`, `(ref null 12)`. */
export function typeText(type: Type): string {
  const { kind, ref_index: index } = type as Type & { ref_index?: number };
  const number: number = kind;
  if (index !== undefined) return `(ref ${number === NULLABLE ? 'null ' : ''}${heapType(index)})`;
  if (type.isIndex) return `(ref null ${type.index})`;
  return number >= NUMBERS ? heapType(number) : `${heapType(number)}ref`;
}

/** WAT's names of a guest, as far as its name section has them; numbers otherwise. */
export class WatNames {
  readonly #guest: GuestModule;
  readonly #imports: readonly GuestImport[];
  readonly #locals: ReadonlyMap<number, string>;

  constructor(guest: GuestModule, functionIndex: number) {
    this.#guest = guest;
    this.#imports = guest.imports.filter(({ kind }) => kind === 'function');
    this.#locals = guest.localNames(functionIndex);
  }

  function(index: number): string {
    const imported = this.#imports[index];
    const name = this.#guest.functionName(index) ?? (imported ? `${imported.module}.${imported.name}` : null);
    return watName(name, index);
  }

  local(index: number): string {
    return watName(this.#locals.get(index) ?? null, index);
  }
}

/** `$name`, or in quotes where it holds what an identifier cannot (text format, “Identifiers”). */
export function watName(name: string | null, index: number): string {
  if (name === null || name === '') return String(index);
  return /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/.test(name) ? `$${name}` : `$${JSON.stringify(name)}`;
}

/** One operator of a function's body as text: `local.get $count`, `struct.get 12 3`, `i32.load offset=8`. */
export function operatorText({ code, immediates }: Operator, names: WatNames): string {
  const name = OperatorCodeNames[code] ?? `0x${code.toString(16)}`;
  return [name, ...immediatesText(immediates, names)].join(' ');
}

function* immediatesText(of: IOperatorInformation, names: WatNames): Generator<string> {
  if (of.blockType) yield* blockType(of.blockType);
  if (of.selectType) yield `(result ${typeText(of.selectType)})`;
  for (const { kind, depth, tagIndex } of of.tryTable ?? []) {
    const tag = (kind as number) >= CATCH_ALL ? '' : ` ${tagIndex ?? 0}`;
    yield `(${['catch', 'catch_ref', 'catch_all', 'catch_all_ref'][kind as number] ?? 'catch'}${tag} ${depth})`;
  }
  if (of.brTable) yield of.brTable.join(' ');
  if (of.funcIndex !== undefined) yield names.function(of.funcIndex);
  if (of.typeIndex !== undefined) yield String(of.typeIndex);
  if (of.fieldIndex !== undefined) yield String(of.fieldIndex);
  if (of.localIndex !== undefined) yield names.local(of.localIndex);
  const tag = of.tryTable ? undefined : of.tagIndex;
  for (const index of [of.globalIndex, of.tableIndex, of.segmentIndex, tag, of.destinationIndex]) {
    if (index !== undefined) yield String(index);
  }
  if (of.brDepth !== undefined) yield String(of.brDepth);
  if (of.relativeDepth !== undefined) yield String(of.relativeDepth);
  if (of.refType !== undefined) yield heapType(of.refType);
  if (of.memoryAddress && of.memoryAddress.offset !== 0) yield `offset=${of.memoryAddress.offset}`;
  if (of.literal !== undefined) yield literalText(of.literal);
}

function* blockType(type: Type): Generator<string> {
  const number: number = type.kind;
  if (number === EMPTY_BLOCK) return;
  if (type.isIndex) yield `(type ${type.index})`;
  else yield `(result ${typeText(type)})`;
}

function literalText(literal: number | Int64 | Uint8Array): string {
  if (typeof literal === 'number') {
    if (Object.is(literal, -0)) return '-0';
    return Number.isNaN(literal) ? 'nan' : String(literal).replace('Infinity', 'inf');
  }
  if (literal instanceof Int64) {
    const { buffer, byteOffset } = literal.data;
    return new DataView(buffer, byteOffset, 8).getBigInt64(0, true).toString();
  }
  return `i8x16 ${[...literal].join(' ')}`;
}
