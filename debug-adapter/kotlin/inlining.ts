import type { MappedCode } from './line-table.ts';
import { type FileFunctions, functionAtLine, type FunctionRange } from './function-ranges.ts';

/** What inlining has made of code. */
export interface Inlined {
  /** The inline function that it belongs to: `demo.measured`. Null of a lambda that is passed to one. */
  name: string | null;
  /** Where that is called, in the function that holds the code. */
  call: MappedCode;
}

/** What is known of the code of one function by its lines. */
export interface InliningFound {
  inlined: ReadonlyMap<MappedCode, Inlined>;
  /** Code of the library whose line kotlinc (2.3, 2.4) gives in the wrong file: that of the function which inlines it. */
  foreign: ReadonlySet<MappedCode>;
}

/**
 * Tells code that was inlined from a function's own, by the declarations that lines lie in.
 *
 * @param code of one function, in the order of offsets
 * @param fileOf the functions of a source; undefined where they are not known
 */
export function findInlined(
  code: readonly MappedCode[],
  fileOf: (path: string) => FileFunctions | undefined,
): InliningFound {
  const inlined = new Map<MappedCode, Inlined>();
  const foreign = new Set<MappedCode>();
  const [first] = code;
  const file = first && fileOf(first.path);
  const holder = file && functionAtLine(file, first.line);
  if (!holder) return { inlined, foreign };
  /** Own code so far. */
  const own: MappedCode[] = [];
  for (const each of code) {
    if (each.path === first.path && isIn(holder, each.line)) {
      own.push(each);
      continue;
    }
    const functions = fileOf(each.path);
    const from = functions && functionAtLine(functions, each.line, ({ isInline }) => isInline);
    const call = from && callOf(from, own, file);
    if (from && call) inlined.set(each, { name: from.name, call });
    else if (functions && isForeign(functions, each)) foreign.add(each);
    else own.push(each);
  }
  addLambdas(code, inlined);
  return { inlined, foreign };
}

function isIn({ line, endLine }: FunctionRange, at: number): boolean {
  return line <= at && at <= endLine;
}

/** The last own line that mentions the function; else the last one. */
function callOf(
  { name }: FunctionRange,
  own: readonly MappedCode[],
  { lines }: FileFunctions,
): MappedCode | undefined {
  const word = name.slice(name.lastIndexOf('.') + 1);
  return own.findLast(({ line }) => lines[line - 1]?.includes(word)) ?? own.at(-1);
}

/** Beyond the file's end, or in a function that is certainly not inlined. */
function isForeign(file: FileFunctions, { line }: MappedCode): boolean {
  const within = functionAtLine(file, line);
  return line > file.lines.length || (within?.isBlock === true && !within.isInline);
}

/** Own code between two pieces of one inlined call: a lambda that it is passed. */
function addLambdas(code: readonly MappedCode[], inlined: Map<MappedCode, Inlined>): void {
  const last = new Map<MappedCode, number>();
  for (const [i, each] of code.entries()) {
    const call = inlined.get(each)?.call;
    if (call) last.set(call, i);
  }
  let open: { call: MappedCode; end: number } | null = null;
  for (const [i, each] of code.entries()) {
    const known = inlined.get(each);
    if (known) open = { call: known.call, end: last.get(known.call) ?? i };
    else if (open && i < open.end && each.line !== open.call.line)
      inlined.set(each, { name: null, call: open.call });
  }
}
