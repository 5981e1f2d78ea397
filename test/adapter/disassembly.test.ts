import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NOTE_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry, setLines } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, stack, stopped, topFrame } from '../support/session.ts';

const PLACES = 'test/guests/places/Places.kt';

function onPlacesEntry(t: TestContext, more: Partial<LaunchInput> = {}): Promise<DapClient> {
  return onEntry(t, {
    program: GUESTS.places,
    host: NOTE_HOST,
    calls: [{ export: 'severalCalls', params: [1] }],
    ...more,
  });
}

async function stopAtLine(client: DapClient, line: number): Promise<DebugProtocol.StackFrame> {
  await setLines(client, PLACES, { line });
  assert.equal((await resumeTo(client)).reason, 'breakpoint');
  // A lambda may be on the line, too.
  await setLines(client, PLACES);
  return topFrame(client);
}

async function disassemble(
  client: DapClient,
  memoryReference: string | undefined,
  instructionOffset: number,
  instructionCount: number,
): Promise<DebugProtocol.DisassembledInstruction[]> {
  const body = await client.request<DebugProtocol.DisassembleResponse['body']>('disassemble', {
    memoryReference,
    instructionOffset,
    instructionCount,
  });
  assert.ok(body);
  return body.instructions;
}

async function setInstruction(
  client: DapClient,
  ...breakpoints: DebugProtocol.InstructionBreakpoint[]
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.request<DebugProtocol.SetInstructionBreakpointsResponse['body']>(
    'setInstructionBreakpoints',
    { breakpoints },
  );
  return body.breakpoints;
}

async function step(
  client: DapClient,
  command: 'next' | 'stepIn' | 'stepOut',
  granularity?: DebugProtocol.SteppingGranularity,
): Promise<DebugProtocol.StackFrame> {
  await client.request(command, { threadId: 1, ...(granularity && { granularity }) });
  assert.equal((await stopped(client)).reason, 'step');
  return topFrame(client);
}

/** The guest without its source map, in a folder of its own. */
function withoutMap(t: TestContext, guest: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'disassembly-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, 'guest.wasm');
  copyFileSync(guest, program);
  return program;
}

