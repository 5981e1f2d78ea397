import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { TraceMap } from '@jridgewell/trace-mapping';
import type { Instance, Table } from 'wasmedge-napi';
import { type Access, type StructAccess, TypeOf } from '../../debug-adapter/kotlin/rewriting/access.ts';
import { readFrames, RELOAD_AT } from '../../debug-adapter/kotlin/rewriting/frames.ts';
import { readShape } from '../../debug-adapter/kotlin/rewriting/module-shape.ts';
import type { Rewritten } from '../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { readGuestModule } from '../../debug-adapter/wasm/module.ts';
import { root } from '../../scripts/paths.ts';
import { kotlinGuest } from './support/kotlin-plan.ts';
import { arm, connectStops, stoppingEngine } from './support/stops.ts';
import { type TypeNames, typeNames } from './support/type-names.ts';

const FILE = 'test/guests/language/language.wasm';
const SOURCE = 'test/guests/language/Language.kt';

/** The guest, stopped in `fields(7)` where its object is complete. */
class StoppedGuest {
  readonly #names: TypeNames;
  readonly #rewritten: Rewritten;
  readonly #local: (frame: number, name: string) => number;
  readonly access: Access;
  readonly instance: Instance;
  readonly handles: Table;
  /** What is done while the guest is stopped. */
  whileStopped: () => void = () => undefined;
  #top: { address: number; functionIndex: number } | undefined;

