import type { Call, CapturedBuffer, Direction, HandedOverBuffer } from '../../protocol/boundary.ts';
import type { BufferChoice } from '../../protocol/webview.ts';

const DIRECTIONS: readonly Direction[] = ['argument', 'result'];

/** A copy of a call, with those of its buffers that were copied too: an answer of the adapter shows one a direction. */
export class KeptCall {
  readonly call: Call;
  /** By memory reference. */
  private readonly copied = new Map<string, CapturedBuffer>();

  /** @param before an earlier copy of the same call: buffers that are not in the newer one are taken over */
  constructor(call: Call, before?: KeptCall) {
    this.call = call;
    for (const [reference, buffer] of before?.copied ?? []) this.copied.set(reference, buffer);
    this.add(call);
  }

  /** Takes in the buffers that another answer about the same call shows. */
  add(answer: Call): void {
    for (const direction of DIRECTIONS) {
      const buffer = answer[direction];
      if (buffer) this.copied.set(buffer.memoryReference, buffer);
    }
  }

  /** Buffers of the call that were not copied. */
  get missing(): HandedOverBuffer[] {
    return this.call.buffers.filter(({ memoryReference }) => !this.copied.has(memoryReference));
  }

  /** What a copied buffer captured; undefined where it was not copied, or not whole. */
  bytesOf(memoryReference: string): Buffer | undefined {
    const buffer = this.copied.get(memoryReference);
    const bytes = buffer && Buffer.from(buffer.data, 'base64');
    return bytes?.length === buffer?.captured ? bytes : undefined;
  }

  /** Bytes of the copies. */
  get captured(): number {
    return [...this.copied.values()].reduce((sum, { captured }) => sum + captured, 0);
  }

  /** The call as it shows the buffers that are meant. @throws Error where one of them was not copied */
  showing(buffers: BufferChoice | undefined): Call {
    const shown = { ...this.call };
    for (const direction of DIRECTIONS) {
      const index = buffers?.[direction];
      if (index === undefined) continue;
      const handed = this.call.buffers.find(
        (buffer) => buffer.direction === direction && buffer.index === index,
      );
      const buffer = handed && this.copied.get(handed.memoryReference);
      if (!buffer)
        throw new Error(`The ${direction} ${index + 1} of this call was not kept when the session ended.`);
      shown[direction] = buffer;
    }
    return shown;
  }
}
