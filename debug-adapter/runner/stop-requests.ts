import type { RunnerCommand, RunnerRequests, ToRunner } from '../../protocol/runner.ts';
import { crossingBuffer } from './edits.ts';
import { RunnerError } from './failures.ts';
import type { Frame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { Inspection } from './inspection.ts';

/** Answers a request about a stop. @throws RunnerError */
export function answerAtStop(
  request: ToRunner,
  inspection: Inspection,
  guest: Guest,
  innermost: Frame | undefined,
): RunnerRequests[RunnerCommand]['body'] {
  switch (request.command) {
    case 'evaluate':
      return inspection.evaluate(request.arguments);
    case 'assign':
      return inspection.assign(request.arguments);
    case 'replace':
      return inspection.replace(request.arguments);
    case 'properties':
      return inspection.properties(request.arguments);
    case 'scope':
      return inspection.scope(request.arguments);
    case 'completions':
      return inspection.completions(request.arguments);
    case 'writeMemory':
      return writeMemory(request.arguments, guest, innermost);
    default:
      throw new RunnerError({
        code: 'internal',
        message: `${request.command} cannot be asked for at a stop.`,
      });
  }
}

/** Writes what lies in memory. Where that changes the buffer that crosses just now, the ledger gets it again. */
function writeMemory(
  { address, data }: RunnerRequests['writeMemory']['arguments'],
  { memory }: Guest,
  innermost: Frame | undefined,
): RunnerRequests['writeMemory']['body'] {
  if (!memory) throw new RunnerError({ code: 'range', message: 'The guest exports no memory.' });
  const bytes = Buffer.from(data, 'base64');
  const written = address < 0 ? 0 : Math.max(0, Math.min(bytes.length, memory.size - address));
  if (written > 0) memory.write(address, bytes.subarray(0, written));
  if (written > 0) crossingBuffer(innermost)?.memoryWritten();
  return { written, memoryBytes: memory.size };
}
