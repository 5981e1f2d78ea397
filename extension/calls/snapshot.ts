import type {
  Call,
  CapturedBuffer,
  ConditionRequest,
  Crossing,
  Direction,
  HandedOverBuffer,
} from '../../protocol/boundary.ts';
import type { CallView, DecoderChoice } from '../../protocol/webview.ts';
import { BufferContents, type BufferPlace, type BufferReader } from './buffer-contents.ts';
import type { LedgerCall } from './ledger.ts';

/** One answer of the ledger about a call, held so that its contents can be asked for in pages. */
export class Snapshot {
  readonly view: number;
  private readonly call: Call;
  private readonly notKept: string | undefined;
  private readonly contents = new Map<Direction, BufferContents>();

  /**
   * @param reader of what the call was not given with
   * @param decoders that the call was asked for with
   */
  constructor(
    view: number,
    { call, notKept }: LedgerCall,
    reader: BufferReader = {},
    decoders: DecoderChoice = {},
  ) {
    this.view = view;
    this.call = call;
    this.notKept = notKept;
    for (const buffer of [call.argument, call.result])
      if (buffer) {
        const { direction } = buffer;
        const place = placeOf(buffer, call);
        this.contents.set(direction, new BufferContents(buffer, place, reader, decoders[direction]));
      }
  }

  get sequence(): number {
    return this.call.sequence;
  }

  head(): CallView {
    const {
      argument: _argument,
      result: _result,
      problems: _problems,
      crossings,
      buffers,
      ...rest
    } = this.call;
    const argument = this.contents.get('argument')?.head();
    const result = this.contents.get('result')?.head();
    return {
      ...rest,
      view: this.view,
      crossingCount: crossings.length,
      bufferCount: buffers.length,
      ...(argument && { argument }),
      ...(result && { result }),
      ...(this.notKept !== undefined && { notKept: this.notKept }),
    };
  }

  /** @throws Error where the call has no such buffer. */
  buffer(direction: Direction): BufferContents {
    const contents = this.contents.get(direction);
    if (!contents) throw new Error(`Call ${this.call.callId} of ${this.call.export} has no ${direction}.`);
    return contents;
  }

  /** What a copy or a file of a buffer is called: `greet-1-argument`, `greet-1-argument-2` where there are several. */
  nameOf(direction: Direction): string {
    const { index, count } = this.buffer(direction).head();
    return `${this.call.export}-${this.call.callId}-${direction}${count > 1 ? `-${index + 1}` : ''}`;
  }

  /** What a condition on a part of the decoded value is made from. @throws Error where conditions see another value */
  conditionRequest(direction: Direction, names: string[]): ConditionRequest {
    const buffer = this.buffer(direction);
    const { decoder, decoderReason } = buffer.head();
    if (decoderReason === 'chosen here')
      throw new Error(
        `Conditions see the ${direction} with the decoder of the launch configuration: write ` +
          `"decoders": { ${JSON.stringify(this.call.export)}: { "${direction}": ${JSON.stringify(decoder)} } } there.`,
      );
    const data = buffer.dataForCondition();
    return { data, decoder, direction, export: this.call.export, names };
  }

  /** Gives up decoding its buffers. */
  cancel(): void {
    for (const contents of this.contents.values()) contents.cancel();
  }

  crossings(start: number, count: number): Crossing[] {
    return this.call.crossings.slice(start, start + count);
  }

  /** In the order of their crossings. */
  buffers(start: number, count: number): HandedOverBuffer[] {
    return this.call.buffers.slice(start, start + count);
  }
}

function placeOf({ direction, memoryReference }: CapturedBuffer, { buffers }: Call): BufferPlace {
  const handed = buffers.find((buffer) => buffer.memoryReference === memoryReference);
  return {
    index: handed?.index ?? 0,
    count: Math.max(1, buffers.filter((buffer) => buffer.direction === direction).length),
    isNewest: handed === buffers.at(-1),
  };
}
