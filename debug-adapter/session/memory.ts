import * as z from 'zod';
import { LINEAR_MEMORY_REFERENCE } from '../../protocol/dap.ts';
import { parseCaptureReference, type CaptureName } from '../boundary/calls.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { ErrorId, RequestError } from './request-error.ts';

/** Bytes that one `readMemory` answers at most; more is asked for again. */
const MAX_READ = 64 * 1024 * 1024;

const readSchema = z.object({
  memoryReference: z.string(),
  offset: z.number().int().default(0),
  count: z.number().int().min(0),
});

const writeSchema = z.object({
  memoryReference: z.string(),
  offset: z.number().int().default(0),
  allowPartial: z.boolean().default(false),
  data: z.string(),
});

/** Linear references that a client is told about; the one that was read longest ago is forgotten. */
const MAX_WATCHED = 100;

/** Memory reference of linear memory from an address on: `memory`, `memory@1024`. */
export function linearReference(address: number): string {
  return address === 0 ? LINEAR_MEMORY_REFERENCE : `${LINEAR_MEMORY_REFERENCE}@${address}`;
}

/** The address that a linear reference begins at; undefined where it is none. */
export function linearAddress(reference: string): number | undefined {
  if (reference === LINEAR_MEMORY_REFERENCE) return 0;
  const match = /^memory@(\d{1,15})$/.exec(reference);
  return match ? Number(match[1]) : undefined;
}

/**
 * Tells the client that what it has read of linear memory may have changed. Always all of it: editors do not refresh
 * rightly for a part that does not begin at 0 (design.md §6).
 */
export function announceMemory(context: SessionContext): void {
  const size = context.run?.memoryBytes ?? 0;
  if (!context.client.supportsMemoryEvent) return;
  for (const memoryReference of context.watchedMemory) {
    const count = Math.max(0, size - (linearAddress(memoryReference) ?? 0));
    context.sendEvent('memory', { memoryReference, offset: 0, count });
  }
}

/** Bytes were changed at a stop from outside: whatever shows them is fetched again. */
export function announceEdit(context: SessionContext): void {
  announceMemory(context);
  if (context.client.supportsInvalidatedEvent) {
    context.sendEvent('invalidated', { areas: ['variables'], threadId: 1 });
  }
}

/** Puts a reference last among those that are watched. */
function watch(watched: Set<string>, memoryReference: string): void {
  watched.delete(memoryReference);
  watched.add(memoryReference);
  const [oldest] = watched;
  if (watched.size > MAX_WATCHED && oldest !== undefined) watched.delete(oldest);
}

function noSuchReference(reference: string): RequestError {
  return new RequestError(
    ErrorId.noSuchId,
    `There is no memory “${reference}”. There is “${LINEAR_MEMORY_REFERENCE}”, “${LINEAR_MEMORY_REFERENCE}@ADDRESS”, ` +
      'and “call-SEQUENCE-argument” and “call-SEQUENCE-result” for the buffers of calls.',
    { showUser: false },
  );
}

interface ReadMemoryBody {
  address: string;
  data?: string;
  unreadableBytes?: number;
}

function readBody(address: number, data: string, readable: number, count: number): ReadMemoryBody {
  const body: ReadMemoryBody = { address: `0x${address.toString(16)}` };
  if (data !== '') body.data = data;
  if (readable < count) body.unreadableBytes = count - readable;
  return body;
}

/** @throws RequestError where nobody knows the reference, or the memory is gone. */
async function readMemory(
  context: SessionContext,
  { memoryReference, offset, count }: z.infer<typeof readSchema>,
): Promise<ReadMemoryBody> {
  const captured = parseCaptureReference(memoryReference);
  if (captured) return readCaptured(context, memoryReference, captured, offset, count);
  const base = linearAddress(memoryReference);
  if (base === undefined) throw noSuchReference(memoryReference);
  const run = requireRun(context);
  if (run.state === 'ended') {
    const message =
      'The guest has ended and its memory with it. The buffers of its calls can still be read in “Boundary Calls”.';
    throw new RequestError(ErrorId.ended, message, { showUser: false });
  }
  watch(context.watchedMemory, memoryReference);
  const address = base + offset;
  // What lies before address 0 cannot be read, and what follows it is asked for again by whoever wants it.
  if (address < 0) return { address: '0x0', unreadableBytes: Math.min(count, -address) };
  const wanted = Math.min(count, MAX_READ);
  const { data, memoryBytes } = await run.request('readMemory', { address, count: wanted });
  run.memoryBytes = memoryBytes;
  const readable = Math.max(0, Math.min(wanted, memoryBytes - address));
  return readBody(address, data, readable, readable < wanted ? count : wanted);
}

function readCaptured(
  context: SessionContext,
  memoryReference: string,
  name: CaptureName,
  offset: number,
  count: number,
): ReadMemoryBody {
  const { sequence, direction, index } = name;
  const handed = context.ledger.handedOver(sequence, direction);
  const buffer = handed[index]?.buffer;
  if (!buffer) {
    const why = !context.ledger.facts(sequence)
      ? `there is no call ${sequence}`
      : handed.length === 0
        ? `call ${sequence} has no ${direction}`
        : `call ${sequence} has only ${handed.length} of them`;
    throw new RequestError(ErrorId.noSuchId, `“${memoryReference}” cannot be read: ${why}.`, {
      showUser: false,
    });
  }
  if (offset < 0) return { address: '0x0', unreadableBytes: Math.min(count, -offset) };
  const bytes = buffer.bytes.subarray(offset, offset + Math.min(count, MAX_READ));
  const data = Buffer.from(bytes).toString('base64');
  const end = Math.min(count, MAX_READ);
  // An array behind a handle lies nowhere that is known.
  const base = buffer.policy.startsWith('elements-') ? 0 : buffer.address;
  return readBody(base + offset, data, bytes.length, bytes.length < end ? count : end);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

async function writeMemory(
  context: SessionContext,
  { memoryReference, offset, allowPartial, data }: z.infer<typeof writeSchema>,
): Promise<{ offset: number; bytesWritten: number }> {
  if (parseCaptureReference(memoryReference)) {
    const message =
      'A captured buffer cannot be changed: it is what has crossed. Change the argument or result at its stop instead.';
    throw new RequestError(ErrorId.memory, message, { showUser: false });
  }
  const base = linearAddress(memoryReference);
  if (base === undefined) throw noSuchReference(memoryReference);
  if (!BASE64.test(data)) {
    throw new RequestError(ErrorId.badArguments, 'writeMemory: data is not Base64.', { showUser: false });
  }
  const run = requireRun(context);
  if (run.state === 'ended') run.requireStop();
  const bytes = Buffer.from(data, 'base64');
  const address = base + offset;
  const size = run.memoryBytes ?? 0;
  const fits = address < 0 ? 0 : Math.max(0, Math.min(bytes.length, size - address));
  if (fits < bytes.length && (!allowPartial || address < 0)) {
    const message = `${bytes.length} bytes at address ${address} do not fit: memory has ${size} bytes. Nothing was written.`;
    throw new RequestError(ErrorId.memory, message, { showUser: false });
  }
  const { written, memoryBytes } = await run.request('writeMemory', {
    address,
    data: bytes.subarray(0, fits).toString('base64'),
  });
  run.memoryBytes = memoryBytes;
  announceEdit(context);
  return { offset: 0, bytesWritten: written };
}

export function memoryHandlers(context: SessionContext): Handlers {
  return {
    readMemory: handler(readSchema, (args) => readMemory(context, args)),
    writeMemory: handler(writeSchema, (args) => writeMemory(context, args)),
  };
}
