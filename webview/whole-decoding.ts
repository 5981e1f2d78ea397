import type { Direction } from '../protocol/boundary.ts';
import type { BufferHead, CallView } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';
import type { Host } from './host.ts';
import { formatBytes } from './model/format.ts';

/** Decodes all of a large buffer while its beginning is shown already: says so, and can be told to stop. */
export class WholeDecoding {
  readonly node: HTMLElement;
  private readonly host: Host;
  private readonly direction: Direction;
  private readonly said = element('span', { role: 'status' });
  private readonly action = element('button', {
    class: 'action',
    testId: 'decoding-action',
    attributes: { type: 'button' },
  });
  private readonly done: (buffer: BufferHead) => void;
  /** The view of the call that is decoded; null while nothing is. */
  private underWay: number | null = null;
  private shown: { view: number; size: number } | null = null;
  /** A person does not want the buffer of this name decoded. */
  private unwanted = '';

  /** @param done is told what all of the buffer decodes to */
  constructor(host: Host, direction: Direction, done: (buffer: BufferHead) => void) {
    this.host = host;
    this.direction = direction;
    this.done = done;
    this.action.addEventListener('click', () => {
      if (this.underWay !== null) this.host.post({ type: 'cancelDecoding', view: this.underWay, direction });
      else void this.run();
    });
    this.node = element('div', {
      class: 'whole-decoding',
      testId: 'decoding',
      children: [element('progress', { attributes: { 'aria-hidden': 'true' } }), this.said, this.action],
    });
    this.node.hidden = true;
  }

  /** @param key names the buffer: one that was cancelled is not begun again by itself */
  show(call: CallView, buffer: BufferHead | undefined, key: string): void {
    this.underWay = null;
    this.node.hidden = buffer?.isBeginning !== true;
    this.shown = buffer?.isBeginning ? { view: call.view, size: buffer.captured } : null;
    if (!this.shown) return;
    if (this.unwanted === key) this.say('Only the beginning is decoded.', 'Decode All');
    else void this.run(key);
  }

  private async run(key = ''): Promise<void> {
    if (!this.shown) return;
    const { view, size } = this.shown;
    this.unwanted = '';
    this.underWay = view;
    this.say(`Decoding all ${formatBytes(size)}…`, 'Cancel');
    try {
      const { buffer } = await this.host.request({ type: 'requestDecoded', view, direction: this.direction });
      if (this.underWay !== view) return;
      this.node.hidden = true;
      this.shown = null;
      this.done(buffer);
    } catch (error) {
      if (this.underWay !== view) return;
      this.unwanted = key;
      const { message } = error as Error;
      this.say(
        message === 'cancelled'
          ? 'Only the beginning is decoded.'
          : `Only the beginning is decoded: ${message}`,
        'Decode All',
      );
    }
    this.underWay = null;
  }

  private say(text: string, action: 'Cancel' | 'Decode All'): void {
    setText(this.said, text);
    setText(this.action, action);
    this.node.classList.toggle('at-rest', action === 'Decode All');
  }
}
