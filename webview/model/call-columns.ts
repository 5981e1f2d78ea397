import type { CallColumn, CallOrder } from '../../protocol/boundary.ts';
import type { PickedColumn } from '../../protocol/webview.ts';

/** Columns that a person can add to the list. */
export const MOST_COLUMNS = 4;

/** `$.user.id`, `$[0]`, `$["first name"]`. */
export function columnTitle({ names }: PickedColumn): string {
  const steps = names.map((name) => {
    if (/^\d+$/.test(name)) return `[${name}]`;
    return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return `$${steps.join('')}`;
}

export function sameColumn(one: PickedColumn, other: PickedColumn): boolean {
  return one.direction === other.direction && JSON.stringify(one.names) === JSON.stringify(other.names);
}

/** What a click on a column's title leads to: ascending, then descending, then the order of the calls again. */
export function nextOrder(order: CallOrder | undefined, by: CallColumn): CallOrder | undefined {
  if (order?.by !== by) return { by };
  return order.descending ? undefined : { by, descending: true };
}
