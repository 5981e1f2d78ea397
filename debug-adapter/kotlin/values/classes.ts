import type { ObjectPlan, PlannedArray, PlannedClass, WrappedType } from '../../../protocol/kotlin.ts';

/** A field that the user's code could see. */
export interface FieldPlace {
  name: string;
  /** Number in the struct. */
  index: number;
}

/** A class of the guest. */
export class KotlinClass {
  readonly plan: PlannedClass;
  readonly #classes: Classes;
  /** In the order of declaration, inherited ones first. */
  readonly fields: readonly FieldPlace[];

  constructor(plan: PlannedClass, classes: Classes) {
    this.plan = plan;
    this.#classes = classes;
    this.fields = plan.fields.flatMap((field, index) => (field ? [{ name: field.name, index }] : []));
  }

  /** With its package: `demo.Account`. */
  get name(): string {
    return this.plan.name;
  }

  get simpleName(): string {
    return this.name.slice(this.name.lastIndexOf('.') + 1);
  }

  get superclass(): KotlinClass | null {
    return this.plan.superclass === null ? null : this.#classes.byType(this.plan.superclass);
  }

  /** Itself and the classes that it extends, the nearest first. */
  *lineage(): Generator<KotlinClass> {
    yield this;
    if (this.superclass) yield* this.superclass.lineage();
  }

  /** Whether it is the class of that name, with or without the package, or extends it. */
  extends(name: string): boolean {
    for (const each of this.lineage()) if (each.name === name || each.simpleName === name) return true;
    return false;
  }

  /** The last field of that name: one that hides another is the class's own. */
  field(name: string): FieldPlace | null {
    return this.fields.findLast((each) => each.name === name) ?? null;
  }
}

/** The guest's classes, and the arrays in which their objects keep elements. */
export class Classes {
  readonly #byType = new Map<number, KotlinClass>();
  readonly #byName = new Map<string, KotlinClass>();
  readonly #arrays = new Map<number, PlannedArray>();
  readonly #valueClasses: Readonly<Record<string, WrappedType>>;

  constructor({ types, valueClasses }: ObjectPlan) {
    this.#valueClasses = valueClasses;
    for (const type of types) {
      if (type.kind === 'array') {
        this.#arrays.set(type.type, type);
        continue;
      }
      const made = new KotlinClass(type, this);
      this.#byType.set(type.type, made);
      this.#byName.set(type.name, made);
    }
  }

  /** Whether there is a class of that name, with or without the package. */
  isClass(name: string): boolean {
    if (this.#byName.has(name)) return true;
    for (const each of this.#byType.values()) if (each.simpleName === name) return true;
    return false;
  }

  byType(type: number): KotlinClass | null {
    return this.#byType.get(type) ?? null;
  }

  /** By its name with the package. */
  named(name: string): KotlinClass | null {
    return this.#byName.get(name) ?? null;
  }

  array(type: number): PlannedArray | null {
    return this.#arrays.get(type) ?? null;
  }

  /** What a value class of that name wraps; null where it is none. */
  readonly wrappedBy = (name: string): WrappedType | null => this.#valueClasses[name] ?? null;
}
