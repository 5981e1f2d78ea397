import path from 'node:path';
import type { Call, CapturedBuffer, Direction } from '../../protocol/boundary.ts';
import { DecoderProcesses } from '../decoder-process/decoder-processes.ts';
import { ownDecoderOf } from './decoders/configured.ts';

/** What the decoder is told of the call; a kept buffer may come without. */
export type CallHead = Pick<Call, 'sequence' | 'callId' | 'export'>;

/** The decoders that people wrote themselves: what they make of buffers comes from another process, so it takes time. */
export class OwnDecoders {
  readonly #processes: DecoderProcesses;

  /** @param script dist/decoder-process.js, which is beside the adapter's bundle */
  constructor(script = path.join(import.meta.dirname, 'decoder-process.js')) {
    this.#processes = new DecoderProcesses(script);
  }

  /** The call with those of its buffers decoded anew that a person's own decoder reads. */
  async redecode(call: Call, signal?: AbortSignal): Promise<Call> {
    const whole = { ...call };
    for (const direction of ['argument', 'result'] satisfies Direction[]) {
      const buffer = call[direction];
      if (buffer) whole[direction] = await this.buffer(buffer, call, signal);
    }
    return whole;
  }

  /** The buffer as its own decoder reads it; as it is, where that is none of a person's. */
  async buffer(buffer: CapturedBuffer, call: CallHead, signal?: AbortSignal): Promise<CapturedBuffer> {
    const decoder = ownDecoderOf(buffer.decoder);
    if (decoder === null) return buffer;
    const { sequence, callId, export: name } = call;
    const { direction, address, size, data } = buffer;
    const job = { decoder, data, call: { sequence, callId, export: name, direction, address, size } };
    const { text, tree, error } = await this.#processes.decode(job, signal);
    return {
      ...buffer,
      ...(text === undefined ? {} : { text }),
      ...(tree ? { tree } : {}),
      ...(error === undefined ? {} : { decodeError: error }),
    };
  }

  /** Ends their processes. */
  close(): void {
    this.#processes.close();
  }
}
