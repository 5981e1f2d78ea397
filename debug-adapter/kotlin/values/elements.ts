import type { PlannedArray } from '../../../protocol/kotlin.ts';
import type { Slot } from './assign.ts';
import type { Heap } from './heap.ts';
import type { KotlinObject } from './object.ts';
import { type KotlinValue, NULL } from './value.ts';

export interface Entry {
  key: KotlinValue;
  value: KotlinValue;
}

/** What a collection holds, read page by page. */
export type Elements =
  | {
      kind: 'list';
      size: number;
      /** Elements from `start` on, `count` or as many as there are. */
      page: (start: number, count: number) => KotlinValue[];
      /** Where element `index` lies that can be written; null where it cannot. */
      slot: (index: number) => Slot | null;
    }
  | { kind: 'map'; size: number; page: (start: number, count: number) => Entry[] };

/** Element types of arrays whose elements are numbers. */
const NUMBER_ARRAYS: Readonly<Record<string, string>> = Object.fromEntries(
  ['Boolean', 'Char', 'Byte', 'Short', 'Int', 'Long', 'Float', 'Double'].map((type) => [
    `kotlin.${type}Array`,
    type,
  ]),
);
const UNSIGNED_ARRAYS: Readonly<Record<string, string>> = Object.fromEntries(
  ['UByte', 'UShort', 'UInt', 'ULong'].map((type) => [`kotlin.${type}Array`, type]),
);

/**
 * What an object of the standard library holds. Its collections are known by their fields, which the private classes
 * behind `listOf`, `mapOf`, `buildList`, … share; classes of others that implement `List` are objects like any other.
 */
export function elementsOf(object: KotlinObject): Elements | null {
  const { name } = object.class;
  if (!name.startsWith('kotlin.')) return null;
  if (name === 'kotlin.Array' || name in NUMBER_ARRAYS) return arrayOf(object, NUMBER_ARRAYS[name]);
  if (name in UNSIGNED_ARRAYS) {
    const storage = object.field('storage');
    return storage?.kind === 'object' ? arrayOf(storage.object, UNSIGNED_ARRAYS[name]) : null;
  }
  if (!name.startsWith('kotlin.collections.') && !name.startsWith('kotlin.enums.')) return null;
  return mapOf(object) ?? setOf(object) ?? dequeOf(object) ?? listOf(object) ?? emptyOf(name);
}

const EMPTY: Elements = { kind: 'list', size: 0, page: () => [], slot: () => null };

function emptyOf(name: string): Elements | null {
  if (name === 'kotlin.collections.EmptyMap') return { kind: 'map', size: 0, page: () => [] };
  return /^kotlin\.collections\.Empty(?:List|Set)$/.test(name) ? EMPTY : null;
}

/** The Wasm array in which an array object keeps its elements. */
interface Storage {
  heap: Heap;
  handle: number;
  array: PlannedArray;
  size: number;
}

function storageOf(value: KotlinValue | null): Storage | null {
  if (value?.kind !== 'object') return null;
  const { heap } = value.object;
  const handle = value.object.handleOf('storage');
  const array = handle === null ? null : heap.arrayAt(handle);
  return handle === null || !array ? null : { heap, handle, array, size: heap.arrayLength(handle) };
}

/** Elements `first` to `first + size` of an array object, as a list. */
function sliceOf(
  value: KotlinValue | null,
  first: number,
  size: number | null,
  kotlinType?: string,
): Elements | null {
  const storage = storageOf(value);
  if (!storage) return null;
  const { heap, handle, array } = storage;
  const count = Math.max(0, Math.min(size ?? storage.size, storage.size - first));
  return {
    kind: 'list',
    size: count,
    page: (start, wanted) => {
      const from = Math.min(Math.max(0, start), count);
      return heap.arrayElements(handle, array, first + from, Math.min(wanted, count - from), kotlinType);
    },
    slot: (index) => elementSlot(storage, first + index, kotlinType),
  };
}

function elementSlot(
  { heap, handle, array }: Storage,
  index: number,
  kotlinType: string | undefined,
): Slot | null {
  const write = (from: Uint8Array | number) => heap.writeElement(handle, array, index, from);
  const value = () => heap.arrayElements(handle, array, index, 1, kotlinType)[0] ?? NULL;
  return array.write === null ? null : { stored: array.stored, value, putNumber: write, putReference: write };
}

