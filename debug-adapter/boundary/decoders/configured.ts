import path from 'node:path';
import type { ConfiguredDecoder } from '../../../protocol/launch.ts';
import type { Decoder } from '../decoder.ts';
import { hex } from './hex.ts';
import { protobufDecoder } from './protobuf-files.ts';

/**
 * Decoders that a launch configuration describes are known by an id that holds the description, so that every process
 * that has the id can make the decoder: `protobuf:demo.Person@/work/person.proto|/work/place.proto`.
 */
const PROTOBUF = 'protobuf:';
/** `module:/work/decoder.mjs`: a person's own, which runs in another process. */
const MODULE = 'module:';

/** The id of a described decoder, its files as absolute paths. */
export function configuredId(described: ConfiguredDecoder): string {
  if ('module' in described) return MODULE + path.resolve(described.module);
  const { files, message } = described.protobuf;
  return `${PROTOBUF}${message}@${files.map((file) => path.resolve(file)).join('|')}`;
}

/** What menus call it. */
export function configuredLabel(id: string): string {
  const file = moduleOf(id);
  if (file !== null) return `Own decoder: ${path.basename(file)}`;
  const at = id.indexOf('@');
  const files = id.slice(at + 1).split('|');
  return `Protocol Buffers: ${id.slice(PROTOBUF.length, at)} (${files.map((file) => path.basename(file)).join(', ')})`;
}

export function isConfigured(id: string): boolean {
  return moduleOf(id) !== null || (id.startsWith(PROTOBUF) && id.includes('@'));
}

/** Absolute path of the module that decodes; null where the decoder is none of a person's own. */
export function moduleOf(id: string): string | null {
  return id.startsWith(MODULE) ? id.slice(MODULE.length) : null;
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
  if (moduleOf(id) !== null) return standIn(id);
  const decoder = protobufDecoder(id, id.slice(at + 1).split('|'), id.slice(PROTOBUF.length, at));
  made.set(id, decoder);
  return decoder;
}
