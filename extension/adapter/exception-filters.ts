import type { DebugProtocol } from '@vscode/debugprotocol';
import type { StopConditions } from '../calls/stop-conditions.ts';

type FilterArguments = DebugProtocol.SetExceptionBreakpointsArguments;
type FilterOptions = DebugProtocol.ExceptionFilterOptions;

/**
 * Adds the conditions of the view to the boxes under Breakpoints. VS Code lets no extension set the condition of a box,
 * so they are put into the request on its way. A filter that has conditions of the view stops where one of them holds,
 * or where the condition that its box has of its own does, whether the box is ticked or not.
 */
export class ExceptionFilters {
  private readonly conditions: StopConditions;
  /** What the editor asked for last; null before it has. */
  private asked: FilterArguments | null = null;

  constructor(conditions: StopConditions) {
    this.conditions = conditions;
  }

  /** What the adapter is to be asked in place of the editor's request. */
  fromEditor(request: FilterArguments): FilterArguments {
    this.asked = request;
    return this.merged(request);
  }

  /** What the adapter is to be asked since the conditions have changed; null where the editor has asked nothing yet. */
  again(): FilterArguments | null {
    return this.asked && this.merged(this.asked);
  }

  /** The answer as the editor expects it: for what it asked, in its order. */
  toEditor(response: DebugProtocol.Response, request: FilterArguments): DebugProtocol.Response {
    const body = response.body as DebugProtocol.SetExceptionBreakpointsResponse['body'];
    if (!body?.breakpoints) return response;
    const count = optionsOf(request).length;
    return { ...response, body: { ...body, breakpoints: body.breakpoints.slice(0, count) } };
  }

  private merged(request: FilterArguments): FilterArguments {
    const boxes = optionsOf(request);
    const filters = boxes.map((box) => this.withConditions(box));
    // After the editor's own, so that the answers to those come first.
    for (const filterId of this.conditions.filters)
      if (!boxes.some((box) => box.filterId === filterId))
        filters.push({ filterId, condition: anyOf(this.conditions.of(filterId)) });
    return { ...request, filters: [], filterOptions: filters };
  }

  private withConditions(box: FilterOptions): FilterOptions {
    const conditions = this.conditions.of(box.filterId);
    if (conditions.length === 0) return box;
    const own = box.condition?.trim() ?? '';
    return { ...box, condition: anyOf(own === '' ? conditions : [own, ...conditions]) };
  }
}

function optionsOf({ filters, filterOptions = [] }: FilterArguments): FilterOptions[] {
  return [...filters.map((filterId) => ({ filterId })), ...filterOptions];
}

const anyOf = (conditions: readonly string[]): string => {
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined
    ? only
    : conditions.map((one) => `(${one})`).join(' || ');
};
