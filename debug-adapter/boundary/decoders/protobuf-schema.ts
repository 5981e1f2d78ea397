/** Scalar types of a .proto file. */
export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** What a field holds: a scalar, an enumeration's value, or a message. */
export type FieldType =
  | { kind: 'scalar'; name: ScalarType }
  | { kind: 'enum'; name: string; names: Readonly<Record<number, string | undefined>> }
  | { kind: 'message'; name: string; message: MessageSchema };

/** A field as a .proto file declares it. */
export interface FieldSchema {
  name: string;
  type: FieldType;
  /** True for lists and maps. A map's type is a message with the fields 1 (key) and 2 (value). */
  repeated: boolean;
}

/** A message as a .proto file declares it; its fields are looked up, since messages can contain themselves. */
export interface MessageSchema {
  name: string;
  field(number: number): FieldSchema | undefined;
}
