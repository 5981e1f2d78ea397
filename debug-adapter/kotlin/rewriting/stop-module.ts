import { ByteWriter } from './byte-writer.ts';
import { KIND, TYPE } from './opcodes.ts';

/** What the stop module imports, of type `(site: i32) -> ()`, and the table that it exports. */
export const STOP_MODULE = { import: { module: 'debugger', name: 'stop' }, table: 'table' } as const;

/**
 * A module that makes a reference to a host function: engines give one for a function in a table, and none for a
 * function of the host's own. Element 0 of its table is to be put into a rewritten module's stop table.
 */
export function stopModule(): Uint8Array {
  const { module, name } = STOP_MODULE.import;
  const section = (writer: ByteWriter, id: number, contents: ByteWriter) =>
    writer.u8(id).u32(contents.length).raw(contents.written);
  const out = new ByteWriter().raw([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  section(out, 1, new ByteWriter().raw([1, 0x60, 1, TYPE.i32, 0]));
  section(out, 2, new ByteWriter().u32(1).name(module).name(name).u8(KIND.function).u32(0));
  section(out, 4, new ByteWriter().raw([1, TYPE.funcref, 1, 1, 1]));
  section(out, 7, new ByteWriter().u32(1).name(STOP_MODULE.table).u8(KIND.table).u32(0));
  // Active, at i32.const 0 of table 0: function 0.
  section(out, 9, new ByteWriter().raw([1, 0, 0x41, 0, 0x0b, 1, 0]));
  return out.written.slice();
}
