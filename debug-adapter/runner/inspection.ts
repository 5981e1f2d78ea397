import type { RemoteValue, RunnerRequests, Stop } from '../../protocol/runner.ts';
import type { Direction } from '../../protocol/boundary.ts';
import { completeExpression } from './completions.ts';
import { crossingBuffer, Editor } from './edits.ts';
import { compileExpression, interruptible, mayAssign, quoteExpression } from './expressions.ts';
import { errorText, RunnerError } from './failures.ts';
import { FrameContext } from './frame-context.ts';
import type { Frame } from './frames.ts';
import type { Guest } from './guest.ts';
import { completeKotlin, kotlinResult } from './kotlin-results.ts';
import { compile } from './kotlin-expressions.ts';
import { textOf } from '../kotlin/expressions/operands.ts';
import type { Heap } from '../kotlin/values/heap.ts';
import { pathOf } from '../kotlin/values/paths.ts';
import { newValue, slotIfAny, targetSlot } from './kotlin-targets.ts';
import { KotlinVariables } from './kotlin-variables.ts';
import { KotlinScope } from './kotlin-scope.ts';
import { RemoteValues } from './remote-values.ts';
import { scopeValues } from './scopes.ts';

/** Answers what is asked about the frames of one stop; its handles end with it. */
export class Inspection {
  readonly #guest: Guest;
  readonly #contexts: FrameContext[];
  readonly #values = new RemoteValues();
  readonly #innermost: Frame | undefined;
  /** Frames that the guest does not come back to: their functions have been left by what went wrong. */
  readonly #left: ReadonlySet<Frame>;
  readonly #notify: (message: string) => void;

  /**
   * @param frames innermost first
   * @param failed the innermost call does not return
   * @param notify what a person has to know beside the answer
   */
  constructor(
    guest: Guest,
    at: Stop['at'],
    frames: readonly Frame[],
    failed: boolean,
    notify: (message: string) => void,
  ) {
    this.#guest = guest;
    this.#innermost = frames[0];
    const call = frames.findIndex(({ kind }) => kind === 'call' || kind === 'entry');
    this.#left = new Set(failed ? frames.slice(0, Math.max(0, call)) : []);
    this.#notify = notify;
    const editor = new Editor(at, frames);
    this.#contexts = frames.map((frame) => new FrameContext(guest, editor, frame));
  }

