import * as z from 'zod';
import type { CapturedBuffer, DecodeRequest } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import { decodedFields } from './decoded-fields.ts';

const requestSchema = z.object({ buffer: z.looseObject({ data: z.base64() }), decoder: z.string() });

/**
 * A captured buffer as another decoder reads it: for calls that are shown after their session's adapter has gone.
 *
 * @throws UserError where the request is none, or there is no such decoder.
 */
export function redecode(request: unknown): CapturedBuffer {
  const checked = requestSchema.safeParse(request);
  if (!checked.success) {
    throw new UserError(
      'bad-argument',
      `This is no request to decode a buffer: ${z.prettifyError(checked.error)}`,
    );
  }
  const { buffer, decoder } = request as DecodeRequest;
  const { decodeError: _error, invalid: _invalid, tree: _tree, ...head } = buffer;
  return { ...head, ...decodedFields(Buffer.from(buffer.data, 'base64'), decoder, 'chosen here') };
}
