import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from './dap-client.ts';
import { GUESTS, markedLine, NOTE_HOST } from './guests.ts';
import { onEntry, setLines } from './kotlin-session.ts';
import { resumeTo, stack } from './session.ts';

/** Source of the guest of places to stop at. */
export const PLACES = 'test/guests/places/Places.kt';

/** That guest, by each compiler. */
export const PLACES_GUESTS = ['places', 'places-2.3.0'] as const;

/** Line of a mark in its source. */
export const marked = (mark: string): number => markedLine(PLACES, mark);

/** Where a frame stands, its line by its mark: `inlined 81`. */
export const at = (name: string, mark: string): string => `${name} ${marked(mark)}`;

/** The frames of the guest's own functions, innermost first. */
export async function placesFrames(client: DapClient): Promise<DebugProtocol.StackFrame[]> {
  return (await stack(client)).filter(({ source }) => source?.name === 'Places.kt');
}

/** The same, as `inlined 81`. */
export async function places(client: DapClient): Promise<string[]> {
  return (await placesFrames(client)).map(({ name, line }) => `${name.replace('places.', '')} ${line}`);
}

/** Launches a call of the guest and goes to the mark; no breakpoint is left there. */
export async function stoppedAt(
  t: TestContext,
  guest: (typeof PLACES_GUESTS)[number],
  { name, params, mark }: { name: string; params: number[]; mark: string },
  configuration: Partial<LaunchInput> = {},
): Promise<DapClient> {
  const calls = [{ export: name, params }];
  const client = await onEntry(t, { program: GUESTS[guest], host: NOTE_HOST, calls, ...configuration });
  await setLines(client, PLACES, { line: marked(mark) });
  assert.equal((await resumeTo(client)).reason, 'breakpoint');
  await setLines(client, PLACES);
  return client;
}
