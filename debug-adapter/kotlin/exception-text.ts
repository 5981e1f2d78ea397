import type { ThrownException } from '../../protocol/kotlin.ts';

/** `demo.Refusal: not today`, as Kotlin's own `toString` has it. */
export function exceptionText({ className, message }: ThrownException): string {
  return message === null ? className : `${className}: ${message}`;
}
