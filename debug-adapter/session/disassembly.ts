import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type * as Disassembly from '../kotlin/disassembly/disassembler.ts';
import { bindBreakpoints } from './binding.ts';
import { rulesOf, rulesSchema } from './breakpoint-rules.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { toClient } from './numbering.ts';
import { INSTRUCTIONS } from './offset-breakpoints.ts';
import { ErrorId, RequestError } from './request-error.ts';
import type { Run } from './run.ts';
import { placeInFunction } from './sources.ts';
import { disassemblerOf, instructionReference, parseInstructionReference } from './listings.ts';

const disassembleSchema = z.object({
  memoryReference: z.string(),
  offset: z.number().int().default(0),
  instructionOffset: z.number().int().default(0),
  instructionCount: z.number().int().min(0).max(10_000),
});

const breakpointsSchema = z.object({
  breakpoints: z.array(
    rulesSchema.extend({ instructionReference: z.string(), offset: z.number().int().default(0) }),
  ),
});

type Instruction = Disassembly.Instruction;

/** Instructions around one, whatever function they are in. */
function instructionsFrom(
  disassembler: Disassembly.Disassembler,
  functionIndex: number,
  at: number,
  from: number,
  count: number,
): (Instruction | null)[] {
  const { first, count: defined } = disassembler.defined;
  const found: (Instruction | null)[] = [];
  let index = functionIndex;
  let start = at + from;
  // Backwards to the function that the first one is in.
  while (start < 0 && index > first) {
    index -= 1;
    start += disassembler.listing(index)?.instructions.length ?? 0;
  }
  for (; start < 0 && found.length < count; start++) found.push(null);
  for (; index < first + defined && found.length < count; index++) {
    const { instructions } = disassembler.listing(index) ?? { instructions: [] };
    if (start >= instructions.length) start -= instructions.length;
    else {
      found.push(...instructions.slice(start, start + count - found.length));
      start = 0;
    }
  }
  while (found.length < count) found.push(null);
  return found;
}

function disassemble(
  context: SessionContext,
  { memoryReference, offset, instructionOffset, instructionCount }: z.infer<typeof disassembleSchema>,
): DebugProtocol.DisassembleResponse['body'] {
  const run = requireRun(context);
  const address = parseInstructionReference(memoryReference);
  const range = address === null ? null : run.prepared.guest.functionAt(address + offset);
  const disassembler = disassemblerOf(run);
  const listing = range && disassembler.listing(range.index);
  if (address === null || !range || !listing) {
    const message = `“${memoryReference}” is no place in the guest's code that can be shown as instructions.`;
    throw new RequestError(ErrorId.noSuchId, message, { showUser: false });
  }
  const next = listing.instructions.findIndex((each) => each.offset > address + offset);
  const at = (next < 0 ? listing.instructions.length : next) - 1;
  const found = instructionsFrom(
    disassembler,
    range.index,
    Math.max(0, at),
    instructionOffset,
    instructionCount,
  );
  const describe = describer(context, run);
  const first = found.findIndex((each) => each !== null);
  const last = found.findLastIndex((each) => each !== null);
  const end = (found[last]?.offset ?? address) + (found[last]?.bytes.length ?? 0);
  return {
    instructions: found.map((each, i) => {
      if (each) return describe(each);
      return invalid(i < first ? (found[first]?.offset ?? 0) - (first - i) : end + i - last);
    }),
  };
}

/** As many instructions are answered as were asked for: beyond the code there are none. */
function invalid(address: number): DebugProtocol.DisassembledInstruction {
  return { address: String(address), instruction: '', presentationHint: 'invalid' };
}

/** Describes instructions in order: a source is named where it changes. */
function describer(
  { client }: SessionContext,
  run: Run,
): (instruction: Instruction) => DebugProtocol.DisassembledInstruction {
  let path: string | undefined;
  return ({ functionIndex, offset, bytes, text }) => {
    const { guest, kotlin } = run.prepared;
    const code = kotlin?.lines.at(functionIndex, offset);
    const described: DebugProtocol.DisassembledInstruction = {
      address: instructionReference(offset),
      instructionBytes: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      instruction: text,
      symbol: guest.functionName(functionIndex) ?? `function ${functionIndex}`,
    };
    if (!code) return described;
    const { source, line, column } = placeInFunction(run, functionIndex, offset);
    if (code.path !== path && source) described.location = source;
    path = code.path;
    return { ...described, ...toClient(client, { line, column }) };
  };
}

/** The code of the guest as instructions, and breakpoints at them. */
export function disassemblyHandlers(context: SessionContext): Handlers {
  const { offsets } = context.breakpoints;
  return {
    disassemble: handler(disassembleSchema, (args) => disassemble(context, args)),

    setInstructionBreakpoints: handler(breakpointsSchema, async ({ breakpoints }) => {
      offsets.set(
        INSTRUCTIONS,
        breakpoints.map(({ instructionReference: reference, offset, ...rules }) => {
          const address = parseInstructionReference(reference);
          if (address !== null) return { offset: address + offset, ...rulesOf(rules) };
          const problem = `“${reference}” is no place in the guest's code.`;
          return { offset: null, problem, ...rulesOf(rules) };
        }),
      );
      const errors = await bindBreakpoints(context);
      const described = offsets.describe(INSTRUCTIONS, context.run?.prepared.kotlin, errors);
      return {
        breakpoints: described.map(({ breakpoint, offset }) =>
          offset === null
            ? breakpoint
            : { ...breakpoint, instructionReference: instructionReference(offset) },
        ),
      };
    }),
  };
}
