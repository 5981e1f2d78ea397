import { element } from './dom.ts';

const SMALLEST = 20;
const LARGEST = 80;

/** The bar between the list and the chosen call: dragged, or moved with the arrow keys. */
export class Splitter {
  readonly node: HTMLElement;
  private percent: number;
  private readonly container: HTMLElement;
  private readonly moved: (percent: number) => void;

  /** @param container gets the share of its first part as the custom property `--split` */
  constructor(container: HTMLElement, percent: number, moved: (percent: number) => void) {
    this.container = container;
    this.percent = percent;
    this.moved = moved;
    this.node = element('div', {
      class: 'splitter',
      role: 'separator',
      attributes: {
        tabindex: '0',
        'aria-label': 'Size of the list',
        'aria-valuemin': String(SMALLEST),
        'aria-valuemax': String(LARGEST),
      },
    });
    this.node.addEventListener('pointerdown', (event) => this.node.setPointerCapture(event.pointerId));
    this.node.addEventListener('pointermove', (event) => {
      if (this.node.hasPointerCapture(event.pointerId)) this.drag(event);
    });
    this.node.addEventListener('keydown', (event) => {
      const steps: Partial<Record<string, number>> = {
        ArrowLeft: -2,
        ArrowUp: -2,
        ArrowRight: 2,
        ArrowDown: 2,
      };
      const step = steps[event.key];
      if (step === undefined) return;
      this.set(this.percent + step);
      event.preventDefault();
    });
    this.apply();
  }

  private drag(event: PointerEvent): void {
    const box = this.container.getBoundingClientRect();
    const stacked = getComputedStyle(this.container).flexDirection === 'column';
    this.set(
      stacked
        ? ((event.clientY - box.top) / box.height) * 100
        : ((event.clientX - box.left) / box.width) * 100,
    );
  }

  private set(percent: number): void {
    this.percent = Math.round(Math.max(SMALLEST, Math.min(LARGEST, percent)));
    this.apply();
    this.moved(this.percent);
  }

  private apply(): void {
    this.container.style.setProperty('--split', `${this.percent}%`);
    this.node.setAttribute('aria-valuenow', String(this.percent));
  }
}
