import { ByteReader } from '../../wasm/byte-reader.ts';
import type { SectionName } from '../../wasm/sections.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Edits } from './edits.ts';
import type { ModuleShape, WholeSection } from './module-shape.ts';

/** Ids of the sections that are appended to. */
const IDS = { type: 1, function: 3, table: 4, memory: 5, global: 6, export: 7, code: 10 } as const;
export type AppendableSection = keyof typeof IDS;

/** The order in which sections stand in a module (core spec §5.5.2). */
const ORDER: readonly SectionName[] = [
  'type',
  'import',
  'function',
  'table',
  'memory',
  'tag',
  'global',
  'export',
  'start',
  'element',
  'data count',
  'code',
  'data',
];

/** Entries to be appended to a section. */
export class Entries {
  count = 0;
  readonly writer = new ByteWriter();

  add(write: (writer: ByteWriter) => void): void {
    this.count += 1;
    write(this.writer);
  }
}

function place(sections: readonly WholeSection[], id: SectionName, end: number): number {
  const after = ORDER.indexOf(id);
  return sections.find((each) => ORDER.indexOf(each.id) > after)?.header ?? end;
}

/**
 * Appends entries to a section, which is made where there is none. `growth`: by how many bytes other edits make the
 * section's contents longer.
 */
export function appendEntries(
  { bytes, sections }: ModuleShape,
  id: AppendableSection,
  entries: Entries,
  edits: Edits,
  growth = 0,
): void {
  if (entries.count === 0 && growth === 0) return;
  const added = entries.writer.written;
  const section = sections.find((each) => each.id === id);
  if (!section) {
    const count = new ByteWriter(5).u32(entries.count).written;
    edits.insert(place(sections, id, bytes.length), (writer) =>
      writer
        .u8(IDS[id])
        .u32(count.length + added.length)
        .raw(count)
        .raw(added),
    );
    return;
  }
  const reader = new ByteReader(bytes, section.start, section.end);
  const oldCount = reader.u32();
  const first = reader.at;
  const count = new ByteWriter(5).u32(oldCount + entries.count).written;
  const size = count.length + (section.end - first) + growth + added.length;
  const sizeAt = section.header + 1;
  edits.insert(sizeAt, (writer) => writer.u32(size).raw(count), first - sizeAt);
  edits.insert(section.end, (writer) => writer.raw(added));
}
