import type { DebugProtocol } from '@vscode/debugprotocol';

const HEADER_END = Buffer.from('\r\n\r\n');

/** DAP's base protocol: `Content-Length: N`, an empty line, N bytes of JSON in UTF-8. */
export function encodeMessage(message: DebugProtocol.ProtocolMessage): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** Cuts a byte stream into DAP messages. Chunks are joined once per message, so that large bodies stay cheap. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  /** Bytes that must be there before the next look; a header is looked for again with every chunk. */
  private wanted = 0;
  private bodyLength: number | null = null;

  /** @throws Error where the stream is not DAP. */
  push(chunk: Buffer): DebugProtocol.ProtocolMessage[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const messages: DebugProtocol.ProtocolMessage[] = [];
    while (this.buffered >= this.wanted) {
      const body = this.take();
      if (!body) break;
      messages.push(JSON.parse(body.toString('utf8')) as DebugProtocol.ProtocolMessage);
    }
    return messages;
  }

  private take(): Buffer | null {
    const data = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    if (!data) return null;
    this.chunks = [data];
    let start = 0;
    if (this.bodyLength === null) {
      const end = data.indexOf(HEADER_END);
      if (end < 0) {
        this.wanted = this.buffered + 1;
        return null;
      }
      const header = data.toString('latin1', 0, end);
      const length = /^Content-Length: (\d+)$/im.exec(header)?.[1];
      if (length === undefined)
        throw new Error(`The debug adapter sent a header without a length: ${header}`);
      this.bodyLength = Number(length);
      start = end + HEADER_END.length;
    }
    const stop = start + this.bodyLength;
    if (data.length < stop) {
      this.keep(data.subarray(start));
      this.wanted = this.bodyLength;
      return null;
    }
    const body = data.subarray(start, stop);
    this.keep(data.subarray(stop));
    this.bodyLength = null;
    this.wanted = 0;
    return body;
  }

  private keep(rest: Buffer): void {
    this.chunks = rest.length > 0 ? [rest] : [];
    this.buffered = rest.length;
  }
}
