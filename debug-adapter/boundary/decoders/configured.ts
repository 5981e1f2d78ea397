import path from 'node:path';
import type { ConfiguredDecoder } from '../../../protocol/launch.ts';
import type { OwnDecoder } from '../../decoder-process/messages.ts';
import type { Decoder } from '../decoder.ts';
import { hex } from './hex.ts';
import { protobufDecoder } from './protobuf-files.ts';

/**
 * Decoders that a launch configuration describes are known by an id that holds the description, so that every process
 * that has the id can make the decoder: `protobuf:demo.Person@/work/person.proto|/work/place.proto`.
 */
const PROTOBUF = 'protobuf:';
/** `module:/work/decoder.mjs`, `kaitai:/work/record.ksy`: a person's own, which runs in another process. */
const OWN = ['module', 'kaitai'] as const;

/** The id of a described decoder, its files as absolute paths. */
export function configuredId(described: ConfiguredDecoder): string {
  if ('module' in described) return `module:${path.resolve(described.module)}`;
  if ('kaitai' in described) return `kaitai:${path.resolve(described.kaitai)}`;
  const { files, message } = described.protobuf;
  return `${PROTOBUF}${message}@${files.map((file) => path.resolve(file)).join('|')}`;
}

/** What menus call it. */
export function configuredLabel(id: string): string {
  const own = ownDecoderOf(id);
  if (own) return `${own.kind === 'kaitai' ? 'Kaitai Struct' : 'Own decoder'}: ${path.basename(own.file)}`;
  const at = id.indexOf('@');
  const files = id.slice(at + 1).split('|');
  return `Protocol Buffers: ${id.slice(PROTOBUF.length, at)} (${files.map((file) => path.basename(file)).join(', ')})`;
}

export function isConfigured(id: string): boolean {
  return ownDecoderOf(id) !== null || (id.startsWith(PROTOBUF) && id.includes('@'));
}

/** What decodes in another process; null where the decoder is none of a person's own. */
export function ownDecoderOf(id: string): OwnDecoder | null {
  const kind = OWN.find((each) => id.startsWith(`${each}:`));
  return kind ? { kind, file: id.slice(kind.length + 1) } : null;
}

/**
 * What stands for a person's own decoder where an answer cannot be waited for, in lists and in expressions: the bytes as
 * hexadecimal digits.
 */
function standIn(id: string): Decoder {
  return { ...hex, id, label: configuredLabel(id) };
}

const made = new Map<string, Decoder>();

/** The decoder of a configured id, made once a process. @throws UserError where its files do not describe one. */
export function configuredDecoder(id: string): Decoder {
  const known = made.get(id);
  if (known) return known;
  const at = id.indexOf('@');
  if (ownDecoderOf(id) !== null) return standIn(id);
  const decoder = protobufDecoder(id, id.slice(at + 1).split('|'), id.slice(PROTOBUF.length, at));
  made.set(id, decoder);
  return decoder;
}
