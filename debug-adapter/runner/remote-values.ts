import type { RemoteValue } from '../../protocol/runner.ts';

/** Characters of a value in a list, and of one that was asked for by itself. */
const LISTED = 1000;
const EVALUATED = 100_000;
/** Elements and properties in the short text of an object. */
const PREVIEWED = 5;
/** Elements that are answered at once where no count was asked for. */
const PAGE = 1000;

/** What is known of a value beside itself. */
export interface ValueContext {
  evaluateName?: string;
  readOnly?: boolean;
  memory?: { address: number; size: number };
}

/** What a value of another kind than JavaScript's opens to: elements, and after them what has names. */
export interface Children {
  indexed: number;
  named: number;
  /** `count` of them from `start` on, or as many as there are. */
  page: (start: number, count: number) => RemoteValue[];
}

type Opened = { value: object; context: ValueContext } | Children;

/** Shows values across the process border. Handles are valid until the guest resumes. */
export class RemoteValues {
  readonly #opened: Opened[] = [];
  readonly #replacements: ((expression: string) => RemoteValue)[] = [];

  /** The handle that opens these. */
  open(children: Children): number {
    return this.#opened.push(children);
  }

  /** What `replace` takes for a value that this replaces by what an expression comes to. */
  replaceable(by: (expression: string) => RemoteValue): number {
    return this.#replacements.push(by);
  }

  /** Null where nothing of that number can be replaced. */
  replace(number: number, expression: string): RemoteValue | null {
    return this.#replacements[number - 1]?.(expression) ?? null;
  }

  /** One value; `full` for its whole text, unquoted where it is a string. */
  describe(name: string, value: unknown, context: ValueContext, full = false): RemoteValue {
    return this.#describe(name, full ? wholeText(value) : textOf(value, EVALUATED), value, context);
  }

  /** One value of a list. */
  list(name: string, value: unknown, context: ValueContext): RemoteValue {
    return this.#describe(name, textOf(value, LISTED), value, context);
  }

  #describe(name: string, text: string, value: unknown, context: ValueContext): RemoteValue {
    const described: RemoteValue = {
      name,
      value: text,
      type: typeName(value),
      handle: 0,
      readOnly: context.readOnly ?? true,
    };
    if (context.evaluateName !== undefined) described.evaluateName = context.evaluateName;
    if (context.memory) described.memory = context.memory;
    if (typeof value === 'object' && value !== null) {
      const indexed = elementCount(value);
      const named = indexed === null ? keysOf(value).length : 0;
      if ((indexed ?? named) > 0) described.handle = this.#opened.push({ value, context });
      if (indexed !== null) described.indexed = indexed;
      else described.named = named;
    }
    return described;
  }

  /** Elements or properties of the value that `handle` opens; null where it opens none. `count` 0: a page. */
  properties(handle: number, start: number, count: number): RemoteValue[] | null {
    const opened = this.#opened[handle - 1];
    if (!opened) return null;
    const from = Math.max(0, start);
    const to = from + (count > 0 ? count : PAGE);
    if ('page' in opened) return opened.page(from, to - from);
    const { value, context } = opened;
    const elements = elementCount(value);
    if (elements === null)
      return keysOf(value)
        .slice(from, to)
        .map((key) => this.#property(value, key, context));
    const listed: RemoteValue[] = [];
    for (let i = from; i < Math.min(to, elements); i++)
      listed.push(this.#property(value, String(i), context));
    return listed;
  }

  #property(owner: object, key: string, { evaluateName, readOnly }: ValueContext): RemoteValue {
    const context: ValueContext = { readOnly: readOnly ?? true };
    if (evaluateName !== undefined) context.evaluateName = evaluateName + accessor(key);
    let value: unknown;
    try {
      value = Reflect.get(owner, key);
    } catch (thrown) {
      value = thrown;
    }
    return this.list(key, value, context);
  }
}

/** `.name`, `[3]` or `["odd name"]`. */
export function accessor(key: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return `.${key}`;
  return /^(?:0|[1-9]\d*)$/.test(key) ? `[${key}]` : `[${JSON.stringify(key)}]`;
}

function elementCount(value: object): number | null {
  if (Array.isArray(value)) return value.length;
  // A proxy for memory that can only be copied is no view, but a Uint8Array.
  if (value instanceof Uint8Array) return value.length;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return (value as Uint8Array).length;
  return null;
}

/** Its own properties, and the accessors of its class. */
function keysOf(value: object): string[] {
  const keys = Object.keys(value);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (!prototype || prototype === Object.prototype) return keys;
  const accessors = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([, each]) => 'get' in each,
  );
  return [...keys, ...accessors.map(([name]) => name)];
}

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'Array';
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  const name = prototype?.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'Object';
}

/** A value in one line of at most `limit` characters. */
export function textOf(value: unknown, limit: number): string {
  if (typeof value === 'string') return quoted(value, limit);
  const text = inner(value, PREVIEWED);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** A value in one short line. */
export function shortText(value: unknown): string {
  return textOf(value, LISTED);
}

function quoted(text: string, limit: number): string {
  if (text.length <= limit) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, limit))}… (${text.length} characters)`;
}

function inner(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value, 80);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return `ƒ ${value.name}()`;
    case 'symbol':
      return value.toString();
    case 'object':
      return value === null ? 'null' : objectText(value, depth);
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function objectText(value: object, depth: number): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const name = typeName(value);
  const label = name === 'Object' || name === 'Array' ? '' : `${name} `;
  const count = elementCount(value);
  if (depth <= PREVIEWED - 2) return count === null ? `${label}{…}` : `${label}(${count}) […]`;
  const more = (shown: number, all: number): string => (all > shown ? ', …' : '');
  if (count !== null) {
    const list = Array.from({ length: Math.min(count, 20) }, (_, i) =>
      inner(Reflect.get(value, i), depth - 1),
    );
    return `${label}(${count}) [${list.join(', ')}${more(20, count)}]`;
  }
  const keys = keysOf(value);
  const list = keys.slice(0, PREVIEWED).map((key) => `${key}: ${inner(property(value, key), depth - 1)}`);
  return `${label}{${list.join(', ')}${more(PREVIEWED, keys.length)}}`;
}

function property(owner: object, key: string): unknown {
  try {
    return Reflect.get(owner, key) as unknown;
  } catch (thrown) {
    return thrown;
  }
}

/** The whole of a value as text: a string as it is, objects as JSON. */
function wholeText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return inner(value, PREVIEWED);
  const plain = ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
  try {
    return JSON.stringify(
      plain,
      (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part),
      2,
    );
  } catch {
    return inner(value, PREVIEWED);
  }
}
