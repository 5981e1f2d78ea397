import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RunnerFrame, StepTarget } from '../../protocol/runner.ts';
import { isWasi } from '../boundary/boundary-import.ts';
import type { CallOperator } from '../kotlin/disassembly/disassembler.ts';
import { kotlinFunctionName } from '../kotlin/function-names.ts';
import { identifierAt } from '../kotlin/identifier-at.ts';
import type { MappedCode } from '../kotlin/line-table.ts';
import { type FrameEntry, requireRun, type SessionContext } from './context.ts';
import type { KotlinCode } from './kotlin-code.ts';
import { disassemblerOf } from './listings.ts';
import { toClient } from './numbering.ts';
import type { Run } from './run.ts';

/** Something that a step can go into: what it is called, and where in the source. */
interface Choice {
  /** Byte offset in the guest's file of the code that comes to it. */
  offset: number;
  label: string;
  code: MappedCode;
  to: StepTarget;
}

/** What runs for the rest of the line that a function stands at. */
interface RestOfLine {
  kotlin: KotlinCode;
  /** Its own code, up to where another line's begins. */
  own: MappedCode[];
  /** Code that is inlined in it. */
  inlined: MappedCode[];
  /** Byte offset from which on another line follows. */
  end: number;
}

type FunctionFrame = Extract<RunnerFrame, { kind: 'function' }>;

function restOfLine(kotlin: KotlinCode, { functionIndex, offset }: FunctionFrame): RestOfLine | null {
  const { lines } = kotlin;
  const from = lines.at(functionIndex, offset);
  if (!from) return null;
  const around = lines.inlined(from);
  const rest: RestOfLine = { kotlin, own: [], inlined: [], end: Infinity };
  for (const code of lines.code.slice(lines.code.indexOf(from))) {
    const inlined = lines.inlined(code);
    const isInside =
      inlined !== null && (around ? inlined.call === around.call : inlined.call.line === from.line);
    if (code.functionIndex === functionIndex && code.path === from.path && code.line === from.line)
      rest.own.push(code);
    else if (code.functionIndex === functionIndex && isInside && isDeeper(around, inlined))
      rest.inlined.push(code);
    else {
      rest.end = code.offset;
      break;
    }
  }
  return rest;
}

/** Code of a lambda is inside of the inline function's; both are inside of what calls that. */
function isDeeper(around: { name: string | null } | null, { name }: { name: string | null }): boolean {
  return around === null || (around.name !== null && name === null);
}

/**
 * The functions that the rest of a line calls.
 *
 * @param text of the source
 */
function calls(run: Run, rest: RestOfLine, { functionIndex, offset }: FunctionFrame, text: string): Choice[] {
  const operators = disassemblerOf(run).listing(functionIndex)?.calls ?? [];
  const own = new Set(rest.own);
  return operators.flatMap((call) => {
    const code = rest.kotlin.lines.at(functionIndex, call.offset);
    const isIn = call.offset >= offset && call.offset < rest.end && code && own.has(code);
    return (isIn && choiceOf(run, rest.kotlin, call, code, text)) || [];
  });
}

function choiceOf(
  { prepared: { guest } }: Run,
  { plan }: KotlinCode,
  { offset, callee }: CallOperator,
  code: MappedCode,
  text: string,
): Choice | null {
  const to: StepTarget = { kind: 'call', offset };
  if (callee === null) {
    // Which function that is shows when it is called: the source says what it is called there.
    const name = identifierAt(text, code);
    return name === null ? null : { offset, label: name, code, to };
  }
  const imported = guest.imports.filter(({ kind }) => kind === 'function')[callee];
  if (imported) {
    const crosses = !isWasi(imported.module);
    return crosses ? { offset, label: `${imported.module}.${imported.name}`, code, to } : null;
  }
  const name = guest.functionName(callee) ?? `function ${callee}`;
  const isPrepared = plan.functions.some(({ functionIndex }) => functionIndex === callee);
  if (isPrepared) return { offset, label: kotlinFunctionName(name), code, to };
  // What makes a lambda, to pass it to a function of the library, is named like what the lambda does.
  const lambda = /^(.+\$s?lambda(?:\$\d+|-\d+)?)(?:\.<init>|_getInstance)$/.exec(name)?.[1];
  const made = plan.functions.find((each) => guest.functionName(each.functionIndex) === `${lambda}.invoke`);
  if (!made) return null;
  const { functionIndex } = made;
  const label = kotlinFunctionName(`${lambda}.invoke`);
  return { offset, label, code, to: { kind: 'function', functionIndex } };
}

/** Inline functions, and lambdas that they are passed: each piece of code by its call. */
function inlinedChoices({ kotlin, inlined }: RestOfLine): Choice[] {
  const choices = new Map<string, Choice & { to: { kind: 'sites'; sites: number[] } }>();
  for (const code of inlined) {
    const how = kotlin.lines.inlined(code);
    const sites = kotlin.sitesOf(code);
    if (!how || sites.length === 0) continue;
    const key = `${how.call.offset} ${how.name ?? ''}`;
    const known = choices.get(key);
    if (known) known.to.sites.push(...sites);
    else {
      const label = how.name === null ? 'lambda (inlined)' : `${how.name} (inlined)`;
      const place = how.name === null ? code : how.call;
      choices.set(key, { offset: code.offset, label, code: place, to: { kind: 'sites', sites: [...sites] } });
    }
  }
  return [...choices.values()];
}

/** What a step in can go into from where the guest is stopped, in the order in which the line comes to it. */
export async function stepTargets(
  context: SessionContext,
  { index, frame, part }: FrameEntry,
): Promise<DebugProtocol.StepInTarget[]> {
  const run = requireRun(context);
  run.requireStop();
  const { kotlin } = run.prepared;
  // Only what the innermost function comes to next can be gone into.
  if (index !== 0 || part === 'caller' || frame.kind !== 'function' || !kotlin) return [];
  const rest = restOfLine(kotlin, frame);
  if (!rest) return [];
  const text = (await kotlin.lines.text(rest.own[0]?.path ?? '')) ?? '';
  run.requireStop();
  const choices = [...calls(run, rest, frame, text), ...inlinedChoices(rest)];
  choices.sort((a, b) => a.offset - b.offset);
  return choices.map(({ label, code: { line, column }, to }) => ({
    id: context.stepTargets.add(to),
    label,
    ...toClient(context.client, { line, column }),
  }));
}
