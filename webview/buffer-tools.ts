import type { Direction } from '../protocol/boundary.ts';
import type { CopyFormat } from '../protocol/webview.ts';
import { element } from './dom.ts';
import type { Host } from './host.ts';
import { icon, type IconName } from './icons.ts';
import { showMenu, type MenuItem } from './menu.ts';
import type { ByteRange } from './model/byte-selection.ts';
import { formatBytes } from './model/format.ts';
import type { SharedSettings } from './hex-settings.ts';

const FORMATS: readonly [CopyFormat, label: string][] = [
  ['hex', 'Hexadecimal Digits'],
  ['c', 'C Array'],
  ['kotlin', 'Kotlin byteArrayOf'],
  ['rust', 'Rust Array'],
  ['json', 'JSON Array'],
  ['base64', 'Base64'],
  ['utf-8', 'UTF-8 Text'],
];

interface BufferToolsEvents {
  /** The snapshot that is shown; undefined where there is no buffer. */
  view(): number | undefined;
  /** What a person has selected of the bytes. */
  selected(): ByteRange | null;
  find(goTo: boolean): void;
  /** What else can be done with the buffer: comparing and changing it. */
  more(): MenuItem[];
}

/** The buttons of a buffer: copy, find, how it is shown, and what can be done with its bytes. */
export class BufferTools {
  readonly node: HTMLElement;
  private readonly direction: Direction;
  private readonly title: string;
  private readonly host: Host;
  private readonly events: BufferToolsEvents;

  constructor(
    direction: Direction,
    title: string,
    host: Host,
    settings: SharedSettings,
    events: BufferToolsEvents,
  ) {
    this.direction = direction;
    this.title = title;
    this.host = host;
    this.events = events;
    this.node = element('span', {
      class: 'tools',
      children: [
        this.button('copy', 'copy', 'Copy Text', () => this.copy('text')),
        this.menuButton('copy-as', 'copy-hex', 'Copy Bytes As…', () => this.copyMenu()),
        this.button('find', 'find', 'Find in the Bytes (Ctrl+F)', () => events.find(false)),
        this.menuButton('view', 'settings', 'How Bytes Are Shown', () => settings.menu()),
        this.menuButton('more', 'more', 'More', () => this.moreMenu()),
      ],
    });
  }

  /** Copies the selected bytes, or all of them, as digits. */
  copyBytes(): void {
    this.copy('hex');
  }

  private copyMenu(): MenuItem[] {
    return FORMATS.map(([format, label]) => ({
      label: `${label}${this.selectionSize()}`,
      run: () => this.copy(format),
    }));
  }

  private moreMenu(): MenuItem[] {
    return [
      { label: 'Go to Offset or Address…', run: () => this.events.find(true) },
      null,
      { label: `Save Bytes to a File…${this.selectionSize()}`, run: () => this.save() },
      { label: 'Open in the Memory View', run: () => this.openMemory() },
      null,
      ...this.events.more(),
    ];
  }

  /** Said where only a part is meant. */
  private selectionSize(): string {
    const range = this.part();
    return range ? ` (${formatBytes(range[1] - range[0])} selected)` : '';
  }

  /** One byte has only the cursor: the whole buffer is meant. */
  private part(): [number, number] | undefined {
    const range = this.events.selected();
    return range && range[1] - range[0] > 1 ? [range[0], range[1]] : undefined;
  }

  private copy(what: 'text' | CopyFormat): void {
    const view = this.events.view();
    if (view === undefined) return;
    const range = what === 'text' ? undefined : this.part();
    this.host.post({ type: 'copy', view, direction: this.direction, what, ...(range && { range }) });
  }

  private save(): void {
    const view = this.events.view();
    const range = this.part();
    if (view !== undefined)
      this.host.post({ type: 'save', view, direction: this.direction, ...(range && { range }) });
  }

  private openMemory(): void {
    const view = this.events.view();
    if (view !== undefined) this.host.post({ type: 'openMemory', view, direction: this.direction });
  }

  private button(testId: string, name: IconName, title: string, run: () => void): HTMLButtonElement {
    const button = element('button', {
      class: 'tool',
      title,
      testId,
      attributes: { type: 'button', 'aria-label': `${title}: ${this.title}` },
      children: [icon(name)],
    });
    button.addEventListener('click', run);
    return button;
  }

  private menuButton(testId: string, name: IconName, title: string, items: () => MenuItem[]): HTMLElement {
    const button = this.button(testId, name, title, () => showMenu(items(), button));
    button.setAttribute('aria-haspopup', 'menu');
    return button;
  }
}
