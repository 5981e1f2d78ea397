import * as z from 'zod';
import type { Call, Direction } from '../../protocol/boundary.ts';
import type { DecodedAsk } from '../../protocol/decoded.ts';
import { bufferDecoder, parseCaptureReference, wholeData } from '../boundary/calls.ts';
import { ownDecoderOf } from '../boundary/decoders/configured.ts';
import type { Ledger } from '../boundary/ledger.ts';
import { Decoding, type DecodedBuffer } from '../decoding/decoding.ts';
import { handler, type Handlers } from './context.ts';
import { ErrorId, RequestError } from './request-error.ts';

/** Bytes of a buffer that are decoded where it is asked for; larger ones are decoded in a thread of their own. */
export const DECODED_AT_ONCE = 256 * 1024;

const index = z.number().int().min(0);
const range = z.tuple([index, index]);
const path = z.array(index).max(1000);
const askSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('head') }),
  z.object({ kind: z.literal('wholeText') }),
  z.object({ kind: z.literal('text'), columns: z.number().positive(), start: index, count: index }),
  z.object({ kind: z.literal('tree'), path, start: index, count: index }),
  z.object({
    kind: z.literal('find'),
    text: z.string().min(1),
    after: path.nullable(),
    backwards: z.boolean(),
  }),
  z.object({ kind: z.literal('nodeAt'), range }),
]) satisfies z.ZodType<DecodedAsk>;

const decodedSchema = z.object({
  memoryReference: z.string(),
  decoder: z.string().optional(),
  ask: askSchema,
});

/** What large buffers decode to: made in a thread of its own, and read in pages. */
export class DecodedBuffers {
  readonly #ledger: Ledger;
  readonly #decoding = new Decoding();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** @param checkDecoder throws where a decoder is none of the session */
  handlers(checkDecoder: (id: string) => void): Handlers {
    return {
      'boundary/decoded': handler(decodedSchema, ({ memoryReference, decoder, ask }, { signal }) => {
        if (decoder !== undefined) checkDecoder(decoder);
        const buffer = this.#named(memoryReference, decoder);
        if (ownDecoderOf(buffer.id))
          throw new RequestError(
            ErrorId.badArguments,
            'A decoder of the workspace reads buffers whole: “boundary/call” has what it answered.',
            { showUser: false },
          );
        return this.#decoding.ask(buffer, ask, signal);
      }),
    };
  }

  /** A call of which `describe` gave the beginnings of large buffers, with all of them. */
  async complete(call: Call, chosen: Partial<Record<Direction, string>>, signal: AbortSignal): Promise<Call> {
    const whole = { ...call };
    for (const direction of ['argument', 'result'] satisfies Direction[]) {
      const buffer = call[direction];
      if (!buffer?.isBeginning) continue;
      const { isBeginning: _cut, decodeError: _error, invalid: _invalid, tree: _tree, ...head } = buffer;
      const fields = await this.#decoding.fields(
        this.#named(buffer.memoryReference, chosen[direction]),
        signal,
      );
      whole[direction] = { ...head, ...wholeData(this.#ledger, buffer.memoryReference), ...fields };
    }
    return whole;
  }

  #named(memoryReference: string, chosen: string | undefined): DecodedBuffer {
    const name = parseCaptureReference(memoryReference);
    const found = name && bufferDecoder(this.#ledger, name, chosen);
    if (!found)
      throw new RequestError(ErrorId.noSuchId, `There is no captured buffer “${memoryReference}”.`, {
        showUser: false,
      });
    const { id, reason, version, bytes } = found;
    return { key: `${memoryReference} ${version} ${id}`, id, reason, bytes };
  }
}
