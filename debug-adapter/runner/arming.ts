import type { Guest } from './guest.ts';
import type { StopDecider } from './stop-decisions.ts';
import type { StopRules } from './stop-rules.ts';

/** What is to stop, as far as it decides what enters JavaScript. */
export interface Wanted {
  rules: StopRules;
  decider: StopDecider;
  /** True where every crossing must enter JavaScript. */
  stopsSoon: boolean;
  /** True where every site of a rewritten guest must. */
  stopsAtSites: boolean;
}

/** Tells the recorder and the probes which crossings and sites must enter JavaScript: all others are passed natively. */
export class Arming {
  readonly #guest: Guest;
  readonly #wanted: () => Wanted;
  /** Calls made by host functions that wait for a result: it is then kept in JavaScript. */
  #resultsWanted = 0;
  /** Open calls with several arguments: JavaScript passes on to the next one. */
  #severalArguments = 0;

  constructor(guest: Guest, wanted: () => Wanted) {
    this.#guest = guest;
    this.#wanted = wanted;
  }

  /** Whenever what is wanted may have changed. */
  arm(): void {
    const { recorder, plan, probes } = this.#guest;
    const { rules, decider, stopsSoon, stopsAtSites } = this.#wanted();
    const { range } = rules.data;
    recorder.armAll(stopsSoon);
    probes?.watch(range);
    probes?.thrown?.stopAtThrow(decider.watchesThrows);
    probes?.arm(stopsAtSites);
    plan.imports.forEach((planned, index) => {
      const wanted =
        planned.role?.role === 'returnResult'
          ? this.keepsResults || plan.snapshots === true
          : this.#severalArguments > 0;
      const isReached = planned.role !== undefined && (wanted || range !== null);
      recorder.arm(index, isReached || decider.watchesImport({ index, planned }));
    });
  }

  /** True while a host function waits for the result of a call. */
  get keepsResults(): boolean {
    return this.#resultsWanted > 0;
  }

  /** Runs `work` so that results of calls in it are known to JavaScript. */
  keepingResults<T>(work: () => T): T {
    if (this.#resultsWanted++ === 0) this.arm();
    try {
      return work();
    } finally {
      if (--this.#resultsWanted === 0) this.arm();
    }
  }

  /** Runs `work`, a call with several arguments, so that each crossing which asks for one is known to JavaScript. */
  passingArguments<T>(work: () => T): T {
    if (this.#severalArguments++ === 0) this.arm();
    try {
      return work();
    } finally {
      if (--this.#severalArguments === 0) this.arm();
    }
  }
}
