import { createRequire } from 'node:module';
import type * as Encodings from './on-demand/encodings.ts';
import type * as Protobufjs from './on-demand/protobufjs.ts';
import type * as Serialization from './on-demand/serialization.ts';

/** Decoding is synchronous, and so is this. */
const require = createRequire(import.meta.filename);

/** The build makes each module of on-demand/ a file beside the bundles (scripts/build.ts). */
const bundled = import.meta.filename.endsWith('.js');

function load(name: string): unknown {
  return require(bundled ? `./${name}.js` : `./on-demand/${name}.ts`);
}

/** CBOR and MessagePack; loaded at the first call. */
export function serialization(): typeof Serialization {
  return load('serialization') as typeof Serialization;
}

/** Text encodings; loaded at the first call. */
export function encodings(): typeof Encodings {
  return load('encodings') as typeof Encodings;
}

/** Protocol Buffers; loaded at the first call. */
export function protobuf(): typeof Protobufjs {
  return load('protobufjs') as typeof Protobufjs;
}
