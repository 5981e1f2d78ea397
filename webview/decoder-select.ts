import type { Direction, OfferedDecoder } from '../protocol/boundary.ts';
import type { BufferHead } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';

/** Chooses the decoder of a buffer, and tells which one was used and why. */
export class DecoderSelect {
  readonly node: HTMLElement;
  private readonly select: HTMLSelectElement;
  private readonly reason = element('span', { class: 'decoder-reason' });
  /** Stands for the call's own decoder. */
  private readonly own = element('option', { attributes: { value: '' } });
  private hasOffers = false;
  private shown: { buffer: BufferHead | undefined; choice: string | undefined } = {
    buffer: undefined,
    choice: undefined,
  };

  /** @param chosen undefined gives the choice back to the call */
  constructor(direction: Direction, chosen: (decoder: string | undefined) => void) {
    this.select = element('select', {
      class: 'decoder',
      testId: 'decoder',
      children: [this.own],
      attributes: { 'aria-label': `Decoder of the ${direction}` },
    });
    this.select.addEventListener('change', () =>
      chosen(this.select.value === '' ? undefined : this.select.value),
    );
    this.node = element('span', { class: 'decoder-choice', children: [this.reason, this.select] });
  }

  offer(decoders: readonly OfferedDecoder[]): void {
    this.hasOffers = decoders.length > 0;
    // There are hundreds of them: they are not made anew for each call.
    this.select.replaceChildren(this.own, ...options(decoders));
    this.update();
  }

  /** @param choice the decoder that was chosen here, if any */
  show(buffer: BufferHead | undefined, choice: string | undefined): void {
    this.shown = { buffer, choice };
    this.update();
  }

  private update(): void {
    const { buffer, choice } = this.shown;
    const own = choice === undefined && buffer ? `${buffer.decoder} (${reasonOf(buffer)})` : 'Default';
    setText(this.own, own);
    this.select.value = choice ?? '';
    this.select.disabled = !buffer || !this.hasOffers;
    setText(this.reason, choice === 'auto' && buffer ? buffer.decoder : '');
    this.select.title = buffer ? `Decoded as ${buffer.decoder}: ${buffer.decoderReason}` : '';
  }
}

/** Those without a heading, and then heading by heading. */
function options(offered: readonly OfferedDecoder[]): HTMLElement[] {
  const groups = new Map<string, HTMLElement>();
  const listed: HTMLElement[] = [];
  for (const { id, label, group } of offered) {
    const option = element('option', { text: label, attributes: { value: id } });
    if (group === undefined) {
      listed.push(option);
      continue;
    }
    const heading = groups.get(group) ?? element('optgroup', { attributes: { label: group } });
    if (!groups.has(group)) listed.push(heading);
    groups.set(group, heading);
    heading.append(option);
  }
  return listed;
}

/** A word for the menu; the tooltip has the whole reason. */
function reasonOf({ decoderReason }: BufferHead): string {
  if (decoderReason.startsWith('auto')) return 'auto';
  return decoderReason === 'launch configuration' ? 'launch.json' : decoderReason;
}
