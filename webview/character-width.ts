import { element } from './dom.ts';

/** Characters of the probe: the width of one is no whole number of pixels. */
const PROBED = 32;

/**
 * The width of a character in the font of bytes and decoded text. A probe stays in the page and tells when the font
 * changes: a width that is measured anew for each drawing would make the browser lay out the page as often.
 */
class CharacterWidth {
  private readonly listeners = new Set<() => void>();
  private probe: HTMLElement | undefined;
  private measured = 0;

  /** In pixels; 0 while the page is not seen. */
  get pixels(): number {
    if (this.measured === 0) this.measure();
    return this.measured;
  }

  /** @param listener called when the font has changed */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private measure(): void {
    if (!this.probe) {
      this.probe = element('span', {
        class: 'code-probe',
        text: '0'.repeat(PROBED),
        attributes: { 'aria-hidden': 'true' },
      });
      document.body.append(this.probe);
      new ResizeObserver(() => this.read()).observe(this.probe);
    }
    this.read();
  }

  private read(): void {
    const before = this.measured;
    this.measured = (this.probe?.getBoundingClientRect().width ?? 0) / PROBED;
    if (before === this.measured || before === 0) return;
    for (const listener of this.listeners) listener();
  }
}

export const characterWidth = new CharacterWidth();
