import type { ConditionRequest, FieldCondition, Role } from '../../protocol/boundary.ts';
import type { StopCondition } from '../../protocol/webview.ts';

const FILTERS = { argument: 'storeArgument', result: 'returnResult' } as const satisfies Record<string, Role>;

/**
 * The conditions on decoded values that a person set in the view: they hold for every session of the workspace until
 * they are taken away. Where a filter has some, the guest stops at it only where one of them holds.
 */
export class StopConditions {
  private conditions: StopCondition[];
  private readonly make: (request: ConditionRequest) => Promise<FieldCondition>;
  private readonly keep: (conditions: StopCondition[]) => void;
  private readonly listeners = new Set<() => void>();

  /**
   * @param kept of an earlier window
   * @param make rejects with a sentence where no condition can be made
   */
  constructor(
    kept: StopCondition[],
    make: (request: ConditionRequest) => Promise<FieldCondition>,
    keep: (conditions: StopCondition[]) => void,
  ) {
    this.conditions = kept;
    this.make = make;
    this.keep = keep;
  }

  /** @returns what ends the listening */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  list(): StopCondition[] {
    return [...this.conditions];
  }

  /** Expressions of which one must hold for the filter to stop; none where it has no conditions. */
  of(filter: string): string[] {
    return this.conditions
      .filter(({ direction }) => FILTERS[direction] === filter)
      .map(({ expression }) => expression);
  }

  /** Names of the filters that have conditions. */
  get filters(): string[] {
    return Object.values(FILTERS).filter((filter) => this.of(filter).length > 0);
  }

  /** Rejects with a sentence where no condition can be made. The same condition twice is one. */
  async add(request: ConditionRequest): Promise<void> {
    const { expression, value } = await this.make(request);
    const { direction, names, export: name } = request;
    const rest = this.conditions.filter((other) => other.expression !== expression);
    const id = 1 + Math.max(0, ...this.conditions.map((condition) => condition.id));
    this.change([...rest, { id, export: name, direction, names, value, expression }]);
  }

  remove(id: number): void {
    this.change(this.conditions.filter((condition) => condition.id !== id));
  }

  private change(conditions: StopCondition[]): void {
    this.conditions = conditions;
    this.keep(conditions);
    for (const listener of this.listeners) listener();
  }
}