  constructor(bytes: Uint8Array, rewritten: Rewritten, site: number) {
    this.#names = typeNames(bytes);
    this.#rewritten = rewritten;
    assert(rewritten.access);
    this.access = rewritten.access;
    const guest = readGuestModule(bytes);
    this.#local = (frame, name) => {
      const found = [...guest.localNames(frame)].find(([, each]) => each === name);
      const slots = rewritten.functions.find(({ functionIndex }) => functionIndex === frame)?.slots;
      const slot = slots?.find(({ local }) => local === found?.[0]);
      assert(slot, `${name} is not kept`);
      return slot.slot;
    };
    const engine = stoppingEngine(() => {
      const { memory, exports } = rewritten;
      const sp = Number(this.instance.global(exports.stackPointer ?? '').value);
      this.#top = readFrames(new Uint8Array(this.memory.buffer), memory.stackAt, sp).at(-1);
      this.whileStopped();
    });
    const host = engine.createHostModule('host');
    host.addFunction('note', { params: ['i32'], results: [] }, () => undefined);
    engine.register(host);
    const wasi = engine.createWasi({});
    engine.register(wasi);
    this.instance = engine.instantiate(engine.load(rewritten.bytes));
    connectStops(engine, this.instance, rewritten);
    this.handles = this.instance.table(this.access.handles);
    this.handles.grow(1000);
    arm(this.instance, rewritten, site, true);
  }

  get memory(): DataView {
    return new DataView(this.instance.memory(this.#rewritten.exports.memory).buffer);
  }

  call(name: string | null, ...params: number[]): number | undefined {
    assert(name !== null);
    const [result] = this.instance.func(name).call(...params);
    return Number(result);
  }

  /** Puts a local that is a reference at a handle, or a handle's reference into the local's slot. */
  move(way: 'take' | 'put', name: string, handle: number): void {
    assert(this.#top);
    const reference = this.#top.address / 8 + this.#local(this.#top.functionIndex, name);
    if (way === 'take') this.call(this.access.take, reference, handle);
    else this.call(this.access.put, handle, reference);
  }

  reload(): void {
    assert(this.#top);
    this.memory.setUint8(this.#top.address + RELOAD_AT, 1);
  }

  type(name: string): number {
    const index = this.#names.types.get(name);
    assert(index !== undefined, `no type ${name}`);
    return index;
  }

  struct(name: string): StructAccess {
    const found = this.access.types.get(this.type(name));
    assert(found?.kind === 'struct');
    return found;
  }

  field(type: string, name: string): number {
    const index = this.#names.fields.get(this.type(type))?.indexOf(name) ?? -1;
    assert(index >= 0, `${type} has no field ${name}`);
    return index;
  }

  /** Where a field of the struct that was read last lies in memory. */
  value(type: string, name: string): number {
    return this.access.valuesAt + 16 * this.field(type, name);
  }

  /** The text of the kotlin.String at a handle, which may be a rope; handles from `scratch` on are used. */
  text(handle: number, scratch: number): string {
    const type = 'kotlin.String';
    assert.equal(this.call(this.access.typeOf, handle), this.type(type));
    this.call(this.struct(type).read, handle, scratch);
    const chars = scratch + this.field(type, '_chars');
    const array = this.access.types.get(this.call(this.access.typeOf, chars) ?? -1);
    assert(array?.kind === 'array' && array.element.stored === 'i16' && array.stride === 2);
    const length = this.call(this.access.length, chars) ?? 0;
    this.call(array.read, chars, 0, length, 0);
    const own = Buffer.from(this.memory.buffer, this.access.valuesAt, 2 * length).toString('utf16le');
    const left = scratch + this.field(type, 'leftIfInSum');
    return this.call(this.access.typeOf, left) === TypeOf.null ? own : this.text(left, scratch + 10) + own;
  }
}

describe('a Kotlin object', () => {
  const E = 'language.Everything';
  let guest: StoppedGuest;
  /** The result of `fields(7)` with the stop's work done. */
  const stopped = (work: () => void) => {
    let done = false;
    guest.whileStopped = () => {
      work();
      done = true;
    };
    const result = guest.call('fields', 7);
    assert(done, 'it did not stop');
    return result;
  };
  const read = () => {
    guest.move('take', 'everything', 0);
    guest.call(guest.struct(E).read, 0, 10);
  };
  const sum = 7 * 70_000 + 1 + 'text 7'.length + 7 * 10;

  before(async () => {
    const { bytes, functions } = await kotlinGuest(FILE, 'Language.kt');
    const lines = readFileSync(path.join(root, SOURCE), 'utf8').split('\n');
    const line = lines.findIndex((each) => each.includes('// MARK: fields'));
    const map = new TraceMap(readFileSync(path.join(root, `${FILE}.map`), 'utf8'));
    const types = Array.from({ length: readShape(bytes).counts.types }, (_, index) => index);
    const rewritten = rewrite(bytes, { functions, stack: { depth: 1000 }, access: { types } });
    const { originalPositionFor } = await import('@jridgewell/trace-mapping');
    const site = rewritten.sites.find(
      ({ offset }) => originalPositionFor(map, { line: 1, column: offset }).line === line + 1,
    );
    assert(site);
    guest = new StoppedGuest(bytes, rewritten, site.site);
  });

  test('says of which class it is', () => {
    const types: (number | undefined)[] = [];
    stopped(() => {
      read();
      for (const name of ['text', 'nothing', 'shape', 'colour', 'self']) {
        types.push(guest.call(guest.access.typeOf, 10 + guest.field(E, name)));
      }
    });
    const expected = ['language.Circle', 'language.Colour', E].map((name) => guest.type(name));
    assert.deepEqual(types, [guest.type('kotlin.String'), TypeOf.null, ...expected]);
  });

  test('has fields of every kind', () => {
    const fields: unknown[] = [];
    stopped(() => {
      read();
      const { memory } = guest;
      const at = (name: string) => guest.value(E, name);
      fields.push(
        memory.getUint8(at('boolean')),
        memory.getInt8(at('byte')),
        memory.getInt16(at('short'), true),
      );
      fields.push(memory.getInt32(at('int'), true), memory.getBigInt64(at('long'), true));
      fields.push(memory.getFloat32(at('float'), true), memory.getFloat64(at('double'), true));
      fields.push(
        String.fromCharCode(memory.getUint16(at('char'), true)),
        memory.getUint32(at('unsigned'), true),
      );
      fields.push(guest.text(10 + guest.field(E, 'text'), 100));
    });
    assert.deepEqual(fields, [1, 7, 2100, 490_000, 35_000_000_000n, 1.75, 0.875, 'h', 21, 'text 7']);
  });

  test('may be the same as another', () => {
    const same: unknown[] = [];
    stopped(() => {
      read();
      for (const name of ['self', 'shape', 'nothing']) {
        same.push(guest.call(guest.access.same, 0, 10 + guest.field(E, name)));
      }
    });
    assert.deepEqual(same, [1, 0, 0]);
  });

  test('has arrays, of which a part can be read', () => {
    const seen: unknown[] = [];
    stopped(() => {
      read();
      const storageOf = (type: string, name: string, scratch: number) => {
        guest.call(guest.struct(type).read, 10 + guest.field(E, name), scratch);
        const storage = scratch + guest.field(type, 'storage');
        const found = guest.access.types.get(guest.call(guest.access.typeOf, storage) ?? -1);
        assert(found?.kind === 'array');
        return { storage, found, length: guest.call(guest.access.length, storage) };
      };
      const numbers = storageOf('kotlin.IntArray', 'numbers', 100);
      guest.call(numbers.found.read, numbers.storage, 2, 3, 0);
      seen.push(numbers.length, [...new Int32Array(guest.memory.buffer, guest.access.valuesAt, 3)]);
      const names = storageOf('kotlin.Array', 'names', 200);
      guest.call(names.found.read, names.storage, 1, 2, 300);
      seen.push(names.length, guest.text(300, 400), guest.call(guest.access.typeOf, 301));
      assert.throws(() => guest.call(names.found.read, names.storage, 1, 3, 300), /out of bounds/);
    });
    assert.deepEqual(seen, [5, [14, 21, 28], 3, 'two', TypeOf.null]);
  });

  test('gets fields, and the guest goes on with them', () => {
    const result = stopped(() => {
      read();
      const { memory, access } = guest;
      memory.setInt32(access.valuesAt, 1000, true);
      guest.call(guest.struct(E).write, 0, guest.field(E, 'int'), 0);
    });
    assert.equal(result, sum - 7 * 70_000 + 1000);
    stopped(() => {
      read();
      // A val of Kotlin is no field that can be set.
      const immutable = guest.struct(E).fields.findIndex(({ mutable }) => !mutable);
      assert.throws(() => guest.call(guest.struct(E).write, 0, immutable, 0), /unreachable/);
    });
  });

  test('can be made: a String of an array of characters, with the rest of another', () => {
    const result = stopped(() => {
      read();
      const text = 10 + guest.field(E, 'text');
      guest.call(guest.struct('kotlin.String').read, text, 100);
      const chars = 100 + guest.field('kotlin.String', '_chars');
      const type = guest.access.types.get(guest.call(guest.access.typeOf, chars) ?? -1);
      assert(type?.kind === 'array' && type.write !== null);
      guest.call(type.make, chars, 4);
      for (let i = 0; i < 4; i++) {
        guest.memory.setUint16(guest.access.valuesAt, 'wörd'.charCodeAt(i), true);
        guest.call(type.write, chars, i, 0);
      }
      guest.call(guest.struct('kotlin.String').read, text, 200);
      guest.memory.setInt32(guest.value('kotlin.String', 'length'), 4, true);
      guest.call(guest.access.clear, 100 + guest.field('kotlin.String', 'leftIfInSum'), 1);
      guest.call(guest.struct('kotlin.String').make, 50, 100);
      assert.equal(guest.text(50, 300), 'wörd');
      guest.call(guest.struct(E).write, 0, guest.field(E, 'text'), 50);
    });
    assert.equal(result, sum - 2);
  });

  test('can take another’s place in a local', () => {
    const result = stopped(() => {
      read();
      // A second object, like the first but for one number.
      guest.memory.setInt32(guest.value(E, 'int'), 5, true);
      guest.call(guest.struct(E).make, 1, 10);
      guest.move('put', 'everything', 1);
      guest.reload();
    });
    assert.equal(result, sum - 7 * 70_000 + 5);
  });
});
