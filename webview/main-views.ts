import { element, uniqueId } from './dom.ts';

/** The parts of the inspector, of which one is seen at a time. */
export type MainView = 'calls' | 'timeline' | 'memory' | 'compare';

const TITLES: Record<MainView, string> = {
  calls: 'Calls',
  timeline: 'Timeline',
  memory: 'Memory',
  compare: 'Compare',
};

/** The tabs that choose what is seen, and what they lead to. */
export class MainViews {
  readonly bar: HTMLElement;
  readonly node: HTMLElement;
  private readonly tabs = new Map<MainView, HTMLButtonElement>();
  private readonly panels: Record<MainView, HTMLElement>;
  private readonly opened: (view: MainView) => void;
  private shown: MainView = 'calls';

  /** @param opened called when a view comes into sight */
  constructor(panels: Record<MainView, HTMLElement>, opened: (view: MainView) => void) {
    this.panels = panels;
    this.opened = opened;
    this.bar = element('div', {
      class: 'main-tabs',
      role: 'tablist',
      attributes: { 'aria-label': 'What is shown' },
    });
    this.node = element('main', { class: 'main-views' });
    for (const view of Object.keys(TITLES) as MainView[]) {
      const panel = panels[view];
      panel.id = uniqueId('panel');
      panel.setAttribute('role', 'tabpanel');
      const tab = element('button', {
        class: 'tab',
        role: 'tab',
        text: TITLES[view],
        testId: `tab-${view}`,
        attributes: { type: 'button', id: uniqueId('tab'), 'aria-controls': panel.id },
      });
      panel.setAttribute('aria-labelledby', tab.id);
      tab.addEventListener('click', () => this.show(view));
      this.tabs.set(view, tab);
      this.bar.append(tab);
      this.node.append(panel);
    }
    this.bar.addEventListener('keydown', (event) => this.keydown(event));
    this.update();
  }

  get current(): MainView {
    return this.shown;
  }

  show(view: MainView): void {
    if (this.shown === view) return;
    this.shown = view;
    this.update();
    this.opened(view);
  }

  private update(): void {
    for (const [view, tab] of this.tabs) {
      const selected = view === this.shown;
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
      this.panels[view].hidden = !selected;
    }
  }

  private keydown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const views = [...this.tabs.keys()];
    const next = views[(views.indexOf(this.shown) + step + views.length) % views.length];
    if (next) this.show(next);
    this.tabs.get(this.shown)?.focus();
    event.preventDefault();
  }
}
