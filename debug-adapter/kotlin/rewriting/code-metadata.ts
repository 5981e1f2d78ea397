import { ByteReader, MalformedModule } from '../../wasm/byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Edits } from './edits.ts';
import type { ModuleShape } from './module-shape.ts';
import type { OffsetMap } from './offset-map.ts';

/** Custom sections of the code metadata framework; `metadata.code.branch_hint` is the one in use. */
const PREFIX = 'metadata.code.';

/**
 * Corrects the offsets in code metadata, which count from the beginning of a function's body. The sections stand before
 * the code section or after it, and their own length may change: they come last, when all other edits are made.
 */
export function moveCodeMetadata(shape: ModuleShape, edits: Edits): void {
  const sections = shape.sections.filter(({ name }) => name?.startsWith(PREFIX));
  if (sections.length === 0) return;
  const { offsets } = edits.apply(shape.bytes);
  for (const section of sections) {
    const contents = moved(shape, new ByteReader(shape.bytes, section.start, section.end), offsets);
    // A custom section that is damaged says nothing; it is left as it is.
    if (!contents) continue;
    const sizeAt = section.header + 1;
    const named = new ByteReader(shape.bytes, sizeAt, section.end);
    named.skipLeb();
    const size = section.start - named.at + contents.length;
    edits.insert(sizeAt, (writer) => writer.u32(size), named.at - sizeAt);
    edits.insert(section.start, (writer) => writer.raw(contents), section.end - section.start);
  }
}

function moved(
  { bodies, importedFunctions }: ModuleShape,
  reader: ByteReader,
  offsets: OffsetMap,
): Uint8Array | null {
  const writer = new ByteWriter(reader.end - reader.at);
  try {
    let functions = reader.count();
    for (writer.u32(functions); functions > 0; functions--) {
      const functionIndex = reader.u32();
      const body = bodies[functionIndex - importedFunctions];
      let items = reader.count();
      for (writer.u32(functionIndex).u32(items); items > 0; items--) {
        const offset = reader.u32();
        const now = body
          ? offsets.toRewritten(body.start + offset) - offsets.toRewritten(body.start)
          : offset;
        const length = reader.count();
        const start = reader.at;
        reader.skip(length);
        writer.u32(now).u32(length).raw(reader.bytes.subarray(start, reader.at));
      }
    }
  } catch (thrown) {
    if (thrown instanceof MalformedModule) return null;
    throw thrown;
  }
  return writer.written;
}
