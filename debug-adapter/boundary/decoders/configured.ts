import path from 'node:path';
import type { ConfiguredDecoder } from '../../../protocol/launch.ts';
import type { Decoder } from '../decoder.ts';
import { protobufDecoder } from './protobuf-files.ts';

/**
 * Decoders that a launch configuration describes are known by an id that holds the description, so that every process
 * that has the id can make the decoder: `protobuf:demo.Person@/work/person.proto|/work/place.proto`.
 */
const PROTOBUF = 'protobuf:';

/** The id of a described decoder, its files as absolute paths. */
export function configuredId(described: ConfiguredDecoder): string {
  const { files, message } = described.protobuf;
  return `${PROTOBUF}${message}@${files.map((file) => path.resolve(file)).join('|')}`;
}

/** What menus call it. */
export function configuredLabel(id: string): string {
  const at = id.indexOf('@');
  const files = id.slice(at + 1).split('|');
  return `Protocol Buffers: ${id.slice(PROTOBUF.length, at)} (${files.map((file) => path.basename(file)).join(', ')})`;
}

export function isConfigured(id: string): boolean {
  return id.startsWith(PROTOBUF) && id.includes('@');
}

const made = new Map<string, Decoder>();

/** The decoder of a configured id, made once a process. @throws UserError where its files do not describe one. */
export function configuredDecoder(id: string): Decoder {
  const known = made.get(id);
  if (known) return known;
  const at = id.indexOf('@');
  const decoder = protobufDecoder(id, id.slice(at + 1).split('|'), id.slice(PROTOBUF.length, at));
  made.set(id, decoder);
  return decoder;
}
