import * as z from 'zod';
import type { CapturedBuffer, DecodeRequest } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import { decodedFields } from './decoded-fields.ts';
import { OwnDecoders } from './own-decoders.ts';

const requestSchema = z.object({ buffer: z.looseObject({ data: z.base64() }), decoder: z.string() });

/**
 * A captured buffer as another decoder reads it: for calls that are shown after their session's adapter has gone.
 *
 * @throws UserError where the request is none, or there is no such decoder.
 */
export async function redecode(request: unknown): Promise<CapturedBuffer> {
  const checked = requestSchema.safeParse(request);
  if (!checked.success) {
    throw new UserError(
      'bad-argument',
      `This is no request to decode a buffer: ${z.prettifyError(checked.error)}`,
    );
  }
  const { buffer, decoder, call } = request as DecodeRequest;
  const { decodeError: _error, invalid: _invalid, tree: _tree, ...head } = buffer;
  const decoded = { ...head, ...decodedFields(Buffer.from(buffer.data, 'base64'), decoder, 'chosen here') };
  const own = new OwnDecoders();
  try {
    return await own.buffer(decoded, call ?? { sequence: 0, callId: 0, export: '' });
  } finally {
    own.close();
  }
}
