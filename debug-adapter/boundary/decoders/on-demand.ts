import { loadOnDemand } from '../../on-demand.ts';
import type * as Encodings from './on-demand/encodings.ts';
import type * as Protobufjs from './on-demand/protobufjs.ts';
import type * as Serialization from './on-demand/serialization.ts';

/** CBOR and MessagePack; loaded at the first call. */
export function serialization(): typeof Serialization {
  return loadOnDemand('boundary/decoders/on-demand/serialization') as typeof Serialization;
}

/** Text encodings; loaded at the first call. */
export function encodings(): typeof Encodings {
  return loadOnDemand('boundary/decoders/on-demand/encodings') as typeof Encodings;
}

/** Protocol Buffers; loaded at the first call. */
export function protobuf(): typeof Protobufjs {
  return loadOnDemand('boundary/decoders/on-demand/protobufjs') as typeof Protobufjs;
}
