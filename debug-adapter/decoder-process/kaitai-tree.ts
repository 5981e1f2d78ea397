import type KaitaiStream from 'kaitai-struct/KaitaiStream.js';
import type { DecodedNode } from '../../protocol/boundary.ts';
import { MAX_CHILDREN, MAX_DEPTH, MAX_NODES, cutText, oneLine } from '../boundary/decoders/tree.ts';

/** Where a field lay: bytes of its stream, which itself begins at `ioOffset` of its buffer. Values have no place. */
interface FieldPlace {
  start?: number;
  /** Absent where reading it failed. */
  end?: number;
  ioOffset?: number;
  /** `Record.Kinds`: the generated enum. */
  enumName?: string;
  /** The elements of a repeated field. */
  arr?: FieldPlace[];
  /** What was read is not what the format demands. */
  validationError?: Error;
}

/** An object of a generated class, as the compiler's debug mode makes it. */
export interface KaitaiObject {
  readonly _io: KaitaiStream;
  readonly _debug: Record<string, FieldPlace>;
}

/** What is needed to name and place what was read. */
export interface KaitaiContext {
  bytes: ArrayBufferLike;
  classes: ReadonlyMap<string, unknown>;
  names: ReadonlyMap<string, string>;
}

const TOO_DEEP = 'nested too deeply to be shown';

/** What an instance keeps once it has been computed. */
const INSTANCE = /^_m_/;

/** The fields of an object in the order in which they were read, then its instances; within the bounds of tree.ts. */
export function treeOfKaitai(root: KaitaiObject, context: KaitaiContext): DecodedNode {
  return new TreeBuilder(context).root(root);
}

class TreeBuilder {
  readonly #context: KaitaiContext;
  #nodes = 0;

  constructor(context: KaitaiContext) {
    this.#context = context;
  }

  root(object: KaitaiObject): DecodedNode {
    return this.#object('', object, [0, this.#context.bytes.byteLength], 0);
  }

  #object(
    name: string,
    object: KaitaiObject,
    range: [number, number] | undefined,
    depth: number,
  ): DecodedNode {
    this.#nodes += 1;
    const node: DecodedNode = { name, value: '', type: object.constructor.name, ...(range && { range }) };
    if (depth >= MAX_DEPTH) return { ...node, value: TOO_DEEP };
    const children: DecodedNode[] = [];
    let omitted = 0;
    const add = (field: string, value: () => unknown, place: () => FieldPlace | undefined): void => {
      if (children.length >= MAX_CHILDREN || this.#nodes >= MAX_NODES) omitted += 1;
      else children.push(this.#field(field, object, value, place, depth + 1));
    };
    const fields = object as unknown as Record<string, unknown>;
    for (const [field, place] of Object.entries(object._debug)) {
      if (!INSTANCE.test(field))
        add(
          field,
          () => fields[field],
          () => place,
        );
    }
    for (const field of instancesOf(object)) {
      // Computed here: instances are read when they are asked for.
      add(
        field,
        () => fields[field],
        () => object._debug[`_m_${field}`],
      );
    }
    if (omitted > 0) {
      const value = `${omitted} more ${omitted === 1 ? 'field' : 'fields'}`;
      children.push({ name: '…', value, type: 'omitted' });
    }
    node.children = children;
    return node;
  }

  #field(
    field: string,
    owner: KaitaiObject,
    read: () => unknown,
    place: () => FieldPlace | undefined,
    depth: number,
  ): DecodedNode {
    const name = this.#context.names.get(field) ?? field;
    let value: unknown;
    try {
      value = read();
    } catch (thrown) {
      this.#nodes += 1;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { name, value: oneLine(message), type: 'error' };
    }
    const at = place();
    const node = this.#value(name, value, owner, at, depth);
    return at?.validationError
      ? { ...node, value: `${node.value}: ${oneLine(at.validationError.message)}`, type: 'error' }
      : node;
  }

  #value(
    name: string,
    value: unknown,
    owner: KaitaiObject,
    place: FieldPlace | undefined,
    depth: number,
  ): DecodedNode {
    const range = this.#rangeOf(owner, place);
    if (isKaitaiObject(value)) return this.#object(name, value, range, depth);
    this.#nodes += 1;
    const placed = range && { range };
    if (Array.isArray(value)) {
      const node: DecodedNode = { name, value: `${value.length} elements`, type: 'array', ...placed };
      if (depth >= MAX_DEPTH) return { ...node, value: `${node.value}, ${TOO_DEEP}` };
      node.children = [];
      for (const [i, element] of value.entries()) {
        if (i >= MAX_CHILDREN || this.#nodes >= MAX_NODES) {
          node.children.push({ name: '…', value: `${value.length - i} more elements`, type: 'omitted' });
          break;
        }
        const at = place?.arr?.[i];
        const named = place?.enumName === undefined ? {} : { enumName: place.enumName };
        node.children.push(this.#value(String(i), element, owner, at && { ...named, ...at }, depth + 1));
      }
      return node;
    }
    if (value instanceof Uint8Array) {
      const shown = Buffer.from(value.subarray(0, 32))
        .toString('hex')
        .replace(/..(?!$)/g, '$& ');
      return { name, value: value.length > 32 ? `${shown} …` : shown, type: 'bytes', ...placed };
    }
    if (value === undefined) return { name, value: 'not read', type: 'missing', ...placed };
    if (typeof value === 'string') {
      return { name, value: cutText(JSON.stringify(value), 1000), type: 'string', ...placed };
    }
    const constant = place?.enumName === undefined ? undefined : this.#constant(place.enumName, value);
    const plain = value as number | bigint | boolean;
    const text = plain.toString();
    return constant === undefined
      ? { name, value: text, type: typeof value, ...placed }
      : { name, value: `${constant} (${text})`, type: 'enum', ...placed };
  }

  /** Bytes of the buffer; undefined for what was unpacked from others, and for what has no place. */
  #rangeOf(owner: KaitaiObject, place: FieldPlace | undefined): [number, number] | undefined {
    const { start, end, ioOffset } = place ?? {};
    const { _buffer: buffer } = owner._io as unknown as { _buffer: ArrayBufferLike };
    if (start === undefined || ioOffset === undefined || buffer !== this.#context.bytes) return undefined;
    return [ioOffset + start, ioOffset + (end ?? start)];
  }

  /** The name of an enum's value: `Record.Kinds` is a property of the class, which maps both ways. */
  #constant(enumName: string, value: unknown): string | undefined {
    const [first = '', ...rest] = enumName.split('.');
    let found: unknown = this.#context.classes.get(first);
    for (const each of rest) found = (found as Record<string, unknown> | undefined)?.[each];
    const constant = (found as Record<string, unknown> | undefined)?.[String(value)];
    return typeof constant === 'string' ? constant.toLowerCase() : undefined;
  }
}

function isKaitaiObject(value: unknown): value is KaitaiObject {
  return typeof value === 'object' && value !== null && '_debug' in value && '_io' in value;
}

function instancesOf(object: KaitaiObject): string[] {
  const prototype = Object.getPrototypeOf(object) as object;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, property]) => 'get' in property)
    .map(([name]) => name);
}
