import { BinaryReader, type IOperatorInformation, type ISectionInformation } from 'wasmparser';

// wasmparser's enums are ambient and const, which isolated modules cannot use; these are its numbers.
const ERROR = -1;
const END_WASM = 2;
const BEGIN_SECTION = 3;
const BEGIN_FUNCTION_BODY = 28;
const CODE_OPERATOR = 30;
const CODE_SECTION = 10;

/**
 * `try`, `catch`, `rethrow`, `delegate`, `catch_all` of the legacy exception handling proposal, which Kotlin up to 2.2
 * emits and WasmEdge from 0.16 refuses (design.md §7).
 */
const LEGACY = new Set([0x06, 0x07, 0x09, 0x18, 0x19]);

function sectionId(reader: BinaryReader): number {
  return (reader.result as ISectionInformation).id;
}

/** Every legacy handler has a `try` and one of the ways out, so a body without those bytes needs no decoding. */
function mayHoldLegacy(body: Uint8Array): boolean {
  return body.includes(0x06) && (body.includes(0x07) || body.includes(0x18) || body.includes(0x19));
}

/**
 * Byte offset of the first instruction of legacy exception handling in function bodies that lie at `bodies`, or null.
 * It decodes most bodies of a module that holds none, so it is for asking, not for every launch. It gives up at what it
 * cannot decode: then the engine has the last word.
 */
export function findLegacyExceptionHandling(
  module: Uint8Array,
  bodies: readonly { start: number; end: number }[],
): number | null {
  // wasmparser takes whole buffers; its positions are then offsets in the file.
  const bytes = module.byteLength === module.buffer.byteLength ? module : module.slice();
  const reader = new BinaryReader();
  reader.setData(bytes.buffer as ArrayBuffer, 0, bytes.length);
  let next = 0;
  for (;;) {
    const at = reader.position;
    try {
      if (!reader.read()) return null;
    } catch {
      return null;
    }
    const state: number = reader.state;
    switch (state) {
      case ERROR:
      case END_WASM:
        return null;
      case BEGIN_SECTION:
        if (sectionId(reader) !== CODE_SECTION) reader.skipSection();
        break;
      case BEGIN_FUNCTION_BODY: {
        const body = bodies[next++];
        if (!body) return null;
        if (!mayHoldLegacy(bytes.subarray(body.start, body.end))) reader.skipFunctionBody();
        break;
      }
      case CODE_OPERATOR:
        if (LEGACY.has((reader.result as IOperatorInformation).code)) return at;
    }
  }
}
