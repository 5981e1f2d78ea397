import { element } from './dom.ts';
import { icon } from './icons.ts';

/** A call that a person keeps at hand. */
export interface PinnedCall {
  sequence: number;
  callId: number | string;
  export: string;
}

interface PinsEvents {
  chosen(sequence: number): void;
  removed(sequence: number): void;
}

/** The pinned calls above the list: each leads to its call, wherever the list is scrolled or filtered to. */
export class Pins {
  readonly node = element('div', {
    class: 'pins',
    role: 'group',
    testId: 'pins',
    attributes: { 'aria-label': 'Pinned calls' },
  });
  private readonly events: PinsEvents;

  constructor(events: PinsEvents) {
    this.events = events;
  }

  show(pins: readonly PinnedCall[]): void {
    this.node.hidden = pins.length === 0;
    this.node.replaceChildren(...pins.map((pin) => this.pin(pin)));
  }

  private pin({ sequence, callId, export: name }: PinnedCall): HTMLElement {
    const label = `${name} (${callId})`;
    const choose = element('button', {
      class: 'pin-call',
      title: `Show the pinned call: ${label}, sequence ${sequence}`,
      attributes: { type: 'button' },
      children: [icon('pin'), element('span', { text: label })],
    });
    choose.addEventListener('click', () => this.events.chosen(sequence));
    const remove = element('button', {
      class: 'pin-remove',
      title: 'Unpin',
      attributes: { type: 'button', 'aria-label': `Unpin ${label}` },
      children: [icon('trapped')],
    });
    remove.addEventListener('click', () => this.events.removed(sequence));
    return element('span', { class: 'pin', children: [choose, remove] });
  }
}
