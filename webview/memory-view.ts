import type { LiveBuffer } from '../protocol/webview.ts';
import { DataInspectorView } from './data-inspector-view.ts';
import { element, setText } from './dom.ts';
import type { SharedSettings } from './hex-settings.ts';
import { HexView } from './hex-view.ts';
import type { Host } from './host.ts';
import { icon } from './icons.ts';
import { showMenu } from './menu.ts';
import { INSPECTED_BYTES, inspect } from './model/data-inspector.ts';
import { formatAddress, formatBytes } from './model/format.ts';
import { parseGoTo } from './model/go-to.ts';

/** Buffers that are listed; a guest nested deeper than that is rare. */
const MOST_LISTED = 12;

/** Linear memory at the stop: any address, what has changed since the stop before, and whose buffers lie where. */
export class MemoryView {
  readonly node: HTMLElement;
  private readonly host: Host;
  private readonly settings: SharedSettings;
  private readonly hex = new HexView('Linear memory, bytes');
  private readonly inspector = new DataInspectorView();
  private readonly facts = element('span', { class: 'buffer-facts', testId: 'memory-facts' });
  private readonly message = element('p', {
    class: 'memory-message',
    role: 'status',
    testId: 'memory-message',
  });
  private readonly address: HTMLInputElement;
  private readonly live = element('div', {
    class: 'live-buffers',
    role: 'group',
    testId: 'live-buffers',
    attributes: { 'aria-label': 'Buffers of the calls that are open' },
  });
  private readonly body: HTMLElement;
  private buffers: LiveBuffer[] = [];
  private readonly changed = new Set<number>();
  private size = 0;
  private loading = false;
  private wanted = false;
  /** A person wants to see the call that a buffer belongs to. */
  onCall: (sequence: number) => void = () => undefined;

  constructor(host: Host, settings: SharedSettings) {
    this.host = host;
    this.settings = settings;
    this.address = element('input', {
      class: 'memory-address',
      testId: 'memory-address',
      attributes: {
        type: 'text',
        placeholder: 'Go to 0x110',
        spellcheck: 'false',
        'aria-label': 'Go to address',
      },
    });
    this.address.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.goTo(this.address.value);
    });
    const options = element('button', {
      class: 'tool',
      title: 'How Bytes Are Shown',
      attributes: { type: 'button', 'aria-label': 'How bytes are shown', 'aria-haspopup': 'menu' },
      children: [icon('settings')],
    });
    options.addEventListener('click', () => showMenu(settings.menu(), options));
    this.body = element('div', {
      class: 'memory-body',
      children: [element('div', { class: 'hex-pane', children: [this.hex.node] })],
    });
    this.node = element('section', {
      class: 'memory-view',
      testId: 'memory-view',
      attributes: { 'aria-label': 'Linear memory' },
      children: [
        element('div', {
          class: 'buffer-head',
          children: [
            element('h3', { text: 'Linear memory' }),
            this.facts,
            this.hex.statusNode,
            this.address,
            options,
          ],
        }),
        this.message,
        this.live,
        this.body,
        this.inspector.node,
      ],
    });
    this.listen();
  }

  /** Reads memory again where the view is open: the guest has stopped, or bytes were changed. */
  refresh(): void {
    this.wanted = true;
    if (!this.loading && !this.node.hidden) void this.load();
  }

  /** Shows bytes at an address, as soon as memory is there. */
  goTo(text: string): void {
    const offset = parseGoTo(text, { address: 0, size: this.size });
    if (typeof offset === 'string') return this.say(offset);
    this.say('');
    this.hex.select([offset, offset + 1]);
    this.hex.focus();
  }

  private listen(): void {
    new ResizeObserver(() => this.hex.fitTo(this.body.clientWidth)).observe(this.body);
    this.hex.markOf = (offset) => this.marksOf(offset);
    this.hex.onBytes = () => this.inspect();
    this.settings.subscribe(() => {
      this.hex.setOptions({ ...this.settings.current.hex, relative: false });
      this.inspect();
    });
  }

  private async load(): Promise<void> {
    this.loading = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.loadOnce();
      }
    } finally {
      this.loading = false;
    }
  }

  private async loadOnce(): Promise<void> {
    try {
      const state = await this.host.request({ type: 'requestMemoryState' });
      this.buffers = state.buffers;
      this.size = state.size;
      this.changed.clear();
      setText(
        this.facts,
        `${formatBytes(state.size)}${state.compared ? ', changes since the last stop are marked' : ''}`,
      );
      this.say('');
      this.node.classList.remove('stale');
      this.listBuffers();
      this.hex.show(
        {
          key: 'memory',
          address: 0,
          size: state.size,
          load: async (start, count) => {
            const { bytes, changed } = await this.host.request({
              type: 'requestMemory',
              address: start,
              count,
            });
            for (const index of changed) this.changed.add(start + index);
            return bytes;
          },
        },
        false,
      );
      this.hex.fitTo(this.body.clientWidth);
    } catch (error) {
      this.say((error as Error).message);
      this.node.classList.add('stale');
    }
  }

  private listBuffers(): void {
    this.live.replaceChildren(
      ...this.buffers.slice(0, MOST_LISTED).map((buffer) => {
        const { direction, callId, export: name, address, size, sequence } = buffer;
        const button = element('button', {
          class: `live-buffer live-${direction}`,
          title: `Show the bytes; with Shift the call (sequence ${sequence})`,
          attributes: { type: 'button' },
          children: [
            element('span', { class: 'live-swatch' }),
            element('span', {
              text: `${direction} of ${name} (${callId}): ${formatBytes(size)} at ${formatAddress(address)}`,
            }),
          ],
        });
        button.addEventListener('click', (event) => {
          if (event.shiftKey) this.onCall(sequence);
          else if (size > 0) this.hex.select([address, address + size]);
        });
        return button;
      }),
    );
    this.live.hidden = this.buffers.length === 0;
  }

  private marksOf(offset: number): string {
    const owner = this.buffers.find(({ address, size }) => offset >= address && offset < address + size);
    return (this.changed.has(offset) ? ' changed' : '') + (owner ? ` live-${owner.direction}` : '');
  }

  private inspect(): void {
    const { inspectorOpen } = this.settings.current;
    this.inspector.node.hidden = !inspectorOpen;
    const { selected } = this.hex;
    if (!inspectorOpen) return;
    const bytes: number[] = [];
    if (selected)
      for (let at = selected[0]; at < selected[0] + INSPECTED_BYTES; at++) {
        const byte = this.hex.valueAt(at);
        if (byte === undefined) break;
        bytes.push(byte);
      }
    const named = this.buffers.map(({ direction, callId, export: name, address, size }) => ({
      name: `${direction} of ${name} (${callId})`,
      address,
      size,
    }));
    this.inspector.show(inspect(Uint8Array.from(bytes), named));
  }

  private say(text: string): void {
    setText(this.message, text);
    this.message.hidden = text === '';
  }
}
