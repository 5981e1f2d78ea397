import * as z from 'zod';

/**
 * A saved ledger is a CBOR sequence (RFC 8742): CBOR items one after the other, which any CBOR library reads. Each is a
 * map with one entry, what happened, in order; an item that is cut off at the end was being written in a crash.
 *
 * - `ledger`: `{ format: "kotlin-wasmedge", version: 1 }`, first
 * - `run`: `{ imports, exports }`, the names that the following records' indices mean (protocol/runner.ts); a restart of
 *   the guest begins another run, whose sequences go on from the last one's
 * - `records`: a byte string of whole records: wasmedge-napi/records.d.ts has their layout
 * - `finding`: `{ sequence, code, message, severity, at }`: what the records do not show by themselves
 * - `reason`: `{ sequence, text }`: why a call ended badly
 * - `declared`: `[{ kind, index, path, line }]`: where imports and exports of the run are declared in Kotlin
 * - `end`: `{ status, reason }`: the run ended, and with it the calls that still ran
 *
 * Sequences are those of the session. Readers skip entries that they do not know; a change that they could not skip gets
 * another version.
 */
export const FORMAT = { format: 'kotlin-wasmedge', version: 1 } as const;

const index = z.number().int().min(0);
const at = z.object({ kind: z.enum(['import', 'export']), index });
const type = z.object({ params: z.array(z.string()), results: z.array(z.string()) });
const named = z.looseObject({ name: z.string(), type });

export const itemSchema = z.union([
  z.object({ ledger: z.object({ format: z.string(), version: z.number() }) }),
  z.object({
    run: z.object({
      imports: z.array(named.extend({ module: z.string() })),
      exports: z.array(
        named.extend({
          parameterNames: z.array(z.string().nullable()),
          decoders: z.object({ argument: z.string(), result: z.string() }),
        }),
      ),
    }),
  }),
  z.object({ records: z.instanceof(Uint8Array) }),
  z.object({
    finding: z.object({
      sequence: index,
      code: z.string(),
      message: z.string(),
      severity: z.enum(['error', 'warning', 'info']),
      at: at.nullable(),
    }),
  }),
  z.object({ reason: z.object({ sequence: index, text: z.string() }) }),
  z.object({ declared: z.array(at.extend({ path: z.string(), line: z.number().int().min(1) })) }),
  z.object({ end: z.object({ status: z.enum(['trapped', 'cancelled']), reason: z.string() }) }),
]);
export type SavedItem = z.infer<typeof itemSchema>;
