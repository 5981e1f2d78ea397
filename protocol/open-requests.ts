import type { DebugProtocol } from '@vscode/debugprotocol';

interface Waiting {
  resolve: (response: DebugProtocol.Response) => void;
  reject: (error: Error) => void;
}

/** The numbers of a DAP client's requests, and who waits for their answers. */
export class OpenRequests {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** The `seq` of the next message. */
  nextNumber(): number {
    return ++this.#last;
  }

  /**
   * @param seq of the request
   * @param read what the caller wants of the response; what it throws rejects the promise
   */
  answerTo<T>(seq: number, read: (response: DebugProtocol.Response) => T): Promise<T> {
    const response = new Promise<DebugProtocol.Response>((resolve, reject) =>
      this.#waiting.set(seq, { resolve, reject }),
    );
    return response.then(read);
  }

  /** @returns whether somebody waited for this response: nobody does for a second one to the same request */
  answer(response: DebugProtocol.Response): boolean {
    const waiting = this.#waiting.get(response.request_seq);
    this.#waiting.delete(response.request_seq);
    waiting?.resolve(response);
    return waiting !== undefined;
  }

  /** No more answers come. */
  failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
