import type { RemoteValue } from '../../protocol/runner.ts';
import { entryText, kotlinText, kotlinTypeName, shownName } from '../kotlin/values/display.ts';
import type { KotlinFrame } from '../kotlin/values/frame.ts';
import type { KotlinObject } from '../kotlin/values/object.ts';
import type { KotlinValue } from '../kotlin/values/value.ts';
import type { Children, RemoteValues } from './remote-values.ts';

/** The locals of a frame. */
export function kotlinLocals(frame: KotlinFrame, values: RemoteValues): RemoteValue[] {
  return frame.locals.map((local) => {
    // `<this>`, `$this$buildString`: what Kotlin calls `this`.
    const name = /^(?:<this>|\$this(?:\$.*)?)$/.test(local.name) ? 'this' : local.name;
    return kotlinVariable(name, frame.valueOf(local), values);
  });
}

/** A value as a variable that opens what it holds. */
export function kotlinVariable(name: string, value: KotlinValue, values: RemoteValues): RemoteValue {
  const shown: RemoteValue = {
    name,
    value: kotlinText(value),
    type: kotlinTypeName(value),
    handle: 0,
    readOnly: true,
  };
  const children = childrenOf(value, values);
  if (children && children.indexed + children.named > 0) {
    shown.handle = values.open(children);
    shown.indexed = children.indexed;
    shown.named = children.named;
  }
  const address = pointer(value);
  if (address !== null) shown.memory = { address, size: 0 };
  return shown;
}

const POINTER = 'kotlin.wasm.unsafe.Pointer';

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

function childrenOf(value: KotlinValue, values: RemoteValues): Children | null {
  if (value.kind === 'wrapped') {
    return fixed([() => kotlinVariable(value.field, value.value, values)]);
  }
  if (value.kind !== 'object') return null;
  const { object } = value;
  const { elements } = object;
  if (!elements) return fieldsOf(object, values);
  // An array has nothing beside its elements.
  const raw = /^kotlin\.\w*Array$/.test(object.class.name) ? null : fieldsOf(object, values);
  return {
    indexed: elements.size,
    named: raw ? 1 : 0,
    page: (start, count) => {
      const shown =
        elements.kind === 'list'
          ? elements.page(start, count).map((each, i) => kotlinVariable(String(start + i), each, values))
          : elements
              .page(start, count)
              .map(({ key, value: of }, i): RemoteValue => entry(String(start + i), key, of, values));
      if (raw && start + count > elements.size) shown.push(rawView(raw, object, values));
      return shown;
    },
  };
}

function entry(name: string, key: KotlinValue, value: KotlinValue, values: RemoteValues): RemoteValue {
  const handle = values.open(
    fixed([() => kotlinVariable('key', key, values), () => kotlinVariable('value', value, values)]),
  );
  return { name, value: entryText(key, value), type: '', handle, named: 2, readOnly: true };
}

/** The fields of a collection, as the library has them. */
function rawView(fields: Children, { class: its }: KotlinObject, values: RemoteValues): RemoteValue {
  const handle = values.open(fields);
  return { name: 'raw', value: its.name, type: its.name, handle, named: fields.named, readOnly: true };
}

function fieldsOf(object: KotlinObject, values: RemoteValues): Children {
  return fixed(
    object.class.fields.map(
      ({ name, index }) =>
        () =>
          kotlinVariable(shownName(name), object.fieldAt(index), values),
    ),
  );
}

/** Named children, each made when it is asked for. */
function fixed(make: readonly (() => RemoteValue)[]): Children {
  return {
    indexed: 0,
    named: make.length,
    page: (start, count) => make.slice(start, start + count).map((each) => each()),
  };
}
