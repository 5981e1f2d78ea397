import { meaningOfExportParameter } from '../boundary/parameter-names.ts';
import { decodedOperand } from '../kotlin/expressions/decoded-operands.ts';
import { guestValueOf, operandOf } from '../kotlin/expressions/guest-operands.ts';
import type { Operand, Scope } from '../kotlin/expressions/operands.ts';
import { ExpressionError } from '../kotlin/expressions/syntax.ts';
import type { Slot } from '../kotlin/values/assign.ts';
import { isReceiver, type KotlinFrame } from '../kotlin/values/frame.ts';
import type { WasmValue } from 'wasmedge-napi';
import { messageOf } from './failures.ts';
import type { Guest } from './guest.ts';

/** Names of the boundary that mean something where no local has them. */
const BOUNDARY_NAMES = new Set(['callId', 'argument', 'result', 'exportName']);

/** What names mean in a frame of a Kotlin function. */
export class KotlinScope implements Scope {
  readonly #guest: Guest;
  readonly #frame: KotlinFrame;
  /** The names of the boundary (FrameContext). */
  readonly #boundary: object;
  readonly #reload: (() => void) | null;

  /** @param reload makes the function take changed locals; null where they cannot be changed */
  constructor(guest: Guest, frame: KotlinFrame, boundary: object, reload: (() => void) | null = null) {
    this.#guest = guest;
    this.#frame = frame;
    this.#boundary = boundary;
    this.#reload = reload;
  }

  get self(): Operand | null {
    const local = this.#frame.locals.find(({ name }) => isReceiver(name));
    return local ? operandOf(this.#frame.valueOf(local)) : null;
  }

  name(name: string): Operand | undefined {
    const local = this.#frame.local(name);
    if (local) return operandOf(local);
    const { self } = this;
    const member = self?.type === 'Object' ? self.value.member(name) : undefined;
    if (member) return member;
    return BOUNDARY_NAMES.has(name) ? decodedOperand(Reflect.get(this.#boundary, name)) : undefined;
  }

  /** Where what a name means lies; null where it cannot be written. @throws ExpressionError where it means nothing */
  slot(name: string): Slot | null {
    const local = this.#frame.locals.findLast((each) => each.name === name);
    if (local) return this.#reload && this.#frame.slot(local, this.#reload);
    const self = this.self && guestValueOf(this.self);
    const slot = self?.kind === 'object' ? self.object.slotNamed(name) : null;
    if (slot || this.name(name)) return slot;
    throw new ExpressionError(`there is no ${name} here`);
  }

  /** In the order of completions. */
  get names(): string[] {
    return [...new Set([...this.#frame.locals.map(({ name }) => name), ...BOUNDARY_NAMES])].filter(
      (name) => !isReceiver(name),
    );
  }

  call(name: string, args: readonly Operand[]): Operand | undefined {
    const { plan } = this.#guest;
    const planned = plan.exports.find((each) => each.name === name);
    if (!planned) return undefined;
    if (planned.parameterNames.some((each) => each !== null && meaningOfExportParameter(each) === 'callId')) {
      throw new ExpressionError(
        `${name} passes buffers in a call of its own, which an expression cannot open`,
      );
    }
    const { params, results } = planned.type;
    if (args.length !== params.length) {
      throw new ExpressionError(`${name} takes ${params.length} parameters, not ${args.length}`);
    }
    const given = params.map((type, i) => wasmValue(type, args[i], `parameter ${i + 1} of ${name}`));
    const [returned] = this.#callQuietly(name, given);
    const [type] = results;
    if (type === undefined || returned === undefined) return operandOf({ kind: 'opaque', text: 'Unit' });
    if (type !== 'i32' && type !== 'i64' && type !== 'f32' && type !== 'f64') {
      throw new ExpressionError(`${name} returns ${type}, which is no value of Kotlin`);
    }
    return operandOf({ kind: 'erased', stored: type, value: returned as number | bigint });
  }

  #callQuietly(name: string, params: WasmValue[]): WasmValue[] {
    try {
      return this.#guest.quietly(() => this.#guest.exported(name).call(...params));
    } catch (thrown) {
      throw new ExpressionError(`${name} failed: ${messageOf(thrown)}`);
    }
  }
}

function wasmValue(type: string, operand: Operand | undefined, what: string): WasmValue {
  const value = operand?.type === 'Boolean' ? Number(operand.value) : operand?.value;
  if (typeof value === 'number' && type !== 'i64') return value;
  if ((typeof value === 'number' || typeof value === 'bigint') && type === 'i64') return BigInt(value);
  throw new ExpressionError(`${what} is ${operand?.type ?? 'missing'}, and ${type} is wanted`);
}
