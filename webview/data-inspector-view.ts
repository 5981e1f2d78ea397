import { element, setText } from './dom.ts';
import type { Reading } from './model/data-inspector.ts';

const COLUMNS = ['Type', 'Little-endian', 'Big-endian'];

/** The readings of the selected bytes: a table with a column for each byte order, whose rows flow into the width. */
export class DataInspectorView {
  private readonly rows = element('div', { class: 'inspector-rows', role: 'rowgroup' });
  private readonly hint = element('p', {
    class: 'inspector-hint',
    text: 'Select bytes to read them as numbers, text, times and addresses.',
  });
  private readonly table = element('div', {
    class: 'inspector-table',
    role: 'table',
    attributes: { 'aria-label': 'The selected bytes as values' },
    children: [
      element('div', {
        class: 'for-readers',
        role: 'rowgroup',
        children: [
          element('div', {
            role: 'row',
            children: COLUMNS.map((text) => element('span', { role: 'columnheader', text })),
          }),
        ],
      }),
      this.rows,
    ],
  });
  readonly node = element('div', {
    class: 'data-inspector',
    testId: 'data-inspector',
    children: [this.hint, this.table],
  });

  show(readings: readonly Reading[]): void {
    this.hint.hidden = readings.length > 0;
    this.table.hidden = readings.length === 0;
    while (this.rows.childElementCount > readings.length) this.rows.lastElementChild?.remove();
    while (this.rows.childElementCount < readings.length) this.rows.append(createRow());
    for (const [index, { name, littleEndian, bigEndian }] of readings.entries()) {
      const [type, little, big] = (this.rows.children[index]?.children ?? []) as unknown as HTMLElement[];
      if (!type || !little || !big) continue;
      setText(type, name);
      setText(little, littleEndian);
      setText(big, bigEndian ?? '');
      little.title = bigEndian === undefined ? littleEndian : `Little-endian: ${littleEndian}`;
      big.title = bigEndian === undefined ? '' : `Big-endian: ${bigEndian}`;
    }
  }
}

function createRow(): HTMLElement {
  return element('div', {
    class: 'inspector-row',
    role: 'row',
    children: [
      element('span', { class: 'reading-name', role: 'rowheader' }),
      element('span', { class: 'reading', role: 'cell' }),
      element('span', { class: 'reading big-endian', role: 'cell' }),
    ],
  });
}
