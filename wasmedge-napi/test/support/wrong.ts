/** A value where the types forbid it: what a script without types may pass. */
export const wrong = (value?: unknown): never => value as never;
