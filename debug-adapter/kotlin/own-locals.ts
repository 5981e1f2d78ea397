import type { GuestModule } from '../wasm/module.ts';
import type { LineTable, MappedCode } from './line-table.ts';
import type { GuestTypes } from './source-types/guest-types.ts';

/** A guest's Kotlin code. */
export interface KotlinGuest {
  guest: GuestModule;
  lines: LineTable;
  /** What the sources say of types. */
  types: GuestTypes;
}

/** The compiler's local for what any of a `try`'s `catch` clauses may get. */
const CAUGHT = 'merged_catch_param';

interface OwnLocal {
  name: string;
  kotlinType?: string;
}

/**
 * The user's own locals. kotlinc 2.4 begins the names of its own with `~` (design.md §8); of a module without such names they
 * are those that the source declares.
 */
export class OwnLocals {
  readonly #guest: GuestModule;
  readonly #types: GuestTypes;
  readonly #code = new Map<number, MappedCode[]>();
  readonly #marksItsOwn: boolean;
  readonly #known = new Map<number, ReadonlyMap<number, OwnLocal>>();

  constructor({ guest, lines, types }: KotlinGuest) {
    this.#guest = guest;
    this.#types = types;
    for (const each of lines.code) {
      const known = this.#code.get(each.functionIndex);
      if (known) known.push(each);
      else this.#code.set(each.functionIndex, [each]);
    }
    this.#marksItsOwn = [...this.#code.keys()].some((functionIndex) =>
      [...guest.localNames(functionIndex).values()].some((name) => name.startsWith('~')),
    );
  }

  /** By their indices. */
  of(functionIndex: number): ReadonlyMap<number, OwnLocal> {
    const known = this.#known.get(functionIndex);
    if (known) return known;
    const said = this.#types.locals(this.#code.get(functionIndex) ?? []);
    const found = new Map<number, OwnLocal>();
    for (const [local, name] of this.#guest.localNames(functionIndex)) {
      // What the method is called on comes first.
      const isThis = local === 0 && name.includes('this');
      const isOwn = this.#marksItsOwn || !said.isKnown || said.declares(name) || isThis;
      if (name.startsWith('~') || name === CAUGHT || !isOwn) continue;
      const kotlinType = said.typeOf(name);
      found.set(local, { name, ...(kotlinType !== null && { kotlinType }) });
    }
    this.#known.set(functionIndex, found);
    return found;
  }
}
