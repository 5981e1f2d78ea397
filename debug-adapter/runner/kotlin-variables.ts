import type { RemoteValue } from '../../protocol/runner.ts';
import type { Operand, Scope } from '../kotlin/expressions/operands.ts';
import { assign, type Slot } from '../kotlin/values/assign.ts';
import { entryText, kotlinText, kotlinTypeName, shownName } from '../kotlin/values/display.ts';
import type { Elements } from '../kotlin/values/elements.ts';
import { isReceiver, type KotlinFrame } from '../kotlin/values/frame.ts';
import type { Heap } from '../kotlin/values/heap.ts';
import type { KotlinObject } from '../kotlin/values/object.ts';
import type { KotlinValue } from '../kotlin/values/value.ts';
import { elementPath, fieldPath, namePath, valuePath } from '../kotlin/values/paths.ts';
import { newValue, refusing } from './kotlin-targets.ts';
import type { Children, RemoteValues } from './remote-values.ts';

const POINTER = 'kotlin.wasm.unsafe.Pointer';
/** What may be replaced by something of the same kind. */
const REPLACEABLE: ReadonlySet<KotlinValue['kind']> = new Set([
  'boolean',
  'char',
  'number',
  'erased',
  'string',
  'wrapped',
]);
/** New values are written as literals, and what is made of them. */
const NO_NAMES: Scope = { self: null, name: () => undefined, call: () => undefined };

/** Kotlin values as variables that open what they hold, and that can be replaced. */
export class KotlinVariables {
  readonly #values: RemoteValues;
  readonly #heap: Heap;

  constructor(values: RemoteValues, heap: Heap) {
    this.#values = values;
    this.#heap = heap;
  }

  /**
   * The locals of a frame.
   *
   * @param reload makes its function take changed ones; null where they cannot be changed
   */
  locals(frame: KotlinFrame, reload: (() => void) | null): RemoteValue[] {
    return frame.locals.map((local, i) => {
      const name = isReceiver(local.name) ? 'this' : local.name;
      // One that another of its name hides has no name of its own.
      const isHidden = frame.locals.some((each, j) => j > i && each.name === local.name);
      const path = isHidden ? null : namePath(name);
      return this.variable(name, frame.valueOf(local), { path, slot: reload && frame.slot(local, reload) });
    });
  }

  /**
   * Puts what an operand comes to where a value lies.
   *
   * @throws RunnerError where it is of another type
   */
  assigned(name: string, slot: Slot, operand: Operand, path: string | null): RemoteValue {
    refusing(name, () => assign(this.#heap, slot, operand));
    return this.variable(name, slot.value(), { slot, path });
  }

  /** A value as a variable. */
  variable(name: string, value: KotlinValue, { slot = null, path = null }: Origin = {}): RemoteValue {
    const shown: RemoteValue = {
      name,
      value: kotlinText(value),
      type: kotlinTypeName(value),
      handle: 0,
      readOnly: true,
    };
    if (path !== null) shown.evaluateName = path;
    if (slot && isReplaceable(slot, value)) {
      shown.readOnly = false;
      shown.replace = this.#values.replaceable((expression) =>
        this.assigned(name, slot, newValue(name, expression, NO_NAMES), path),
      );
    }
    const children = this.#childrenOf(value, path);
    if (children && children.indexed + children.named > 0) {
      shown.handle = this.#values.open(children);
      shown.indexed = children.indexed;
      shown.named = children.named;
    }
    const address = pointer(value);
    if (address !== null) shown.memory = { address, size: 0 };
    return shown;
  }

  #childrenOf(value: KotlinValue, path: string | null): Children | null {
    if (value.kind === 'wrapped') {
      const inner = path === null ? null : `${path}.${value.field}`;
      return fixed([() => this.variable(value.field, value.value, { path: inner })]);
    }
    if (value.kind !== 'object') return null;
    const { object } = value;
    return object.elements ? this.#elements(object, object.elements, path) : this.#fields(object, path);
  }

  #elements(object: KotlinObject, elements: Elements, path: string | null): Children {
    // An array has nothing beside its elements.
    const raw = /^kotlin\.\w*Array$/.test(object.class.name) ? null : this.#fields(object, path);
    return {
      indexed: elements.size,
      named: raw ? 1 : 0,
      page: (start, count) => {
        const shown =
          elements.kind === 'list'
            ? elements.page(start, count).map((each, i) =>
                this.variable(String(start + i), each, {
                  slot: elements.slot(start + i),
                  path: elementPath(path, start + i),
                }),
              )
            : elements
                .page(start, count)
                .map(({ key, value }, i) => this.#entry(String(start + i), key, value, valuePath(path, key)));
        if (raw && start + count > elements.size) shown.push(this.#rawView(raw, object));
        return shown;
      },
    };
  }

  /** @param path of the value */
  #entry(name: string, key: KotlinValue, value: KotlinValue, path: string | null): RemoteValue {
    const parts = fixed([() => this.variable('key', key), () => this.variable('value', value, { path })]);
    const handle = this.#values.open(parts);
    return { name, value: entryText(key, value), type: '', handle, named: 2, readOnly: true };
  }

  /** The fields of a collection, as the library has them. */
  #rawView(fields: Children, { class: its }: KotlinObject): RemoteValue {
    const handle = this.#values.open(fields);
    return { name: 'raw', value: its.name, type: its.name, handle, named: fields.named, readOnly: true };
  }

  #fields(object: KotlinObject, path: string | null): Children {
    return fixed(
      object.class.fields.map(
        ({ name, index }) =>
          () =>
            this.variable(shownName(name), object.fieldAt(index), {
              slot: object.slot(index),
              path: fieldPath(path, object, index),
            }),
      ),
    );
  }
}

/** Where a value comes from. */
interface Origin {
  /** Where it lies, if it can be replaced. */
  slot?: Slot | null;
  /** The expression that leads to it. */
  path?: string | null;
}

/** Not a number within a box that others may share: an `Int?`, an element of a list. */
export function isReplaceable({ stored }: Slot, { kind }: KotlinValue): boolean {
  return stored === 'ref' ? kind === 'string' : REPLACEABLE.has(kind);
}

/** Where a `Pointer` points in linear memory; null for all else. */
function pointer(value: KotlinValue): number | null {
  const held =
    value.kind === 'wrapped' && value.type === POINTER
      ? value.value
      : value.kind === 'object' && value.object.class.name === POINTER
        ? value.object.field('address')
        : null;
  return held?.kind === 'number' || held?.kind === 'erased' ? Number(held.value) >>> 0 : null;
}

/** Named children, each made when it is asked for. */
function fixed(make: readonly (() => RemoteValue)[]): Children {
  return {
    indexed: 0,
    named: make.length,
    page: (start, count) => make.slice(start, start + count).map((each) => each()),
  };
}
