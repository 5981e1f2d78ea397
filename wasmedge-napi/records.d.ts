/**
 * Reader of the recorder's binary stream. Pure JavaScript: needs no engine.
 *
 * Little-endian; each record starts on a multiple of 8 bytes:
 *   0 u32 length of the whole record, padding included    4 u8 kind    5 u8 flags    6 u16 import or export index
 *   8 u32 sequence of the call (0xffffffff: none)        12 u32 aux   16 f64 µs since the recorder was made
 * Value lists: one u8 type a value (0 i32, 1 i64, 2 f32, 3 f64, 4 v128, 5 funcref, 6 externref, 7 ref), padded to 8, then
 * 16 bytes a value for v128 and 8 for any other. A reference's value tells it from others, nothing else.
 *   1 callBegin    aux = params; body: i64 callId, u32 parent sequence (0xffffffff: none), u32 0, params
 *   2 callEnd      flags = 0 returned, 1 trapped, 2 cancelled, 3 exited (proc_exit); aux = results; body: results
 *   3 importEnter  aux = params; body: params
 *   4 importLeave  flags bit 0 = the callback threw; aux = results; body: results
 *   5 crossing     aux = params; body: f64 duration µs, params (results are zeros)
 *   6 buffer       flags bit 0 = result (else argument), bit 1 = edited, bit 2 = passed by the export itself, bits 4–7 =
 *                  policy (0 host, 1 param, 2 u32le-prefix, 3 nul, 4 fixed, 5 unknown; from 6 on elements of an array
 *                  behind a handle: i8, u8, i16, u16, i32, u32, i64, u64, f32, f64); aux = size;
 *                  body: u64 address, or the handle, u32 captured, u32 0, bytes
 * A buffer record follows the record of the crossing that made it (importEnter or crossing), unless bit 2 is set: then it
 * belongs to the call's parameters or results, and may come after the call's end. Its sequence is that of the call whose
 * buffer it is; all others have that of the innermost call. Results are listed only where the
 * function returned.
 */
export type RecordedValue =
  | { type: 'i32' | 'f32' | 'f64'; value: number }
  | { type: 'i64'; value: bigint }
  | { type: 'v128'; value: Uint8Array }
  | { type: 'funcref' | 'externref' | 'ref'; value: bigint };
export type SizePolicyName =
  | 'host'
  | 'param'
  | 'u32le-prefix'
  | 'nul'
  | 'fixed'
  | 'unknown'
  | `elements-${'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64'}`;

interface Base {
  sequence: number | null;
  micros: number;
}
export type BoundaryRecord = Base &
  (
    | { kind: 'callBegin'; index: number; callId: bigint; parent: number | null; params: RecordedValue[] }
    | {
        kind: 'callEnd';
        index: number;
        status: 'returned' | 'trapped' | 'cancelled' | 'exited';
        results: RecordedValue[];
      }
    | { kind: 'importEnter'; index: number; params: RecordedValue[] }
    | { kind: 'importLeave'; index: number; threw: boolean; results: RecordedValue[] }
    | { kind: 'crossing'; index: number; durationMicros: number; params: RecordedValue[] }
    | {
        kind: 'buffer';
        direction: 'argument' | 'result';
        edited: boolean;
        /** Passed by the export's parameters or results, not through an import. */
        byExport?: true;
        policy: SizePolicyName;
        address: number;
        size: number;
        /** A view into the batch: copy it to keep it. */
        bytes: Uint8Array;
      }
  );
/** Reads whole records. @throws RangeError on a malformed batch, naming the byte offset. */
export function readRecords(batch: Uint8Array): IterableIterator<BoundaryRecord>;
