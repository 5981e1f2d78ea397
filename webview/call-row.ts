import type { BufferSummary, CallColumn, CallStatus, CallSummary } from '../protocol/boundary.ts';
import { element, setText } from './dom.ts';
import { icon } from './icons.ts';
import { formatBytes, formatMicros, formatPlace, visibleText } from './model/format.ts';

export const STATUS_WORDS: Record<CallStatus, string> = {
  running: 'running',
  returned: 'returned',
  trapped: 'trapped',
  cancelled: 'cancelled',
};

/** The columns that are always there, and what each is sorted by. */
export const CALL_COLUMNS = [
  ['id', 'callId', 'callId'],
  ['export', 'Export', 'export'],
  ['argument', 'Argument', 'argumentSize'],
  ['result', 'Result', 'resultSize'],
  ['duration', 'Time', 'duration'],
] as const satisfies readonly (readonly [name: string, title: string, sort: CallColumn])[];
type Column = (typeof CALL_COLUMNS)[number][0];

/** @param picked number of columns that a person added */
export function createCallRow(picked: number): HTMLElement {
  const exportCell = element('span', {
    class: 'cell cell-export',
    role: 'gridcell',
    children: [
      element('span', { class: 'status' }),
      element('span', { class: 'export-name' }),
      element('span', { class: 'problems' }),
    ],
  });
  return element('div', {
    class: 'call-row',
    role: 'row',
    children: [
      ...CALL_COLUMNS.map(([name]) =>
        name === 'export' ? exportCell : element('span', { class: `cell cell-${name}`, role: 'gridcell' }),
      ),
      ...Array.from({ length: picked }, () =>
        element('span', { class: 'cell cell-picked', role: 'gridcell' }),
      ),
    ],
  });
}

/** @param values of the picked columns: null where the call has none, undefined while they are on their way */
export function renderCallRow(
  row: HTMLElement,
  call: CallSummary,
  depth: number,
  values: readonly (string | null | undefined)[],
): void {
  row.dataset['sequence'] = String(call.sequence);
  row.dataset['status'] = call.status;
  row.setAttribute('aria-level', String(depth + 1));
  row.style.setProperty('--depth', String(Math.min(depth, 12)));
  setText(cell(row, 'id'), String(call.callId));
  renderExport(cell(row, 'export'), call);
  renderBuffer(cell(row, 'argument'), call.argument);
  renderBuffer(cell(row, 'result'), call.result);
  setText(cell(row, 'duration'), call.durationMicros === undefined ? '' : formatMicros(call.durationMicros));
  for (const [index, value] of values.entries()) {
    const target = row.children[CALL_COLUMNS.length + index] as HTMLElement;
    target.classList.toggle('absent', value === null);
    setText(target, value === null ? '–' : visibleText(value ?? '…'));
    target.title = value ?? '';
  }
}

/** An empty row, for a call that is on its way. */
export function clearCallRow(row: HTMLElement): void {
  row.removeAttribute('aria-current');
  row.classList.remove('current');
  delete row.dataset['sequence'];
  delete row.dataset['status'];
  for (const [index, target] of [...row.children].entries())
    if (!target.classList.contains('cell-export')) setText(target as HTMLElement, index === 0 ? '…' : '');
  const [status, name, problems] = cell(row, 'export').children;
  status?.replaceChildren();
  problems?.replaceChildren();
  if (status instanceof HTMLElement) delete status.dataset['status'];
  if (problems instanceof HTMLElement) delete problems.dataset['count'];
  if (name) name.textContent = '';
}

function cell(row: HTMLElement, name: Column): HTMLElement {
  const index = CALL_COLUMNS.findIndex(([column]) => column === name);
  return row.children[index] as HTMLElement;
}

function renderExport(target: HTMLElement, call: CallSummary): void {
  const [status, name, problems] = target.children as unknown as HTMLElement[];
  if (!status || !name || !problems) return;
  if (status.dataset['status'] !== call.status) {
    status.dataset['status'] = call.status;
    status.replaceChildren(
      icon(call.status),
      element('span', { class: 'for-readers', text: `${STATUS_WORDS[call.status]}, ` }),
    );
    status.title = STATUS_WORDS[call.status];
  }
  setText(name, call.export);
  if (call.problems > 0 && problems.dataset['count'] !== String(call.problems)) {
    const text = call.problems === 1 ? '1 finding' : `${call.problems} findings`;
    problems.replaceChildren(icon('warning'), element('span', { class: 'for-readers', text }));
    problems.title = text;
  } else if (call.problems === 0) problems.replaceChildren();
  problems.dataset['count'] = String(call.problems);
}

function renderBuffer(target: HTMLElement, buffer: BufferSummary | undefined): void {
  target.classList.toggle('absent', !buffer);
  setText(target, buffer ? visibleText(buffer.preview) : '–');
  target.title = buffer ? `${formatBytes(buffer.size)} ${formatPlace(buffer)}` : '';
}
