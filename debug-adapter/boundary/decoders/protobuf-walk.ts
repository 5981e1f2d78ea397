import type { DecodedNode } from '../../../protocol/boundary.ts';
import { ByteCursor, MalformedBytes } from './byte-cursor.ts';
import { floatText } from './cbor-walk.ts';
import { Notation } from './notation.ts';
import type { FieldSchema, FieldType, MessageSchema, ScalarType } from './protobuf-schema.ts';
import {
  likelyReading,
  packedVarints,
  readTag,
  readVarint,
  WIRE,
  WIRE_NAMES,
  zigzag,
} from './protobuf-wire.ts';
import { hexOf, STRUCTURED_LIMIT } from './structured-walk.ts';
import { firstInvalidUtf8, limited } from './text.ts';
import { TreeBuilder } from './tree-builder.ts';

const MAX_NESTING = 100;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a message holds by field number; repeated fields are arrays. Groups and messages are such objects again. */
export type WireValue = { [number: string]: unknown };

export interface WalkedMessage {
  /** `name: "Ada", 7: 5, child: {id: 1}`: fields in the order of the bytes, by number where no schema names them. */
  text: string;
  /** By number. */
  value: WireValue;
  tree?: DecodedNode;
  error?: string;
}

/** A message's fields with their bytes. Without a schema, each field shows every reading that its bytes allow. */
export function walkProtobuf(all: Uint8Array, schema: MessageSchema | null): WalkedMessage {
  const { bytes, error: cut } = limited(all, STRUCTURED_LIMIT);
  const walk = new ProtobufWalk(bytes);
  const value = walk.root(schema);
  const error = walk.problem === undefined ? undefined : (cut ?? walk.problem);
  const walked: WalkedMessage = { text: walk.notation.toString(), value };
  if (walk.tree.root) walked.tree = walk.tree.root;
  if (error !== undefined) walked.error = error;
  return walked;
}

/** How a scalar type is encoded on the wire. */
function wireOf(type: FieldType): number {
  if (type.kind === 'message') return WIRE.bytes;
  if (type.kind === 'enum') return WIRE.varint;
  if (type.name === 'string' || type.name === 'bytes') return WIRE.bytes;
  if (/^s?fixed32$|^float$/.test(type.name)) return WIRE.fixed32;
  return /^s?fixed64$|^double$/.test(type.name) ? WIRE.fixed64 : WIRE.varint;
}

/** A varint or fixed value, `bits` unsigned, as its type means it. */
function scalarText(type: ScalarType, bits: bigint): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  switch (type) {
    case 'bool':
      return String(bits !== 0n);
    case 'int32':
    case 'sfixed32':
      return String(BigInt.asIntN(32, bits));
    case 'int64':
    case 'sfixed64':
      return String(BigInt.asIntN(64, bits));
    case 'uint32':
    case 'fixed32':
      return String(BigInt.asUintN(32, bits));
    case 'sint32':
      return String(BigInt.asIntN(32, zigzag(BigInt.asUintN(32, bits))));
    case 'sint64':
      return String(zigzag(bits));
    case 'float':
      return floatText(view.getFloat32(4), 'f32');
    case 'double':
      return floatText(view.getFloat64(0), 'f64');
    default:
      return String(bits);
  }
}

