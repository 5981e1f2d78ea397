/** A source that is no file: the client asks for its text by its reference. */
export interface ServedSource {
  reference: number;
  mimeType: string;
  /** The function whose code it lists; absent for others. */
  functionIndex?: number;
  /** Made when it is asked for the first time. */
  text(): string;
}

/** Sources of a run that the adapter serves; a reference stays the same for the run. */
export class ServedSources {
  readonly #byName = new Map<string, ServedSource>();
  readonly #byReference: ServedSource[] = [];

  /** The source of that name, which `make` describes the first time. */
  serve(name: string, mimeType: string, make: () => string, functionIndex?: number): ServedSource {
    let source = this.#byName.get(name);
    if (!source) {
      let text: string | undefined;
      source = {
        reference: this.#byReference.length + 1,
        mimeType,
        ...(functionIndex !== undefined && { functionIndex }),
        text: () => (text ??= make()),
      };
      this.#byName.set(name, source);
      this.#byReference.push(source);
    }
    return source;
  }

  find(reference: number): ServedSource | undefined {
    return this.#byReference[reference - 1];
  }
}
