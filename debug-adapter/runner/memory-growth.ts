import type { Found } from '../boundary/checks/finding.ts';
import { meaningOfExportParameter } from '../boundary/parameter-names.ts';
import type { CallFrame } from './frames.ts';
import { wasmText } from './values.ts';

/** Calls one after the other that make a habit. */
const IN_A_ROW = 3;

/** What the latest calls of an export did to memory. */
interface Habit {
  /** What the calls were given, as text: calls with more to do may need more. */
  work: string;
  /** Calls in a row that left memory larger. */
  grown: number;
  /** Bytes before the first of them. */
  from: number;
  told: boolean;
}

/** Finds exports that leave memory larger at every call, though each was given the same as the one before. */
export class MemoryGrowth {
  readonly #memoryBytes: () => number;
  readonly #habits = new Map<number, Habit>();

  constructor(memoryBytes: () => number) {
    this.#memoryBytes = memoryBytes;
  }

  begins(call: CallFrame): void {
    call.memoryBytes = this.#memoryBytes();
  }

  /** A call of the export has not made memory larger. */
  kept(index: number): void {
    const known = this.#habits.get(index);
    if (known) known.grown = 0;
  }

  /** Once for each export. */
  returned(call: CallFrame): Found | null {
    const before = call.memoryBytes;
    const now = this.#memoryBytes();
    if (now <= before) {
      this.kept(call.index);
      return null;
    }
    const known = this.#habits.get(call.index);
    const work = workOf(call);
    const habit: Habit = known ?? { work, grown: 0, from: before, told: false };
    if (habit.work !== work || habit.grown === 0) Object.assign(habit, { work, grown: 0, from: before });
    habit.grown += 1;
    this.#habits.set(call.index, habit);
    if (habit.told || habit.grown < IN_A_ROW) return null;
    habit.told = true;
    return {
      code: 'memory-grows',
      severity: 'warning',
      message:
        `Memory grew in each of the last ${IN_A_ROW} calls of ${call.planned.name}, up to ${call.title}, which were given ` +
        `the same: from ${habit.from} to ${now} bytes. A guest never gives memory back, so it grows until a call fails: ` +
        'allocate inside of withScopedMemoryAllocator, or free what the call allocated.',
      at: { kind: 'export', index: call.index },
    };
  }
}

/** What a call was given to do, as text: the argument's size and the parameters, call ids left out. */
export function workOf({ planned, params, callId, argument }: CallFrame): string {
  const values = params.filter((value, i) => {
    const name = planned.parameterNames[i] ?? null;
    return name === null ? wasmText(value) !== String(callId) : meaningOfExportParameter(name) !== 'callId';
  });
  return [argument?.length ?? 0, ...values.map(wasmText)].join(' ');
}
