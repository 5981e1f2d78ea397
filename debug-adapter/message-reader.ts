/** Longest header block and longest message that are believed; what claims more is malformed. */
const MAX_HEADER = 8 * 1024;
const MAX_BODY = 256 * 1024 * 1024;
const HEADER_END = '\r\n\r\n';
const LENGTH_HEADER = 'content-length:';

export interface MessageListener {
  /** One JSON value, whatever it is. */
  message(value: unknown): void;
  /** Something was skipped; `problem` is one sentence. */
  malformed(problem: string): void;
}

/**
 * Cuts a byte stream into DAP messages (base protocol: header fields, an empty line, `Content-Length` bytes of JSON in
 * UTF-8). What is malformed is reported and skipped up to the next `Content-Length`: a client's mistake must not end the
 * session.
 */
export class MessageReader {
  readonly #listener: MessageListener;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the message whose header was read; -1: a header is next. */
  #body = -1;
  /** Something malformed was reported: all up to the next Content-Length belongs to it. */
  #isSkipping = false;

  constructor(listener: MessageListener) {
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#body >= 0 ? this.#readBody() : this.#readHeader());
  }

  /** True while there may be more to do with the bytes at hand. */
  #readBody(): boolean {
    if (this.#length < this.#body) return false;
    const body = this.#take(this.#body);
    this.#body = -1;
    this.#parse(body);
    return true;
  }

  #readHeader(): boolean {
    if (this.#isSkipping && !this.#skip()) return false;
    const pending = this.#join();
    const end = pending.indexOf(HEADER_END);
    if (end < 0) {
      if (pending.length <= MAX_HEADER) return false;
      return this.#refuse(1, `${pending.length} bytes came without the empty line that ends a header`);
    }
    const header = pending.toString('latin1', 0, end);
    const length = contentLength(header);
    if (length === undefined) {
      return this.#refuse(1, `a header has no usable Content-Length: ${JSON.stringify(header.slice(0, 80))}`);
    }
    this.#take(end + HEADER_END.length);
    if (length > MAX_BODY) return this.#refuse(0, `a message claims ${length} bytes, more than ${MAX_BODY}`);
    this.#body = length;
    return true;
  }

  /** Drops `count` bytes and what follows up to the next header. */
  #refuse(count: number, problem: string): true {
    this.#take(count);
    this.#isSkipping = true;
    this.#listener.malformed(problem);
    return true;
  }

  /** Drops bytes up to the next Content-Length; false where there is none yet. */
  #skip(): boolean {
    const pending = this.#join();
    const next = pending.toString('latin1').toLowerCase().indexOf(LENGTH_HEADER);
    // The end may be the beginning of one.
    this.#take(next >= 0 ? next : Math.max(0, pending.length - LENGTH_HEADER.length + 1));
    this.#isSkipping = next < 0;
    return next >= 0;
  }

  #parse(body: Buffer): void {
    if (body.length === 0) return this.#listener.malformed('a message is empty');
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#listener.malformed(`a message of ${body.length} bytes is not JSON (${why})`);
    }
    this.#listener.message(value);
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [joined];
    return joined;
  }

  #take(count: number): Buffer {
    const joined = this.#join();
    this.#chunks = [joined.subarray(count)];
    this.#length = joined.length - count;
    return joined.subarray(0, count);
  }
}

/** Field names are compared without case, as in HTTP; the last one counts. */
function contentLength(header: string): number | undefined {
  let length: number | undefined;
  for (const line of header.split('\r\n')) {
    const match = /^content-length:\s*(\d{1,15})\s*$/i.exec(line);
    if (match) length = Number(match[1]);
  }
  return length;
}

/** A message with its header, as it goes over the wire. */
export function frame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, 'latin1'), body]);
}
