import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Enum, Field, MapField, Type } from 'protobufjs';
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../near-names.ts';
import type { Decoder } from '../decoder.ts';
import { protobuf } from './on-demand.ts';
import type { FieldSchema, FieldType, MessageSchema, ScalarType } from './protobuf-schema.ts';
import { walkProtobuf } from './protobuf-walk.ts';

/**
 * A decoder of `message`, as the .proto files declare it. They are read once; an import is looked for beside the file that
 * names it and in each folder above, as protoc would be told with -I.
 *
 * @param files absolute paths
 * @throws UserError where a file cannot be read, has a fault, or there is no such message.
 */
export function protobufDecoder(id: string, files: readonly string[], message: string): Decoder {
  const type = loadType(files, message);
  const schema = schemaOf(type);
  return {
    id,
    label: `Protocol Buffers: ${message}`,
    decode(bytes) {
      const { text, tree, error } = walkProtobuf(bytes, schema);
      const shown = tree ? { text, tree } : { text };
      if (error !== undefined) return { ...shown, value: text, error };
      try {
        return {
          ...shown,
          value: plain(type.toObject(type.decode(bytes), { enums: String, defaults: true })),
        };
      } catch (thrown) {
        return { ...shown, value: text, error: `No ${message}: ${messageOf(thrown)}.` };
      }
    },
    preview(bytes) {
      return walkProtobuf(bytes, schema).text;
    },
    encode(value) {
      if (typeof value !== 'object' || value === null) {
        throw new UserError('bad-argument', `${message} is written from an object with its fields.`);
      }
      try {
        const fields = digits(value) as Record<string, unknown>;
        const unknown = Object.keys(fields).find((name) => !(name in type.fields));
        if (unknown !== undefined) {
          const hint = didYouMean(unknown, Object.keys(type.fields));
          throw new UserError('bad-argument', `${message} has no field “${unknown}”.${hint}`);
        }
        return type.encode(type.fromObject(fields)).finish().slice();
      } catch (thrown) {
        if (thrown instanceof UserError) throw thrown;
        throw new UserError(
          'bad-argument',
          `This value cannot be written as ${message}: ${messageOf(thrown)}.`,
        );
      }
    },
  };
}

function loadType(files: readonly string[], message: string): Type {
  const { protobufjs } = protobuf();
  const root = new protobufjs.Root();
  root.resolvePath = (origin, target) => {
    if (path.isAbsolute(target)) return target;
    for (let folder = path.dirname(origin); ; folder = path.dirname(folder)) {
      const candidate = path.join(folder, target);
      if (existsSync(candidate)) return candidate;
      if (folder === path.dirname(folder)) return path.join(path.dirname(origin), target);
    }
  };
  try {
    root.loadSync([...files], { keepCase: true });
    root.resolveAll();
  } catch (thrown) {
    throw new UserError(
      'bad-configuration',
      `The .proto files (${files.join(', ')}) cannot be read: ${messageOf(thrown)}. Correct them, or their paths.`,
    );
  }
  const found = root.lookup(message);
  if (found instanceof protobufjs.Type) return found;
  const names = messagesIn(root.nestedArray);
  throw new UserError(
    'bad-configuration',
    `There is no message “${message}” in ${files.join(', ')}.` +
      (didYouMean(message, names) || ` They have ${names.slice(0, 20).join(', ') || 'none'}.`),
  );
}

/** Full names of the messages, those of Google's own packages left out. */
function messagesIn(objects: readonly unknown[]): string[] {
  const { protobufjs } = protobuf();
  return objects.flatMap((each) => {
    if (!(each instanceof protobufjs.Namespace)) return [];
    const name = each.fullName.slice(1);
    if (name === 'google') return [];
    const inner = messagesIn(each.nestedArray);
    return each instanceof protobufjs.Type ? [name, ...inner] : inner;
  });
}

function schemaOf(type: Type): MessageSchema {
  const fields = new Map<number, FieldSchema>();
  return {
    name: type.fullName.slice(1),
    field(number) {
      const known = fields.get(number);
      const declared = known ? undefined : type.fieldsById[number];
      if (!declared) return known;
      const schema = fieldOf(declared.resolve());
      fields.set(number, schema);
      return schema;
    },
  };
}

function fieldOf(field: Field | MapField): FieldSchema {
  if ('keyType' in field) {
    const entry = entryOf(field);
    return { name: field.name, repeated: true, type: { kind: 'message', name: entry.name, message: entry } };
  }
  return { name: field.name, repeated: field.repeated, type: typeOf(field.type, field.resolvedType) };
}

/** A map is encoded as a list of messages with a key and a value. */
function entryOf(field: MapField): MessageSchema {
  const key: FieldSchema = { name: 'key', repeated: false, type: typeOf(field.keyType, null) };
  const value: FieldSchema = { name: 'value', repeated: false, type: typeOf(field.type, field.resolvedType) };
  const name = `map<${field.keyType}, ${value.type.name}>`;
  return { name, field: (number) => (number === 1 ? key : number === 2 ? value : undefined) };
}

function typeOf(name: string, resolved: Type | Enum | null): FieldType {
  if (!resolved) return { kind: 'scalar', name: name as ScalarType };
  const full = resolved.fullName.slice(1);
  if ('valuesById' in resolved) return { kind: 'enum', name: full, names: resolved.valuesById };
  return { kind: 'message', name: full, message: schemaOf(resolved) };
}

/** The library's 64-bit integers. */
interface Long {
  low: number;
  high: number;
  unsigned: boolean;
}

function isLong(value: object): value is Long {
  return 'low' in value && 'high' in value && 'unsigned' in value;
}

/** 64-bit integers as numbers where those hold them exactly, else as bigint; bytes as a copy of their own. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (isLong(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    const bits = (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
    const integer = value.unsigned ? bits : BigInt.asIntN(64, bits);
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** The library takes large integers as digits. */
function digits(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(digits);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, digits(each)]));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
}
