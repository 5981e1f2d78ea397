import { ErrorId, RequestError } from './request-error.ts';

/**
 * Ids of things that live as long as one stop (DAP, “Lifetime of Objects References”). An id is never used again, so one
 * from an earlier stop gets an error instead of something else's contents.
 */
export class StopScoped<T> {
  readonly #kind: string;
  readonly #values = new Map<number, T>();
  #next = 1;

  /** @param kind what an id is called in an error, e.g. `frame`. */
  constructor(kind: string) {
    this.#kind = kind;
  }

  add(value: T): number {
    const id = this.#next++;
    this.#values.set(id, value);
    return id;
  }

  /** @throws RequestError where `id` is of no thing of this stop. */
  get(id: number): T {
    const value = this.#values.get(id);
    if (value !== undefined) return value;
    const why =
      id > 0 && id < this.#next
        ? 'is of an earlier stop, and the guest has run since'
        : 'has not been given out';
    throw new RequestError(ErrorId.noSuchId, `The ${this.#kind} ${id} ${why}.`, { showUser: false });
  }

  clear(): void {
    this.#values.clear();
  }
}
