/** What an element is made of. Text goes in as text: nothing here or elsewhere parses HTML. */
export interface ElementParts {
  class?: string;
  text?: string;
  title?: string;
  role?: string;
  /** Name for tests: `data-testid`. */
  testId?: string;
  attributes?: Record<string, string>;
  children?: (Node | null)[];
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: ElementParts = {},
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (parts.class !== undefined) created.className = parts.class;
  if (parts.text !== undefined) created.textContent = parts.text;
  if (parts.title !== undefined) created.title = parts.title;
  if (parts.role !== undefined) created.setAttribute('role', parts.role);
  if (parts.testId !== undefined) created.dataset['testid'] = parts.testId;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) created.setAttribute(name, value);
  for (const child of parts.children ?? []) if (child) created.append(child);
  return created;
}

/** Sets text only where it differs: an untouched text keeps a selection in it. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

let ids = 0;
/** An id for `aria-…` references. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${++ids}`;
}
