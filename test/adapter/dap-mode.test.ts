import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../scripts/paths.ts';
import { GUESTS, NOTE_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { marked, PLACES } from '../support/places.ts';

const run = promisify(execFile);
const emacs = process.env.ADAPTER_EMACS;

/** Line of JSON that session.el prints. */
interface Seen {
  seen: 'stop' | 'evaluated' | 'end' | 'failure';
  [fact: string]: unknown;
}

const skip = emacs === undefined && 'Emacs with dap-mode comes from Debian’s packages, and this is no Debian';

test('a session of Emacs’ dap-mode', { ...SESSION_LIMIT, skip }, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dap-mode-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const configuration = {
    type: 'kotlin-wasmedge',
    request: 'launch',
    name: 'Places',
    program: GUESTS.places,
    host: NOTE_HOST,
    calls: [{ export: 'severalCalls', params: [1] }],
  };
  const script = path.join(root, 'test/adapter/emacs/session.el');
  const { stdout, stderr } = await run(emacs ?? '', ['-Q', '--batch', '-l', script], {
    cwd: folder,
    env: {
      ...process.env,
      // What Emacs and its packages write goes there; the adapter keeps its own home.
      HOME: folder,
      SESSION_HOME: process.env.HOME ?? '',
      SESSION_FOLDER: folder,
      SESSION_ADAPTER: JSON.stringify([process.execPath, path.join(root, 'dist/debug-adapter.js')]),
      SESSION_CONFIGURATION: JSON.stringify(configuration),
      SESSION_SOURCE: path.join(root, PLACES),
      SESSION_LINE: String(marked('several calls')),
      SESSION_EXPRESSION: 'before + number',
    },
  }).catch((failed: unknown) => failed as { stdout: string; stderr: string });
  const seen = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Seen]));
  const stop = (mark: string, locals: string[]): Seen => ({
    seen: 'stop',
    state: 'running',
    frame: 'places.severalCalls',
    line: marked(mark),
    file: 'Places.kt',
    shown: marked(mark),
    locals,
  });
  assert.deepEqual(
    seen,
    [
      stop('several calls', ['number = 1']),
      stop('after several calls', ['number = 1', 'before = 2']),
      { seen: 'evaluated', result: '3' },
      { seen: 'end' },
    ],
    stderr,
  );
});