function plainInteger(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

class ProtobufWalk {
  readonly #cursor: ByteCursor;
  readonly notation = new Notation();
  readonly tree = new TreeBuilder();
  #depth = 0;
  problem: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#cursor = new ByteCursor(bytes);
  }

  root(schema: MessageSchema | null): WireValue {
    const value: WireValue = {};
    this.tree.open('', schema?.name ?? 'message', 0, ['field', 'fields']);
    this.#guarded(this.#cursor.bytes.length, () =>
      this.#fields(value, schema, this.#cursor.bytes.length, null),
    );
    while (this.tree.depth > 0) this.tree.close(`{${this.notation.since(0, 98)}}`, this.#cursor.at);
    return value;
  }

  /** Reads something that ends at byte `end`; where it is malformed, the fault is told and the rest up to there skipped. */
  #guarded(end: number, read: () => void): void {
    const depth = this.tree.depth;
    const nesting = this.#depth;
    const outerEnd = this.#cursor.end;
    this.#cursor.end = end;
    try {
      read();
    } catch (thrown) {
      if (!(thrown instanceof MalformedBytes)) throw thrown;
      this.problem ??= `Not Protocol Buffers: ${thrown.message} at byte ${thrown.offset}.`;
      while (this.tree.depth > depth) this.tree.close('…', Math.min(this.#cursor.at, end));
      this.#depth = nesting;
      this.#cursor.at = end;
    } finally {
      this.#cursor.end = outerEnd;
    }
  }

  /** Fields up to byte `end`, or to the end of group `group`. */
  #fields(into: WireValue, schema: MessageSchema | null, end: number, group: number | null): void {
    if (this.#depth >= MAX_NESTING) {
      throw new MalformedBytes(`messages are nested more than ${MAX_NESTING} deep`, this.#cursor.at);
    }
    this.#depth += 1;
    for (let first = true; this.#cursor.at < end; first = false) {
      const start = this.#cursor.at;
      const { number, wire } = readTag(this.#cursor);
      if (wire === WIRE.groupEnd) {
        if (number !== group) throw new MalformedBytes(`group ${number} ends, but did not begin`, start);
        this.#depth -= 1;
        return;
      }
      const field = schema?.field(number);
      if (!first) this.notation.write(', ');
      this.notation.write(`${field?.name ?? number}: `);
      if (this.notation.full) throw new MalformedBytes('the text becomes too long', start);
      add(into, number, this.#field(number, wire, field, start, end));
    }
    if (group !== null) throw new MalformedBytes(`group ${group} does not end`, this.#cursor.at);
    this.#depth -= 1;
  }

  #field(number: number, wire: number, field: FieldSchema | undefined, start: number, end: number): unknown {
    if (field) {
      const expected = wireOf(field.type);
      if (wire === expected) return this.#declared(field, start, end);
      if (wire === WIRE.bytes && field.repeated && expected !== WIRE.bytes)
        return this.#packed(field, start, end);
      this.problem ??=
        `Field ${field.name} (${number}) is ${field.type.name} in the .proto file, ` +
        `but ${WIRE_NAMES[wire] ?? wire} at byte ${start}.`;
    }
    const name = field?.name ?? String(number);
    switch (wire) {
      case WIRE.varint: {
        const bits = readVarint(this.#cursor, `field ${name}`);
        this.#readings(name, 'varint', start, String(bits), varintReadings(bits));
        return plainInteger(bits);
      }
      case WIRE.fixed32:
      case WIRE.fixed64: {
        const bits = this.#fixed(wire, `field ${name}`);
        const wide = wire === WIRE.fixed64;
        const types: ScalarType[] = wide
          ? ['fixed64', 'sfixed64', 'double']
          : ['fixed32', 'sfixed32', 'float'];
        const readings = types.map((type): [string, string] => [type, scalarText(type, bits)]);
        this.#readings(name, wide ? 'fixed64' : 'fixed32', start, String(bits), readings);
        return plainInteger(bits);
      }
      case WIRE.bytes:
        return this.#undeclaredBytes(name, start, end);
      default: {
        const value: WireValue = {};
        const mark = this.notation.mark;
        this.tree.open(name, 'group', start, ['field', 'fields']);
        this.notation.write('{');
        this.#fields(value, null, end, number);
        this.notation.write('}');
        this.tree.close(this.notation.since(mark), this.#cursor.at);
        return value;
      }
    }
  }

  /** A node whose children are what its bytes can mean; the first reading is the one in the text. */
  #readings(name: string, type: string, start: number, text: string, readings: [string, string][]): void {
    this.notation.write(text);
    const range: [number, number] = [start, this.#cursor.at];
    this.tree.open(name, type, start, ['reading', 'readings']);
    for (const [reading, value] of readings) this.tree.leaf(reading, 'reading', shorten(value), range);
    this.tree.close(shorten(text), this.#cursor.at);
  }

  #fixed(wire: number, what: string): bigint {
    const { view } = this.#cursor;
    if (wire === WIRE.fixed32) return BigInt(view.getUint32(this.#cursor.skip(4, what), true));
    return view.getBigUint64(this.#cursor.skip(8, what), true);
  }

  /** The length of what follows. @throws MalformedBytes where it is longer than what is left before `end` */
  #length(name: string, end: number): number {
    const at = this.#cursor.at;
    const length = this.#cursor.size(readVarint(this.#cursor, `the length of field ${name}`), at);
    const left = end - this.#cursor.at;
    if (length > left) {
      // What is there of it, for whoever looks at bytes that were cut.
      const part = this.#cursor.bytes.subarray(this.#cursor.at, end);
      if (end === this.#cursor.bytes.length) this.#writeCut(part);
      throw new MalformedBytes(`field ${name} takes ${length} bytes, but ${left} are left`, at);
    }
    return length;
  }

  #writeCut(part: Uint8Array): void {
    const reading = part.length >= 128 ? likelyReading(part) : 'message';
    if (reading === 'text') this.notation.write(textOf(part, true));
    else if (reading === 'bytes') this.notation.write(`h'${hexOf(part)}`);
  }

  #undeclaredBytes(name: string, start: number, end: number): unknown {
    const length = this.#length(name, end);
    const from = this.#cursor.at;
    const bytes = this.#cursor.bytes.subarray(from, from + length);
    const likely = likelyReading(bytes);
    if (likely === 'message')
      return this.#nested(name, 'message', start, from + length, null, bytesReadings(bytes));
    this.#cursor.at += length;
    const text = likely === 'text' ? textOf(bytes) : `h'${hexOf(bytes)}'`;
    this.#readings(name, likely, start, text, bytesReadings(bytes));
    return likely === 'text' ? utf8.decode(bytes) : bytes.slice();
  }

  /** A message inside a message, whose bytes end at `end`. */
  #nested(
    name: string,
    type: string,
    start: number,
    end: number,
    schema: MessageSchema | null,
    others: [string, string][] = [],
  ): WireValue {
    const value: WireValue = {};
    const mark = this.notation.mark;
    this.tree.open(name, type, start, ['field', 'fields']);
    this.notation.write('{');
    this.#guarded(end, () => this.#fields(value, schema, end, null));
    this.notation.write('}');
    for (const [reading, text] of others) this.tree.leaf(reading, 'reading', shorten(text), [start, end]);
    this.tree.close(this.notation.since(mark), end);
    return value;
  }

  #declared({ name, type, repeated }: FieldSchema, start: number, end: number): unknown {
    const label = `${repeated ? 'repeated ' : ''}${type.name}`;
    if (type.kind === 'message') {
      const length = this.#length(name, end);
      return this.#nested(name, label, start, this.#cursor.at + length, type.message);
    }
    if (type.name === 'string' || type.name === 'bytes') {
      const length = this.#length(name, end);
      const from = this.#cursor.at;
      const bytes = this.#cursor.take(length, name);
      if (type.name === 'bytes') return this.#leaf(name, label, start, `h'${hexOf(bytes)}'`);
      const invalid = firstInvalidUtf8(bytes);
      if (invalid >= 0) this.problem ??= `The string ${name} is not UTF-8 at byte ${from + invalid}.`;
      return this.#leaf(name, label, start, textOf(bytes));
    }
    return this.#leaf(name, label, start, elementText(type, this.#element(type, name)));
  }

  #element(type: FieldType, name: string): bigint {
    const wire = wireOf(type);
    return wire === WIRE.varint
      ? readVarint(this.#cursor, `field ${name}`)
      : this.#fixed(wire, `field ${name}`);
  }

  /** A list of numbers in one field. */
  #packed({ name, type }: FieldSchema, start: number, end: number): unknown {
    const length = this.#length(name, end);
    const to = this.#cursor.at + length;
    const mark = this.notation.mark;
    this.tree.open(name, `packed ${type.name}`, start);
    this.notation.write('[');
    this.#guarded(to, () => {
      for (let index = 0; this.#cursor.at < to; index++) {
        if (index > 0) this.notation.write(', ');
        const at = this.#cursor.at;
        const bits = this.#element(type, name);
        this.#leaf(String(index), type.name, at, elementText(type, bits));
      }
    });
    this.notation.write(']');
    this.tree.close(this.notation.since(mark), to);
    return undefined;
  }

  #leaf(name: string, type: string, start: number, text: string): undefined {
    this.notation.write(text);
    this.tree.leaf(name, type, shorten(text), [start, this.#cursor.at]);
    return undefined;
  }
}

/** A field that comes again makes a list. */
function add(into: WireValue, number: number, value: unknown): void {
  const key = String(number);
  const before = into[key];
  if (before === undefined) into[key] = value;
  else if (Array.isArray(before)) before.push(value);
  else into[key] = [before, value];
}

function elementText(type: FieldType, bits: bigint): string {
  if (type.kind === 'scalar') return scalarText(type.name, bits);
  const number = Number(BigInt.asIntN(32, bits));
  return (type.kind === 'enum' ? type.names[number] : undefined) ?? String(number);
}

function textOf(bytes: Uint8Array, cut = false): string {
  if (!cut) return JSON.stringify(utf8.decode(bytes));
  const text = utf8.decode(bytes, { stream: true });
  utf8.decode();
  return JSON.stringify(text).slice(0, -1);
}

function shorten(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 999)}…` : text;
}

function varintReadings(bits: bigint): [string, string][] {
  const readings: [string, string][] = [['uint64', scalarText('uint64', bits)]];
  if (bits >= 1n << 63n) readings.push(['int64', scalarText('int64', bits)]);
  readings.push(['sint64', scalarText('sint64', bits)]);
  if (bits <= 1n) readings.push(['bool', scalarText('bool', bits)]);
  return readings;
}

/** What bytes can be besides a message, whose fields are shown themselves. */
function bytesReadings(bytes: Uint8Array): [string, string][] {
  const readings: [string, string][] = [];
  if (firstInvalidUtf8(bytes) < 0) readings.push(['string', textOf(bytes)]);
  readings.push(['bytes', `h'${hexOf(bytes.subarray(0, 1000))}'`]);
  if (bytes.length === 0) return readings;
  const list = (values: string[]) =>
    `[${values.slice(0, 100).join(', ')}${values.length > 100 ? ', …' : ''}]`;
  const varints = packedVarints(bytes);
  if (varints) readings.push(['packed varint', list(varints.map(String))]);
  for (const [width, types] of [
    [4, ['fixed32', 'float']],
    [8, ['fixed64', 'double']],
  ] as const) {
    if (bytes.length % width !== 0) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const type of types) {
      const count = Math.min(101, bytes.length / width);
      const values = Array.from({ length: count }, (_, i) => {
        const bits = width === 4 ? BigInt(view.getUint32(i * 4, true)) : view.getBigUint64(i * 8, true);
        return scalarText(type, bits);
      });
      readings.push([`packed ${type}`, list(values)]);
    }
  }
  return readings;
}
