import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NOTE_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry, setLines } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, topFrame } from '../support/session.ts';

const PLACES = 'test/guests/places/Places.kt';
const KOTLIN = readFileSync(path.join(root, PLACES), 'utf8');

/** A folder with the guest, whose source map is changed; `Places.kt` lies there where `source` says so. */
function moved(t: TestContext, map: object, source?: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sources-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(GUESTS.places, path.join(folder, 'places.wasm'));
  const original = JSON.parse(readFileSync(`${GUESTS.places}.map`, 'utf8')) as object;
  writeFileSync(path.join(folder, 'places.wasm.map'), JSON.stringify({ ...original, ...map }));
  if (source !== undefined) writeFileSync(path.join(folder, 'Places.kt'), source);
  return folder;
}

function onMovedEntry(t: TestContext, folder: string, more: Partial<LaunchInput> = {}): Promise<DapClient> {
  return onEntry(t, {
    program: path.join(folder, 'places.wasm'),
    host: NOTE_HOST,
    calls: [{ export: 'severalCalls', params: [1] }],
    ...more,
  });
}

const LINE = markedLine(PLACES, 'several calls');
const sources = (name: string) => ({ sources: ['NATIVE_IMPLEMENTATIONS.kt', name] });

test('a source that is only in the map is served', SESSION_LIMIT, async (t) => {
  const folder = moved(t, { ...sources('/nowhere/Places.kt'), sourcesContent: [null, KOTLIN] });
  const client = await onMovedEntry(t, folder);
  const { sources: loaded } =
    await client.request<DebugProtocol.LoadedSourcesResponse['body']>('loadedSources');
  const source = loaded.find(({ name }) => name === 'Places.kt');
  assert.ok(source?.sourceReference);
  assert.equal((await setLines(client, source, { line: LINE }))[0]?.verified, true);
  assert.equal((await resumeTo(client)).reason, 'breakpoint');
  const frame = await topFrame(client);
  assert.equal(frame.line, LINE);
  assert.deepEqual(frame.source, source);
  const { sourceReference } = source;
  const body = await client.request<DebugProtocol.SourceResponse['body']>('source', {
    source,
    sourceReference,
  });
  assert.equal(body.content, KOTLIN);
  assert.equal(await resumeToEnd(client), 0);
});

test('a source that is nowhere is named, and found by sourceMapPathOverrides', SESSION_LIMIT, async (t) => {
  const folder = moved(t, sources('/ci/build/src/Places.kt'));
  const client = await onMovedEntry(t, folder);
  assert.match(
    client.output('console'),
    /the source map names \/ci\/build\/src\/Places\.kt, which is not there.*sourceMapPathOverrides/,
  );
  const refused = client.request('source', {
    source: { path: '/ci/build/src/Places.kt' },
    sourceReference: 0,
  });
  await assert.rejects(refused, /does not carry its text.*sourceMapPathOverrides/);
  assert.equal(await resumeToEnd(client), 0);

  const file = path.join(root, PLACES);
  const found = await onMovedEntry(t, folder, {
    sourceMapPathOverrides: {
      '/ci/*': '/elsewhere/*',
      '/ci/build/src/*': path.join(path.dirname(file), '*'),
    },
  });
  assert.equal((await setLines(found, { path: file }, { line: LINE }))[0]?.verified, true);
  assert.equal((await resumeTo(found)).reason, 'breakpoint');
  assert.equal((await topFrame(found)).source?.path, file);
  assert.equal(await resumeToEnd(found), 0);
});

test('a source that is newer than the module, or has not its lines, is told', SESSION_LIMIT, async (t) => {
  const newer = moved(t, sources('Places.kt'), KOTLIN);
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(path.join(newer, 'places.wasm'), long, long);
  const client = await onMovedEntry(t, newer);
  assert.match(client.output('important'), /Places\.kt was changed after places\.wasm was built from it/);
  assert.equal(await resumeToEnd(client), 0);

  const other = await onMovedEntry(
    t,
    moved(t, sources('Places.kt'), KOTLIN.split('\n').slice(0, 100).join('\n')),
  );
  assert.match(
    other.output('important'),
    /Places\.kt has 100 lines, but places\.wasm has code of line 1\d\d/,
  );
  assert.equal(await resumeToEnd(other), 0);

  const right = await onMovedEntry(t, moved(t, sources('Places.kt'), KOTLIN));
  assert.equal(right.output('important'), '');
  assert.equal(await resumeToEnd(right), 0);
});
