/** The parser of .proto files: bundled into a file of its own like serialization.ts. */
import protobufjs from 'protobufjs';

export { protobufjs };
