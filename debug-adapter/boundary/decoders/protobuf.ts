import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { walkProtobuf } from './protobuf-walk.ts';

/** The wire format alone: every field by its number, with each reading that its bytes allow. */
export const protobufWire: Decoder = {
  id: 'protobuf',
  label: 'Protocol Buffers without a schema',
  decode(bytes) {
    return walkProtobuf(bytes, null);
  },
  preview(bytes) {
    return walkProtobuf(bytes, null).text;
  },
  encode() {
    throw new UserError(
      'bad-argument',
      'Without a .proto file nobody knows how a field is encoded: name one under "decoders" in the launch configuration, ' +
        'or change the bytes.',
    );
  },
};
