import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Call, CallSummary, CapturedBuffer } from '../../protocol/boundary.ts';
import { bold, cyan, dim, green, hexRows, quote, red, yellow } from './terminal.ts';

/** Rows of a buffer that are shown. */
const HEX_ROWS = 8;

/** One stop: why, where, and what the call has carried so far. */
export function printStop(
  number: number,
  stopped: DebugProtocol.StoppedEvent['body'],
  frames: DebugProtocol.StackFrame[],
  call: Call | undefined,
): void {
  console.log(`\n${bold(yellow(`■ Stop ${number}`))}  ${bold(stopped.description ?? stopped.reason)}`);
  if (stopped.text) console.log(`  ${red(stopped.text)}`);
  console.log(`  ${dim('stack')}`);
  for (const frame of frames) {
    const place = frame.source?.name ? dim(`  ${frame.source.name}:${frame.line}`) : '';
    console.log(`    ${cyan(frame.name)}${place}`);
  }
  if (call?.argument) printBuffer('argument', call.argument);
  if (call?.result) printBuffer('result', call.result);
}

function printBuffer(name: string, buffer: CapturedBuffer): void {
  const { size, captured, address, sizePolicy } = buffer;
  const known =
    typeof sizePolicy === 'string'
      ? sizePolicy
      : 'fixed' in sizePolicy
        ? `fixed, ${sizePolicy.fixed}`
        : `${sizePolicy.elements} elements`;
  const cut = captured < size ? `, ${bytes(captured)} captured` : '';
  const where = `${bytes(size)} at 0x${address.toString(16)} (size: ${known}${cut})`;
  console.log(`  ${dim(name)}  ${where}`);
  for (const row of hexRows(Buffer.from(buffer.data, 'base64'), HEX_ROWS)) console.log(`    ${dim(row)}`);
  console.log(`    ${green(quote(buffer.text))}  ${dim(`${buffer.decoder}, ${buffer.decoderReason}`)}`);
  if (buffer.decodeError) console.log(`    ${red(buffer.decodeError)}`);
}

/** What the guest or the adapter has written, each line marked. */
export function printLines({ category, output }: DebugProtocol.OutputEvent['body']): void {
  const colour = category === 'stderr' || category === 'important' ? red : dim;
  const source = category === 'stdout' || category === 'stderr' ? 'guest' : 'adapter';
  for (const line of output.replace(/\n$/, '').split('\n'))
    console.log(`  ${dim(`${source} │`)} ${colour(line)}`);
}

/** Every call of the session. */
export function printLedger(calls: CallSummary[]): void {
  console.log(`\n${bold('Ledger')}  ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`);
  for (const call of calls) {
    const took =
      call.durationMicros === undefined
        ? ''
        : `${Math.round(call.durationMicros).toLocaleString('en')} µs, its stops included`;
    const status = call.status === 'returned' ? green(call.status) : red(call.status);
    console.log(
      `  #${call.sequence}  callId ${call.callId}  ${cyan(call.export)}  ${status}  ${dim(took)}\n` +
        `      ${quote(call.argument?.preview ?? '')} → ${call.result ? quote(call.result.preview) : dim('no result')}`,
    );
  }
}

function bytes(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'byte' : 'bytes'}`;
}
