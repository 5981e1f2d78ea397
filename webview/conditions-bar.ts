import type { StopCondition } from '../protocol/webview.ts';
import { element } from './dom.ts';
import { icon } from './icons.ts';
import { columnTitle } from './model/call-columns.ts';

const TITLE =
  'The guest stops at these only where one of them holds, or a condition of the box under Breakpoints. Take them away to ' +
  'have the boxes alone decide again.';

/** The conditions on decoded values, above the list: where they are set, seen and taken away. */
export class ConditionsBar {
  readonly node = element('div', {
    class: 'conditions',
    role: 'group',
    testId: 'conditions',
    title: TITLE,
    attributes: { 'aria-label': 'Where the guest stops' },
  });
  private readonly removed: (id: number) => void;

  /** @param removed a condition is to be taken away */
  constructor(removed: (id: number) => void) {
    this.removed = removed;
    this.node.hidden = true;
  }

  show(conditions: readonly StopCondition[]): void {
    this.node.hidden = conditions.length === 0;
    this.node.replaceChildren(
      element('span', { class: 'conditions-title', text: 'Stops only where' }),
      ...conditions.map((condition) => this.condition(condition)),
    );
  }

  private condition(condition: StopCondition): HTMLElement {
    const { id, export: name, direction, names, value, expression } = condition;
    const place = names.length === 0 ? '' : ` ${columnTitle({ direction, names })}`;
    const label = `${direction} of ${name}:${place} is ${value}`;
    const remove = element('button', {
      class: 'pin-remove',
      title: 'Remove the Condition',
      attributes: { type: 'button', 'aria-label': `Remove the condition: ${label}` },
      children: [icon('trapped')],
    });
    remove.addEventListener('click', () => this.removed(id));
    return element('span', {
      class: 'pin condition',
      children: [element('span', { class: 'condition-text', text: label, title: expression }), remove],
    });
  }
}
