import type { BufferHead } from '../protocol/webview.ts';
import { element } from './dom.ts';
import { HexView, type HexOptions } from './hex-view.ts';

/** The bytes that an edited buffer had before, beside those that it has now; what differs is marked in both. */
export class OriginalPane {
  readonly node: HTMLElement;
  /** Says that the buffer was edited, and opens and closes the pane. */
  readonly toggle: HTMLButtonElement;
  private readonly hex: HexView;
  private readonly now: HexView;
  /** Bytes before the edit; 0 where nothing was edited. */
  private size = 0;
  /** There were more than `size`, which are not at hand. */
  private isCut = false;
  /** Bytes now. */
  private sizeNow = 0;
  private isWanted = true;
  /** It was opened or closed. */
  onToggled: () => void = () => undefined;

  /** @param title begins the labels of the parts */
  constructor(title: string, now: HexView) {
    this.now = now;
    this.hex = new HexView(`${title}, bytes before the edit`, 'original');
    this.node = element('div', {
      class: 'hex-pane original-pane',
      children: [element('div', { class: 'pane-caption', text: 'Before the edit' }), this.hex.node],
    });
    this.toggle = element('button', {
      class: 'badge edited-badge',
      text: 'edited',
      testId: 'edited',
      title: 'Show the bytes from before the edit beside these',
      attributes: { type: 'button' },
    });
    this.toggle.addEventListener('click', () => {
      this.isWanted = !this.isWanted;
      this.update();
      this.onToggled();
    });
    this.hex.markOf = (offset) => (this.differs(offset) ? ' edited' : '');
    this.hex.onBytes = () => this.now.refresh();
    this.hex.onScrolled = () => this.now.scrollLike(this.hex);
    this.hex.onSelected = (range) => this.now.setHighlight(range, false);
    this.update();
  }

  /** Whether it takes a part of the width. */
  get isShown(): boolean {
    return !this.node.hidden;
  }

  /**
   * @param key names the buffer
   * @param load reads the bytes from before the edit
   */
  show(
    buffer: BufferHead | undefined,
    key: string,
    load: (start: number, count: number) => Promise<Uint8Array>,
  ): void {
    this.size = buffer?.originalSize ?? 0;
    this.isCut = buffer?.isOriginalCut === true;
    this.sizeNow = buffer?.captured ?? 0;
    this.toggle.hidden = buffer?.edited !== true;
    // Without a copy of what was there the badge says only that something was.
    this.toggle.disabled = this.size === 0;
    this.hex.show(
      buffer && this.size > 0 ? { key, address: buffer.address, size: this.size, load } : null,
      false,
    );
    this.update();
  }

  /** Whether a byte is another than before the edit, as far as both are loaded. */
  differs(offset: number): boolean {
    if (this.size === 0) return false;
    if (offset >= this.size) return !this.isCut;
    if (offset >= this.sizeNow) return true;
    const [before, after] = [this.hex.valueAt(offset), this.now.valueAt(offset)];
    return before !== undefined && after !== undefined && before !== after;
  }

  /** The bytes now have been scrolled, or have come. */
  followNow(): void {
    if (!this.isShown) return;
    this.hex.scrollLike(this.now);
    this.hex.refresh();
  }

  setOptions(options: HexOptions): void {
    this.hex.setOptions(options);
  }

  /** @param width pixels that the view may take */
  fitTo(width: number): void {
    if (this.isShown) this.hex.fitTo(width);
  }

  private update(): void {
    this.node.hidden = !(this.isWanted && this.size > 0);
    this.toggle.setAttribute('aria-pressed', String(this.isShown));
  }
}
