import type { GuestModule } from '../../wasm/module.ts';
import { type Body, type ModuleShape, readShape } from '../rewriting/module-shape.ts';
import { decodeBody, type DecodedBody, type Operator } from '../rewriting/body-decoder.ts';
import { operatorText, typeText, watName, WatNames } from './operator-text.ts';

/** One operator of the guest's code. */
export interface Instruction {
  functionIndex: number;
  /** Of its first byte, in the file. */
  offset: number;
  bytes: Uint8Array;
  /** `local.get $count`. */
  text: string;
  /** Line of its function's listing, from 1. */
  line: number;
}

/** An operator that calls a function, and comes back. */
export interface CallOperator {
  /** Of its first byte, in the file. */
  offset: number;
  /** Index of the function; null where a reference says which one. */
  callee: number | null;
}

/** A function's code as text, an operator a line. */
export interface FunctionListing {
  text: string;
  /** In order. */
  instructions: readonly Instruction[];
  /** In order. */
  calls: readonly CallOperator[];
}

const OPENING = new Set([0x02, 0x03, 0x04, 0x06, 0x1f]);
/** `else`, `catch`, `catch_all`: they close one block and open another. */
const BETWEEN = new Set([0x05, 0x07, 0x19]);
const CLOSING = new Set([0x0b, 0x18]);
const CALL = 0x10;
/** `call_indirect`, `call_ref` */
const CALLS_BY_REFERENCE = new Set([0x11, 0x14]);

/** Shows the code of a guest's functions in the text format. A function is decoded when it is asked for. */
export class Disassembler {
  readonly #bytes: Uint8Array;
  readonly #guest: GuestModule;
  readonly #shape: ModuleShape;
  readonly #listings = new Map<number, FunctionListing | null>();

  /** @throws MalformedModule */
  constructor(bytes: Uint8Array, guest: GuestModule) {
    this.#bytes = bytes;
    this.#guest = guest;
    this.#shape = readShape(bytes);
  }

  /** Indices of the functions that the module defines: from the first one, so many. */
  get defined(): { first: number; count: number } {
    return { first: this.#shape.importedFunctions, count: this.#shape.bodies.length };
  }

  /** Null for a function that the module does not define, or that cannot be decoded. */
  listing(functionIndex: number): FunctionListing | null {
    let listing = this.#listings.get(functionIndex);
    if (listing === undefined) {
      const body = this.#shape.bodies[functionIndex - this.#shape.importedFunctions];
      listing = body ? this.#disassemble(functionIndex, body) : null;
      this.#listings.set(functionIndex, listing);
    }
    return listing;
  }

  #disassemble(functionIndex: number, body: Body): FunctionListing | null {
    let decoded: DecodedBody;
    try {
      decoded = decodeBody(this.#bytes, body);
    } catch {
      // What holds something unknown cannot be shown; the rest can.
      return null;
    }
    const names = new WatNames(this.#guest, functionIndex);
    const lines = this.#header(functionIndex, decoded, names);
    const instructions: Instruction[] = [];
    let depth = 1;
    for (const operator of decoded.operators) {
      if (BETWEEN.has(operator.code) || CLOSING.has(operator.code)) depth -= 1;
      const text = operatorText(operator, names);
      // Its last `end` is the function's own.
      lines.push(depth === 0 ? ')' : `${'  '.repeat(depth)}${text}`);
      instructions.push(this.#instruction(functionIndex, operator, text, lines.length));
      if (BETWEEN.has(operator.code) || OPENING.has(operator.code)) depth += 1;
    }
    return { text: `${lines.join('\n')}\n`, instructions, calls: decoded.operators.flatMap(callOf) };
  }

  #instruction(functionIndex: number, { start, end }: Operator, text: string, line: number): Instruction {
    return { functionIndex, offset: start, bytes: this.#bytes.subarray(start, end), text, line };
  }

  #header(functionIndex: number, { locals }: DecodedBody, names: WatNames): string[] {
    const { params, results } = this.#guest.functionType(functionIndex) ?? { params: [], results: [] };
    const name = watName(this.#guest.functionName(functionIndex), functionIndex);
    const parts = [
      `(func ${name} (;${functionIndex};)`,
      ...params.map((type, i) => `(param ${names.local(i)} ${type})`),
      ...results.map((type) => `(result ${type})`),
    ];
    const lines = [parts.join(' ')];
    let index = params.length;
    for (const { count, type } of locals) {
      for (let i = 0; i < count; i++, index++)
        lines.push(`  (local ${names.local(index)} ${typeText(type)})`);
    }
    return lines;
  }
}

function callOf({ code, start, immediates }: Operator): CallOperator[] {
  if (code === CALL) return [{ offset: start, callee: immediates.funcIndex ?? null }];
  return CALLS_BY_REFERENCE.has(code) ? [{ offset: start, callee: null }] : [];
}
