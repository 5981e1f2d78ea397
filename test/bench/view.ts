import type { DapClient } from '../support/dap-client.ts';
import type { BenchContext } from './context.ts';
import { inspected, noted, pressed } from './inspected.ts';

const TIMES = 7;

/** The list of the call inspector with all the calls of a session that has ended: its opening, and jumps in it. */
export async function measureView(
  client: DapClient,
  total: number,
  { wasmedge, report }: BenchContext,
): Promise<void> {
  const opened: number[] = [];
  const jumped: number[] = [];
  const row = (sequence: number) => ({ selector: `.call-row[data-sequence="${sequence}"]` });
  await inspected(client, total, async (page) => {
    for (let time = 0; time < TIMES; time++) {
      await page.reload();
      opened.push(await noted(page, 'opened'));
      jumped.push(await pressed(page, 'End', row(total - 1)), await pressed(page, 'Home', row(0)));
    }
  });
  const open = { name: 'million/view-open', unit: 'ms', wasmedge, budget: '≤ 300 ms to the first paint' };
  await report.addMedian(open, opened);
  const jump = { name: 'million/view-jump', unit: 'ms', wasmedge, budget: '≤ 50 ms to the painted row' };
  await report.addMedian(jump, jumped);
}
