import type { PlannedImport } from '../../protocol/runner.ts';
import type { SeenBuffer } from './checks/boundary-watch.ts';
import { HEAD, SIZE_POLICIES } from './record-layout.ts';

/** Kinds of records and values: wasmedge-napi/records.d.ts. */
const CROSSING = 5;
const TYPE = { i64: 1, v128: 4 } as const;

/**
 * Puts together what the recorder tells of a buffer: through which import it crossed is in the record before it. Only
 * what a check may need is read, as this is done for every crossing.
 */
export class CrossingReader {
  /** By import: the parameter that holds the size where another policy says it too; -1 where there is none. */
  readonly #sizeParameters: readonly number[];
  #importIndex: number | null = null;
  #size: number | undefined;

  constructor(imports: readonly PlannedImport[]) {
    this.#sizeParameters = imports.map(({ role }) =>
      role?.role === 'returnResult' && (role.sizePolicy === 'nul' || role.sizePolicy === 'u32le-prefix')
        ? (role.size ?? -1)
        : -1,
    );
  }

  /** Reads a record that is an importEnter or a crossing, at byte `at`. */
  read(view: DataView, at: number): void {
    const index = view.getUint16(at + 6, true);
    this.#importIndex = index;
    const parameter = this.#sizeParameters[index] ?? -1;
    const values = at + HEAD + (view.getUint8(at + 4) === CROSSING ? 8 : 0);
    this.#size =
      parameter < 0 ? undefined : parameterAt(view, values, view.getUint32(at + 12, true), parameter);
  }

  /** The buffer whose record is at byte `at`; its bytes are a view into the batch. */
  buffer(view: DataView, at: number, sequence: number): SeenBuffer {
    const flags = view.getUint8(at + 5);
    const size = view.getUint32(at + 12, true);
    const policy = SIZE_POLICIES[flags >> 4] ?? 'unknown';
    const byExport = (flags & 4) !== 0;
    return {
      sequence,
      direction: (flags & 1) !== 0 ? 'result' : 'argument',
      edited: (flags & 2) !== 0,
      address: Number(view.getBigUint64(at + HEAD, true)),
      size,
      policy,
      importIndex: byExport ? null : this.#importIndex,
      sizeParameter: byExport ? undefined : this.#size,
      bytes() {
        const captured = view.getUint32(at + HEAD + 8, true);
        if (captured < size || policy === 'unknown') return undefined;
        return new Uint8Array(view.buffer, view.byteOffset + at + HEAD + 16, captured);
      },
    };
  }
}

/** An i32 or i64 of a value list at `start`, unsigned. */
function parameterAt(view: DataView, start: number, count: number, index: number): number | undefined {
  if (index >= count) return undefined;
  let at = start + ((count + 7) & ~7);
  for (let i = 0; i < index; i++) at += view.getUint8(start + i) === TYPE.v128 ? 16 : 8;
  return view.getUint8(start + index) === TYPE.i64
    ? Number(view.getBigUint64(at, true))
    : view.getUint32(at, true);
}