function arrayOf(object: KotlinObject, kotlinType: string | undefined): Elements | null {
  return sliceOf({ kind: 'object', object }, 0, null, kotlinType);
}

function intField(object: KotlinObject, ...names: string[]): number | null {
  for (const name of names) {
    const value = object.field(name);
    if (value?.kind === 'erased' || value?.kind === 'number') return Number(value.value);
  }
  return null;
}

/** A list over a part of an array (`ArrayList`, lists that are being built), or over a whole one. */
function listOf(object: KotlinObject): Elements | null {
  const length = intField(object, 'length');
  if (length !== null) return sliceOf(object.field('backing'), intField(object, 'offset') ?? 0, length);
  for (const name of ['$this_asList', 'values', 'entries']) {
    const list = sliceOf(object.field(name), 0, null);
    if (list) return list;
  }
  return null;
}

/** `ArrayDeque`: a ring. */
function dequeOf(object: KotlinObject): Elements | null {
  const [head, size] = [intField(object, 'head'), intField(object, 'size')];
  const storage = storageOf(object.field('elementData'));
  if (head === null || size === null || !storage) return null;
  const { heap, handle, array } = storage;
  return {
    kind: 'list',
    size,
    page: (start, wanted) => {
      const end = Math.min(size, start + wanted);
      const turn = Math.max(start, Math.min(end, storage.size - head));
      return [
        ...heap.arrayElements(handle, array, head + start, turn - start, undefined),
        ...heap.arrayElements(handle, array, head + turn - storage.size, end - turn, undefined),
      ];
    },
    slot: (index) => elementSlot(storage, (head + index) % storage.size, undefined),
  };
}

/** `HashMap`: keys and values in two arrays, with holes where entries were removed. A set has no values. */
function mapOf(object: KotlinObject): (Elements & { kind: 'map' }) | null {
  const [length, size] = [intField(object, 'length'), intField(object, '_size', 'size')];
  const keys = storageOf(object.field('keysArray'));
  if (length === null || size === null || !keys) return null;
  const values = storageOf(object.field('valuesArray'));
  let present: number[] | null = null;
  return {
    kind: 'map',
    size,
    page: (start, wanted) => {
      const count = Math.max(0, Math.min(wanted, size - start));
      present ??= length === size ? null : presentIn(object, length);
      const at = present?.slice(start, start + count);
      const read = (storage: Storage): KotlinValue[] => {
        const { heap, handle, array } = storage;
        if (!at) return heap.arrayElements(handle, array, start, count, undefined);
        return at.flatMap((index) => heap.arrayElements(handle, array, index, 1, undefined));
      };
      const [keysRead, valuesRead] = [read(keys), values ? read(values) : []];
      return keysRead.map((key, i) => ({ key, value: valuesRead[i] ?? { kind: 'null' } }));
    },
  };
}

/** Numbers of the entries that have not been removed. */
function presentIn(map: KotlinObject, length: number): number[] {
  const presence = storageOf(map.field('presenceArray'));
  if (!presence) return [];
  const { heap, handle, array } = presence;
  const bytes = heap.arrayBytes(handle, array, 0, Math.min(length, presence.size));
  const view = new DataView(bytes.buffer);
  const present: number[] = [];
  for (let i = 0; 4 * i < bytes.length; i++) if (view.getInt32(4 * i, true) >= 0) present.push(i);
  return present;
}

/** `HashSet`, and a map's keys: the keys of a map behind them; a map's values and entries. */
function setOf(object: KotlinObject): Elements | null {
  const backing = object.field('backing');
  const map = backing?.kind === 'object' ? mapOf(backing.object) : null;
  if (!map) return null;
  const part = object.class.simpleName === 'HashMapValues' ? 'value' : 'key';
  if (object.class.simpleName.startsWith('HashMapEntrySet')) return map;
  const page = (start: number, count: number) => map.page(start, count).map((each) => each[part]);
  return { kind: 'list', size: map.size, page, slot: () => null };
}
