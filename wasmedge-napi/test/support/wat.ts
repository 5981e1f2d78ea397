import wabt from 'wabt';

const compiler = await wabt();

/** wabt's type declaration lacks some of its features. */
const features = {
  multi_value: true,
  reference_types: true,
  simd: true,
  bulk_memory: true,
  mutable_globals: true,
  tail_call: true,
  multi_memory: true,
  exceptions: true,
  extended_const: true,
  threads: true,
};

/** A module from WebAssembly's text format, with the proposals of Wasm 2.0 and exception handling. */
export function wat(text: string): Uint8Array {
  // It takes each character for a byte.
  const bytes = Buffer.from(text).toString('latin1');
  const parsed = compiler.parseWat('test.wat', bytes, features);
  try {
    parsed.resolveNames();
    return new Uint8Array(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}