test('instructions with bytes, names and lines, and as many as were asked for', SESSION_LIMIT, async (t) => {
  const client = await onPlacesEntry(t);
  const line = markedLine(PLACES, 'several calls');
  const frame = await stopAtLine(client, line);
  const reference = frame.instructionPointerReference;
  const instructions = await disassemble(client, reference, -2, 12);
  assert.equal(instructions.length, 12);
  const [here] = instructions.slice(2);
  assert.equal(here?.address, reference);
  assert.equal(here?.line, line);
  assert.match(here.symbol ?? '', /^places\.severalCalls$/);
  assert.match(here.instructionBytes ?? '', /^[0-9a-f]{2}( [0-9a-f]{2})*$/);
  const texts = instructions.map(({ instruction }) => instruction);
  const calls = ['call $places.one', 'local.get $number', 'call $places.two', 'call $places.both'];
  assert.deepEqual(texts.slice(texts.indexOf('call $places.one')).slice(0, 4), calls);
  assert.ok(instructions.some(({ location }) => location?.path === path.join(root, PLACES)));

  const addresses = (await disassemble(client, '0x8000', -30_000, 10)).map(({ address }) => BigInt(address));
  assert.deepEqual(
    [...new Set(addresses)].sort((a, b) => Number(a - b)),
    addresses,
    'in order, none twice',
  );
  const last = await disassemble(client, reference, 10_000, 3);
  assert.ok(last.every(({ presentationHint }) => presentationHint === 'invalid'));
  await assert.rejects(disassemble(client, 'memory', 0, 1), /no place in the guest's code/);
  assert.equal(await resumeToEnd(client), 0);
});

test('"instructions" makes each instruction a place to stop at', SESSION_LIMIT, async (t) => {
  const client = await onPlacesEntry(t, { instructions: true });
  const line = markedLine(PLACES, 'several calls');
  const frame = await stopAtLine(client, line);
  const following = await disassemble(client, frame.instructionPointerReference, 0, 6);
  const second = await step(client, 'next', 'instruction');
  assert.equal(second.instructionPointerReference, following[1]?.address);
  assert.equal(second.line, line);
  const call = following.find(({ instruction }) => instruction === 'call $places.two');
  const [breakpoint, nowhere] = await setInstruction(
    client,
    {
      instructionReference: following[0]?.address ?? '',
      offset: Number(call?.address) - Number(following[0]?.address),
    },
    { instructionReference: 'nowhere' },
  );
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  assert.match(nowhere?.message ?? '', /no place in the guest's code/);
  const stop = await resumeTo(client);
  assert.deepEqual(stop.hitBreakpointIds, [breakpoint.id]);
  assert.equal((await topFrame(client)).instructionPointerReference, call?.address);
  assert.equal((await step(client, 'stepIn', 'instruction')).name, 'places.two');
  assert.equal((await step(client, 'stepOut')).name, 'places.severalCalls');
  assert.equal((await step(client, 'next')).line, markedLine(PLACES, 'after several calls'), 'lines as ever');
  assert.equal(await resumeToEnd(client), 0);
});

test('without it, an instruction inside a line is offered it', SESSION_LIMIT, async (t) => {
  const client = await onPlacesEntry(t);
  const frame = await stopAtLine(client, markedLine(PLACES, 'several calls'));
  const following = await disassemble(client, frame.instructionPointerReference, 0, 40);
  const beginning = following.find(({ line }) => line === markedLine(PLACES, 'after several calls'));
  const [inside, begins, library] = await setInstruction(
    client,
    { instructionReference: following[2]?.address ?? '' },
    { instructionReference: beginning?.address ?? '' },
    { instructionReference: '0x8000' },
  );
  assert.equal(inside?.verified, false);
  assert.match(inside.message ?? '', /"instructions": true/);
  assert.match(library?.message ?? '', /"justMyCode": false/);
  assert.equal(begins?.verified, true, begins?.message);
  assert.deepEqual((await resumeTo(client)).hitBreakpointIds, [begins.id]);
  assert.equal(await resumeToEnd(client), 0);
});

test(
  'a guest without a source map is shown as instructions, with breakpoints and steps',
  SESSION_LIMIT,
  async (t) => {
    const program = withoutMap(t, GUESTS.places);
    const client = await onPlacesEntry(t, { program });
    assert.match(client.output('console'), /shown as instructions instead: it has no source map\. Gradle/);
    const { sources } = await client.request<DebugProtocol.LoadedSourcesResponse['body']>('loadedSources');
    const source = sources.find(({ name }) => name === 'places.two.wat');
    assert.ok(source?.sourceReference);
    const { content } = await client.request<DebugProtocol.SourceResponse['body']>('source', {
      source,
      sourceReference: source.sourceReference,
    });
    const lines = content.split('\n');
    assert.match(lines[0] ?? '', /^\(func \$places\.two \(;\d+;\) \(param \$value i32\) \(result i32\)$/);
    const { breakpoints } = await client.request<DebugProtocol.SetBreakpointsResponse['body']>(
      'setBreakpoints',
      {
        source,
        breakpoints: [{ line: 1 }, { line: 1000 }],
      },
    );
    assert.equal(breakpoints[0]?.verified, true, breakpoints[0]?.message);
    assert.match(lines[(breakpoints[0].line ?? 0) - 1] ?? '', /local\.get \$value/);
    assert.equal(breakpoints[1]?.verified, false);
    assert.ok(breakpoints[1].message);
    assert.deepEqual((await resumeTo(client)).hitBreakpointIds, [breakpoints[0].id]);
    const [top, caller] = await stack(client);
    assert.deepEqual(top?.source, source);
    assert.equal(top.line, breakpoints[0].line);
    assert.equal(caller?.source?.name, 'places.severalCalls.wat');
    const back = await step(client, 'stepOut');
    assert.equal(back.name, 'places.severalCalls');
    const next = await step(client, 'next');
    assert.ok(next.line > back.line);
    assert.equal(await resumeToEnd(client), 0);
  },
);

test('"justMyCode": false steps into the library, whose frames are subtle', SESSION_LIMIT, async (t) => {
  const calls = [{ export: 'library', params: [2] }];
  const own = await onPlacesEntry(t, { calls });
  const line = markedLine(PLACES, 'library');
  await stopAtLine(own, line);
  assert.match((await step(own, 'stepIn')).name, /^places\.library/);
  assert.equal(await resumeToEnd(own), 0);

  const all = await onPlacesEntry(t, { calls, justMyCode: false });
  await stopAtLine(all, line);
  const inside = await step(all, 'stepIn');
  assert.match(inside.name, /^kotlin\./);
  assert.equal(inside.presentationHint, 'subtle');
  assert.match(inside.source?.name ?? '', /\.wat$/);
  assert.equal((await step(all, 'stepOut')).name, 'places.library');
  assert.equal(await resumeToEnd(all), 0);
});
