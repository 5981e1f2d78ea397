/**
 * The libraries of the serialization formats, bundled into a file of their own (scripts/build.ts): whoever decodes none of
 * these formats does not wait for them. Reach them through on-demand.ts.
 */
export { Decoder as MessagePackDecoder, Encoder as MessagePackEncoder, ExtData } from '@msgpack/msgpack';
export {
  decode as decodeCbor,
  decodeSequence as decodeCborSequence,
  encode as encodeCbor,
  Tag as CborTag,
  type DecodeOptions,
} from 'cbor2';
