import { BinaryReader, type IFunctionInformation, type ILocals, type IOperatorInformation } from 'wasmparser';
import { MalformedModule } from '../../wasm/byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { operatorEnd } from './immediates.ts';

// wasmparser's enums are ambient and const, which isolated modules cannot use; these are its numbers.
const ERROR = -1;
const BEGIN_FUNCTION_BODY = 28;
const CODE_OPERATOR = 30;
const END_FUNCTION_BODY = 31;

/** An operator of a body: its first byte and the byte after it, as offsets in the file. */
export interface Operator {
  /** wasmparser's number: the opcode, of a prefixed one with the prefix before it (0xfb00 | …). */
  code: number;
  start: number;
  end: number;
  immediates: IOperatorInformation;
}

export interface DecodedBody {
  /** Declared locals in runs of one type, without the parameters. */
  locals: readonly ILocals[];
  operators: readonly Operator[];
}

const NOP = 0x01;
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CODE_SECTION = 10;

/** A module that is nothing but the code section of one body, and where that body begins in it. */
function moduleOf(body: Uint8Array): { module: Uint8Array; start: number } {
  const sized = new ByteWriter(8).u32(body.length).written;
  const writer = new ByteWriter(body.length + 32).raw(PREAMBLE).u8(CODE_SECTION);
  writer
    .u32(1 + sized.length + body.length)
    .u32(1)
    .raw(sized);
  const start = writer.length;
  // A copy: what wasmparser reads wrongly is overwritten there.
  return { module: writer.raw(body).written.slice(), start };
}

/**
 * Decodes the body at `[start, end)` of a module with wasmparser.
 *
 * @throws MalformedModule where it holds what wasmparser cannot read, or does not end where it should; with the offset.
 */
export function decodeBody(bytes: Uint8Array, { start, end }: { start: number; end: number }): DecodedBody {
  const { module, start: first } = moduleOf(bytes.subarray(start, end));
  const moved = start - first;
  const reader = new BinaryReader();
  reader.setData(module.buffer as ArrayBuffer, 0, module.length);
  let locals: readonly ILocals[] = [];
  const operators: Operator[] = [];
  for (;;) {
    const at = reader.position;
    const state = step(reader, at + moved);
    if (state === BEGIN_FUNCTION_BODY) locals = (reader.result as IFunctionInformation).locals;
    if (state === END_FUNCTION_BODY) break;
    if (state !== CODE_OPERATOR) continue;
    const immediates = reader.result as IOperatorInformation;
    const code: number = immediates.code;
    const stop = operatorEnd(module, code, at, reader.position);
    if (stop > module.length) throw new MalformedModule('an operator goes beyond its function', at + moved);
    // What wasmparser left of the operator it would take for operators: it gets empty ones instead.
    module.fill(NOP, reader.position, stop);
    while (reader.position < stop) step(reader, at + moved);
    operators.push({ code, start: at + moved, end: stop + moved, immediates });
  }
  checkNesting(operators, end);
  return { locals, operators };
}

/** Reads on; the reader's new state. */
function step(reader: BinaryReader, offset: number): number {
  let why = 'it ends in the middle of an operator';
  try {
    if (reader.read() && reader.position <= reader.length) {
      const state: number = reader.state;
      if (state !== ERROR) return state;
      why = reader.error.message;
    }
  } catch (thrown) {
    why = thrown instanceof Error ? thrown.message : String(thrown);
  }
  throw new MalformedModule(why, offset);
}

const OPENING = new Set([0x02, 0x03, 0x04, 0x06, 0x1f]);
const CLOSING = new Set([0x0b, 0x18]);

/** A body ends with the `end` of its own, and nowhere before: otherwise something was misread. */
function checkNesting(operators: readonly Operator[], end: number): void {
  let open = 1;
  for (const { code, start, end: after } of operators) {
    if (OPENING.has(code)) open += 1;
    else if (CLOSING.has(code)) open -= 1;
    if ((open === 0) !== (after === end)) {
      throw new MalformedModule('a function ends where its operators do not', start);
    }
  }
  if (operators.length === 0) throw new MalformedModule('a function has no operators', end);
}
