import type { Global } from 'wasmedge-napi';
import type { Direction } from '../../protocol/boundary.ts';
import type { Answer } from './answer.ts';
import { decodedBuffer } from './decoded-buffers.ts';
import { assignGlobal, type Editor } from './edits.ts';
import { RunnerError } from './failures.ts';
import type { CallFrame, Frame } from './frames.ts';
import type { Guest } from './guest.ts';
import { paramsObject } from './parameters.ts';
import { plainCallId } from './values.ts';

/** The names that expressions know, in the order of completions. */
export const SCOPE_NAMES = [
  'callId',
  'argument',
  'result',
  'params',
  'memory',
  'globals',
  'exportName',
  'returns',
] as const;

/**
 * What expressions see at a frame: `scope` has an accessor for each name, so that nothing is decoded or read that an
 * expression does not ask for. Conditions share one context whose frame changes from crossing to crossing.
 */
export class FrameContext {
  readonly scope: object;
  readonly #guest: Guest;
  /** Null where expressions may not change anything: in conditions. */
  readonly #editor: Editor | null;
  #frame: Frame | null = null;

  constructor(guest: Guest, editor: Editor | null, frame: Frame | null = null) {
    this.#guest = guest;
    this.#editor = editor;
    this.#frame = frame;
    this.scope = this.#makeScope();
  }

  /** The scope over another frame: the same object. */
  at(frame: Frame): object {
    this.#frame = frame;
    return this.scope;
  }

  get frame(): Frame | null {
    return this.#frame;
  }

  /** The call that the frame is about. */
  get call(): CallFrame | null {
    if (this.#frame?.kind === 'call') return this.#frame;
    return this.#frame?.kind === 'import' || this.#frame?.kind === 'function' ? this.#frame.call : null;
  }

  get #answer(): Answer | null {
    return this.#frame?.kind === 'import' ? this.#frame.answer : null;
  }

  #makeScope(): object {
    const getters: Record<(typeof SCOPE_NAMES)[number], () => unknown> = {
      callId: () => (this.call ? plainCallId(this.call.callId) : undefined),
      argument: () => this.#decoded('argument'),
      result: () => this.#decoded('result'),
      params: () => this.#params(),
      memory: () => this.#guest.memory,
      globals: () => globalsObject(this.#guest.globals, this.#editor !== null),
      exportName: () => this.call?.planned.name,
      returns: () => this.#answer?.returns ?? this.call?.returns ?? undefined,
    };
    const scope = Object.create(null) as object;
    for (const name of SCOPE_NAMES) {
      Object.defineProperty(scope, name, {
        enumerable: true,
        get: getters[name],
        set: (value: unknown) => this.#assign(name, value),
      });
    }
    return scope;
  }

  #decoded(direction: Direction): unknown {
    const { call } = this;
    return call ? decodedBuffer(call, direction)?.value : undefined;
  }

  #params(): object | undefined {
    const frame = this.#frame;
    const editor = this.#editor;
    if (frame?.kind !== 'import') return frame?.kind === 'call' ? paramsObject(frame) : undefined;
    return editor
      ? paramsObject(frame, (parameter, value) => editor.correct(frame, parameter, value))
      : paramsObject(frame);
  }

  #assign(name: (typeof SCOPE_NAMES)[number], value: unknown): void {
    if (name === 'returns' && this.#answer && this.#editor) return this.#answer.set(value);
    if (name !== 'argument' && name !== 'result') {
      throw new RunnerError({ code: 'value', message: `${name} cannot be changed.` });
    }
    if (!this.#editor) {
      throw new RunnerError({
        code: 'value',
        message: `A condition cannot change the ${name}: compare with === or ==.`,
      });
    }
    if (!this.call)
      throw new RunnerError({ code: 'value', message: `There is no ${name} outside of calls.` });
    this.#editor.write(this.call, name, value);
  }

  /** Writes back what an expression changed inside of `argument` or `result`. @throws RunnerError */
  writeBack(): void {
    const { call } = this;
    if (!call || !this.#editor) return;
    for (const direction of ['argument', 'result'] as const) this.#editor.writeBack(call, direction);
  }

  /** Why this buffer of the frame's call cannot be changed; null where it can. */
  refusal(direction: Direction): string | null {
    return this.call && this.#editor ? this.#editor.refusal(this.call, direction) : 'There is no call.';
  }
}

function globalsObject(globals: Map<string, Global>, assignable: boolean): object {
  const object = {};
  for (const [name, global] of globals) {
    const property: PropertyDescriptor = { enumerable: true, get: () => global.value };
    if (assignable) property.set = (value: unknown) => assignGlobal(name, global, value);
    Object.defineProperty(object, name, property);
  }
  return object;
}
