import { element } from './dom.ts';
import { icon } from './icons.ts';

/** A line of a menu; null draws a line between groups. */
export type MenuItem = {
  label: string;
  run(): void;
  /** For choices: whether this is the one that holds. */
  checked?: boolean;
  disabled?: boolean;
} | null;

let open: Menu | null = null;

/**
 * Opens a menu at an element or a point, and closes one that is open. The keyboard moves in it, Escape and a click
 * elsewhere close it, and the focus goes back to where it was.
 */
export function showMenu(items: readonly MenuItem[], at: HTMLElement | MouseEvent): void {
  open?.close(false);
  open = new Menu(items, at);
}

class Menu {
  private readonly node: HTMLElement;
  private readonly buttons: HTMLButtonElement[] = [];
  private readonly before = document.activeElement;
  private readonly anchor: HTMLElement | null;
  private readonly outside = (event: Event): void => {
    if (!(event.target instanceof Node) || !this.node.contains(event.target)) this.close(false);
  };

  constructor(items: readonly MenuItem[], at: HTMLElement | MouseEvent) {
    this.anchor = at instanceof HTMLElement ? at : null;
    this.anchor?.setAttribute('aria-expanded', 'true');
    this.node = element('div', {
      class: 'menu',
      role: 'menu',
      testId: 'menu',
      children: items.map((item) =>
        item ? this.line(item) : element('div', { class: 'menu-line', role: 'separator' }),
      ),
    });
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    (document.querySelector('main') ?? document.body).append(this.node);
    this.place(at);
    document.addEventListener('pointerdown', this.outside, true);
    window.addEventListener('blur', this.outside);
    window.addEventListener('resize', this.outside);
    (this.buttons.find((button) => !button.disabled) ?? this.node).focus();
  }

  close(restoreFocus: boolean): void {
    if (open === this) open = null;
    document.removeEventListener('pointerdown', this.outside, true);
    window.removeEventListener('blur', this.outside);
    window.removeEventListener('resize', this.outside);
    this.anchor?.setAttribute('aria-expanded', 'false');
    this.node.remove();
    if (restoreFocus && this.before instanceof HTMLElement) this.before.focus();
  }

  private line(item: NonNullable<MenuItem>): HTMLElement {
    const isChoice = item.checked !== undefined;
    const button = element('button', {
      class: 'menu-item',
      role: isChoice ? 'menuitemradio' : 'menuitem',
      attributes: {
        type: 'button',
        tabindex: '-1',
        ...(isChoice && { 'aria-checked': String(item.checked) }),
      },
      children: [
        element('span', { class: 'menu-check', children: [item.checked ? icon('returned') : null] }),
        element('span', { text: item.label }),
      ],
    });
    button.disabled = item.disabled === true;
    button.addEventListener('click', () => {
      this.close(true);
      item.run();
    });
    this.buttons.push(button);
    return button;
  }

  /** Below its anchor, but always inside the view. */
  private place(at: HTMLElement | MouseEvent): void {
    const box = at instanceof HTMLElement ? at.getBoundingClientRect() : null;
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const left = at instanceof HTMLElement ? (box?.right ?? 0) - width : at.clientX;
    const below = at instanceof HTMLElement ? (box?.bottom ?? 0) : at.clientY;
    const above = at instanceof HTMLElement ? (box?.top ?? 0) - height : window.innerHeight - height;
    const top = below + height <= window.innerHeight ? below : above;
    this.node.style.left = `${Math.max(2, Math.min(left, window.innerWidth - width - 2))}px`;
    this.node.style.top = `${Math.max(2, top)}px`;
  }

  private keydown(event: KeyboardEvent): void {
    const enabled = this.buttons.filter((button) => !button.disabled);
    const at = enabled.indexOf(document.activeElement as HTMLButtonElement);
    const targets: Partial<Record<string, number>> = {
      ArrowDown: (at + 1) % enabled.length,
      ArrowUp: (at - 1 + enabled.length) % enabled.length,
      Home: 0,
      End: enabled.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) enabled[target]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
