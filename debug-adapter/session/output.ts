import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Turns of the event loop that the guest's pipes get before a stop or the end is announced. */
const TURNS = 2;

/**
 * The guest's stdout or stderr as `output` events: text in UTF-8, whole characters, as it comes. While the client does not
 * read, the pipe is not read either, and the guest waits as it would for any slow reader.
 */
export function forwardOutput(
  stream: Readable,
  send: (text: string) => void,
  client: { isCongested(): boolean; onceDrained(listener: () => void): void },
): void {
  const decoder = new StringDecoder('utf8');
  stream.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    if (text !== '') send(text);
    if (!client.isCongested()) return;
    stream.pause();
    client.onceDrained(() => stream.resume());
  });
  stream.on('end', () => {
    const rest = decoder.end();
    if (rest !== '') send(rest);
  });
}

/**
 * Resolves when what the guest wrote before a message of its runner has been read: it is in the pipes by then, and each
 * turn of the event loop reads what they hold.
 */
export async function outputTurns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
