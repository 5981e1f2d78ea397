import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/paths.ts';

const MODULE = pathToFileURL(path.join(root, 'debug-adapter/code-cache.ts')).href;

function setUp(t: TestContext): { file: string; folder: string; run: (expression: string) => string } {
  const place = mkdtempSync(path.join(tmpdir(), 'code-cache-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const file = path.join(place, 'program.js');
  const folder = path.join(place, 'kept', 'code');
  // A process of its own each time: code is kept when it ends.
  const run = (expression: string): string => {
    const program =
      `import { requireCompiled } from ${JSON.stringify(MODULE)};` +
      `const program = requireCompiled(${JSON.stringify(file)}, ${JSON.stringify(folder)});` +
      `console.log(${expression});`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };
  return { file, folder, run };
}

test('what has been compiled is taken from the folder the next time', (t) => {
  const { file, folder, run } = setUp(t);
  writeFileSync(file, 'exports.answer = () => 1;');
  assert.equal(run('program.answer()'), '1');
  const [kept, ...others] = readdirSync(folder);
  assert.ok(kept !== undefined && others.length === 0);
  const { mtimeMs, mtime } = statSync(path.join(folder, kept));
  // A source that only its bytes tell from the one before: what runs is what was kept of that.
  const { atime: asked, mtime: written } = statSync(file);
  writeFileSync(file, 'exports.answer = () => 2;');
  utimesSync(file, asked, written);
  assert.equal(run('program.answer()'), '1');
  assert.equal(
    statSync(path.join(folder, kept)).mtimeMs,
    mtimeMs,
    `written again after ${mtime.toISOString()}`,
  );
  writeFileSync(file, 'exports.answer = () => "changed";');
  assert.equal(run('program.answer()'), 'changed');
});

test('what lies in the folder and is no code of V8 is replaced', (t) => {
  const { file, folder, run } = setUp(t);
  writeFileSync(file, 'exports.answer = () => 1;');
  run('program.answer()');
  const kept = path.join(folder, readdirSync(folder)[0] ?? '');
  const good = readFileSync(kept);
  writeFileSync(kept, 'no code');
  assert.equal(run('program.answer()'), '1');
  assert.equal(readFileSync(kept).length, good.length);
});

test('a folder that cannot be made changes nothing', (t) => {
  const { file, folder, run } = setUp(t);
  writeFileSync(path.dirname(folder), 'a file');
  writeFileSync(file, 'exports.answer = () => 1;');
  assert.equal(run('program.answer()'), '1');
});

test('the program requires other modules, knows its place, and its errors say theirs', (t) => {
  const { file, run } = setUp(t);
  writeFileSync(
    file,
    'exports.joined = (...names) => require("node:path").posix.join(...names);' +
      'exports.place = __filename;' +
      'exports.fail = () => { throw new Error("here"); };',
  );
  for (let twice = 0; twice < 2; twice++) {
    assert.equal(run('program.joined("a", "b")'), 'a/b');
    assert.equal(run('program.place'), file);
  }
  const column = readFileSync(file, 'utf8').indexOf('new Error') + 1;
  const stack = run('(() => { try { program.fail(); } catch (error) { return error.stack; } })()');
  assert.ok(stack.includes(`${file}:1:${column})`), stack);
});
