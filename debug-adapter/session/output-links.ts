import path from 'node:path';
import type { KotlinCode } from './kotlin-code.ts';

/** A place that text names; lines and columns count from 1. */
export interface NamedPlace {
  file: string;
  line: number;
  column: number;
}

/** After a file's name: `.kt:12`, `.kt:12:5`, `.kts:3`. */
const LINE_IN_FILE = /\.kts?:(\d{1,9})(?::(\d{1,9}))?/;
/** What a file's name cannot hold where a sentence or a stack trace names it. */
const BEFORE_NAME = /[\s"'`()<>,;:|]/;
/** Characters of a file's name with its path. */
const LONGEST_NAME = 1000;
/** `wasm-function[12]:0x1f3`: how other engines write stack traces; the offset is a byte's in the module. */
const IN_MODULE = /wasm-function\[(\d{1,9})\]:0x([0-9a-f]{1,8})/i;

/** The place in one of the guest's sources that a line of its output names; null where it names none. */
export function placeInText(text: string, kotlin: KotlinCode | null): NamedPlace | null {
  if (!kotlin || !text.includes(':')) return null;
  const { lines } = kotlin;
  const found = LINE_IN_FILE.exec(text);
  if (found) {
    const [whole, line, column] = found;
    const named = nameBefore(text, found.index) + whole.slice(0, whole.indexOf(':'));
    const file = lines.files.find((each) => isNamed(each, named));
    return file === undefined ? null : { file, line: Number(line), column: Number(column ?? 1) };
  }
  const inModule = IN_MODULE.exec(text);
  const code = inModule && lines.at(Number(inModule[1]), Number.parseInt(inModule[2] ?? '', 16));
  return code && { file: code.path, line: code.line, column: code.column };
}

/** `Greeter` of `(/src/Greeter.kt:12)`, with its folders: what stands before `end`. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && !BEFORE_NAME.test(text.charAt(start - 1))) start -= 1;
  return text.slice(start, end);
}

/** Whether a path ends as the text has it; a name alone may be any file's of that name. */
function isNamed(file: string, named: string): boolean {
  const parts = named.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return file.split(path.sep).slice(-parts.length).join('/') === parts.join('/');
}

/**
 * Cuts text into parts: each line that names a place, and what is between. A line may come in several pieces: what has no
 * line break is told at once, and its place with it where it has one.
 */
export function* linkedParts(
  text: string,
  kotlin: KotlinCode | null,
): Generator<{ text: string; place: NamedPlace | null }> {
  let plain = '';
  for (const line of text.split(/(?<=\n)/)) {
    const place = placeInText(line, kotlin);
    if (!place) {
      plain += line;
      continue;
    }
    if (plain !== '') yield { text: plain, place: null };
    plain = '';
    yield { text: line, place };
  }
  if (plain !== '') yield { text: plain, place: null };
}
