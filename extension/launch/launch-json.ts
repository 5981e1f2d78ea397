import { applyEdits, findNodeAtLocation, modify, parseTree, parse, type JSONPath } from 'jsonc-parser';

/** launch.json as text, edited so that comments and layout stay. */
export interface LaunchJsonEdit {
  text: string;
  /** `[start, end)` of what was written, in UTF-16 code units. */
  range: [number, number];
}

const EMPTY = '{\n  "version": "0.2.0",\n  "configurations": []\n}\n';
const formattingOptions = { insertSpaces: true, tabSize: 2 };

/** The keys that VS Code and this extension add to a configuration on its way. */
const isInternal = (key: string): boolean => key.startsWith('__');

/**
 * Sets keys of a configuration in launch.json; adds the configuration where none has its name and type.
 * @param text the file; empty where there is none
 * @param values what to set
 */
export function setInLaunchJson(
  text: string,
  configuration: { name: string; type: string } & Record<string, unknown>,
  values: Record<string, unknown>,
): LaunchJsonEdit {
  let edited = text.trim() === '' ? EMPTY : text;
  const index = indexOfConfiguration(edited, configuration);
  if (index === null) {
    const added = Object.fromEntries(
      Object.entries({ ...configuration, ...values }).filter(([key]) => !isInternal(key)),
    );
    return write(edited, [['configurations', 0]], [added], true);
  }
  const paths: JSONPath[] = Object.keys(values).map((key) => ['configurations', index, key]);
  edited = write(edited, paths, Object.values(values), false).text;
  return { text: edited, range: rangeOf(edited, paths[0] ?? ['configurations', index]) };
}

function write(
  text: string,
  paths: JSONPath[],
  values: unknown[],
  isArrayInsertion: boolean,
): LaunchJsonEdit {
  let edited = text;
  for (const [index, path] of paths.entries())
    edited = applyEdits(edited, modify(edited, path, values[index], { formattingOptions, isArrayInsertion }));
  return { text: edited, range: rangeOf(edited, paths[0] ?? []) };
}

function rangeOf(text: string, path: JSONPath): [number, number] {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, path);
  return node ? [node.offset, node.offset + node.length] : [0, 0];
}

function indexOfConfiguration(text: string, wanted: { name: string; type: string }): number | null {
  const file = parse(text) as { configurations?: unknown } | undefined;
  if (!Array.isArray(file?.configurations)) return null;
  const index = file.configurations.findIndex((candidate: unknown) => {
    const { name, type } = (candidate ?? {}) as { name?: unknown; type?: unknown };
    return name === wanted.name && type === wanted.type;
  });
  return index < 0 ? null : index;
}

/**
 * The value of a `boundary` block that was printed to be pasted: `"boundary": { … }`, with or without the key.
 * @returns undefined where the text is neither
 */
export function boundaryFrom(text: string): unknown {
  for (const candidate of [text, `{${text}}`]) {
    const value = parse(candidate.trim().replace(/,$/, '')) as unknown;
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) continue;
    return 'boundary' in value ? value.boundary : value;
  }
  return undefined;
}