  #context(frame: number): FrameContext {
    const context = this.#contexts[frame];
    if (context) return context;
    throw new RunnerError({ code: 'range', message: `There is no frame ${frame} at this stop.` });
  }

  evaluate({ frame, expression, full }: RunnerRequests['evaluate']['arguments']): RemoteValue {
    const context = this.#context(frame);
    const scope = this.#kotlinScope(context);
    const heap = this.#guest.probes?.heap;
    if (scope && heap) return this.#evaluateKotlin(scope, heap, expression, full ?? false);
    const value = this.#run(context, expression);
    if (mayAssign(expression)) this.#afterChange(context);
    return this.#describe(context, expression, value, full ?? false);
  }

  /** Null where the frame is none of a Kotlin function. */
  #kotlinScope({ frame, scope }: FrameContext): KotlinScope | null {
    const { probes } = this.#guest;
    if (frame?.kind !== 'function' || !probes) return null;
    const kotlin = probes.frame(frame);
    const reload = this.#left.has(frame) ? null : () => probes.reload(frame.address);
    return kotlin && new KotlinScope(this.#guest, kotlin, scope, reload);
  }

  #evaluateKotlin(scope: KotlinScope, heap: Heap, expression: string, full: boolean): RemoteValue {
    const name = expression.trim();
    const value = interruptible(() => compile(name)(scope));
    const slot = slotIfAny(name, scope);
    const shown = kotlinResult(name, value, new KotlinVariables(this.#values, heap), slot);
    return full ? { ...shown, value: textOf(value) } : shown;
  }

  /** @throws RunnerError where the target or value is none, or cannot be assigned here */
  assign({ frame, target, value }: RunnerRequests['assign']['arguments']): RemoteValue {
    const context = this.#context(frame);
    const scope = this.#kotlinScope(context);
    const heap = this.#guest.probes?.heap;
    if (scope && heap) {
      const name = target.trim();
      const slot = targetSlot(name, scope);
      const operand = newValue(name, value, scope);
      return new KotlinVariables(this.#values, heap).assigned(name, slot, operand, pathOf(name));
    }
    try {
      compileExpression(`(${target}\n) = undefined`);
    } catch {
      throw new RunnerError({
        code: 'value',
        message: `${quoteExpression(target)} is nothing that can be assigned.`,
      });
    }
    compileExpression(value);
    try {
      this.#run(context, `(${target}\n) = (${value}\n)`);
    } catch (thrown) {
      throw withHint(thrown, value);
    }
    this.#afterChange(context);
    return this.#describe(context, target, this.#run(context, target), false);
  }

  #run(context: FrameContext, source: string): unknown {
    const expression = compileExpression(source);
    try {
      return interruptible(expression(context.scope));
    } catch (thrown) {
      if (thrown instanceof RunnerError) throw thrown;
      throw new RunnerError({ code: 'expression', message: `${errorText(thrown).replace(/\.$/, '')}.` });
    }
  }

  /** An expression may have changed a part of `argument` or `result`, memory, or a wrong pointer. */
  #afterChange(context: FrameContext): void {
    context.writeBack();
    const crossing = crossingBuffer(this.#innermost);
    crossing?.memoryWritten();
    if (crossing?.problem?.fatal) this.#notify(crossing.problem.message);
  }

  #describe(context: FrameContext, expression: string, value: unknown, full: boolean): RemoteValue {
    const name = expression.trim();
    const root = /^(argument|result)\b/.exec(name)?.[1] as Direction | undefined;
    const place = root === name ? context.call?.place(root) : null;
    const readOnly = root ? context.refusal(root) !== null : !this.#isAssignable(name);
    return this.#values.describe(
      name,
      value,
      { evaluateName: name, readOnly, ...(place && { memory: place }) },
      full,
    );
  }

  #isAssignable(name: string): boolean {
    if (/^(?:memory\.u8|globals)\b/.test(name)) return true;
    if (this.#innermost?.kind !== 'import') return false;
    const { role, answer } = this.#innermost;
    if (answer && /^returns\b/.test(name)) return true;
    return /^params\b/.test(name) && role?.problem?.fatal === true;
  }

  properties({ handle, start, count }: RunnerRequests['properties']['arguments']): { values: RemoteValue[] } {
    const values = interruptible(() => this.#values.properties(handle, start, count));
    if (values) return { values };
    throw new RunnerError({ code: 'range', message: 'This value is gone: the guest has run since.' });
  }

  /** @throws RunnerError where the value is of another type, or cannot be read */
  replace({ replace, value }: RunnerRequests['replace']['arguments']): RemoteValue {
    const replaced = this.#values.replace(replace, value);
    if (replaced) return replaced;
    throw new RunnerError({ code: 'range', message: 'This value is gone: the guest has run since.' });
  }

  scope({ frame, scope }: RunnerRequests['scope']['arguments']): { values: RemoteValue[] } {
    const context = this.#context(frame);
    const goesOn = context.frame !== null && !this.#left.has(context.frame);
    return { values: scopeValues(scope, context, this.#guest, this.#values, goesOn) };
  }

  completions({ frame, text, column }: RunnerRequests['completions']['arguments']): { labels: string[] } {
    const context = this.#context(frame);
    const kotlin = this.#kotlinScope(context);
    if (kotlin) return { labels: completeKotlin(kotlin, text.slice(0, column - 1)) };
    return { labels: completeExpression(context.scope, text, column) };
  }
}

/** A name that is not there is most often text without its quotes. */
function withHint(thrown: unknown, value: string): unknown {
  if (!(thrown instanceof RunnerError) || !/is not defined/.test(thrown.message) || !/^[\w ]+$/.test(value))
    return thrown;
  return new RunnerError({
    code: 'expression',
    message: `${thrown.message} Text is written in quotes: "${value}".`,
  });
}
