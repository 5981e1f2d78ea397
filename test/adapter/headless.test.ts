import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import { cli } from '../support/cli.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';

const GREETER = path.join(root, 'examples/greeter');

/** Writes `.vscode/launch.json` into a new folder; returns the folder. */
async function workspace(t: TestContext, launchJson: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'workspace-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, '.vscode'));
  await writeFile(path.join(folder, '.vscode/launch.json'), launchJson);
  return folder;
}

const withCalls = (configuration: LaunchInput): string =>
  JSON.stringify({
    configurations: [{ name: 'Only', type: 'kotlin-wasmedge', request: 'launch', ...configuration }],
  });

test('a configuration of launch.json runs, and its calls are a table', SESSION_LIMIT, async () => {
  const { code, stdout } = await cli([
    'run',
    path.join(GREETER, '.vscode/launch.json'),
    '--configuration',
    'Seat: a call within a call',
  ]);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.match(lines[0] ?? '', /^# +callId +export +status +ms +argument +result$/);
  assert.match(
    lines[1] ?? '',
    /^0 +1 +seat +returned +\d+\.\d{3} +5 B “Grace” +20 B “Grace sits in row 3\.”$/,
  );
  const at = (line: string | undefined, word: string) => line?.indexOf(word);
  assert.equal(at(lines[1], 'returned'), at(lines[2], 'returned'), 'columns are aligned');
  assert.match(stdout, /\n2 calls, 0 failed; findings: 0 error, 0 warning, 0 info\.\n$/);
});

test('with --json standard output is JSON lines, whatever the guest prints', SESSION_LIMIT, async (t) => {
  const folder = await workspace(
    t,
    withCalls({ program: GUESTS.wasi, calls: [{ export: 'printLines', params: [2] }] }),
  );
  const { code, stdout, stderr } = await cli(['run', '--json'], folder);
  assert.equal(code, 0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['call', 'summary'],
  );
  assert.equal(lines[0]?.['export'], 'printLines');
  assert.match(stderr, /out 1/);
});

test('findings are told with file and line, and fail the run as --fail-on says', SESSION_LIMIT, async (t) => {
  const folder = await workspace(
    t,
    withCalls({ program: GUESTS.calls, calls: [{ export: 'neverReturn', argument: 'x' }] }),
  );
  const warned = await cli(['run'], folder);
  assert.equal(warned.code, 1);
  const line = markedLine('test/guests/calls/Protocol.kt', 'no result');
  const told = /Protocol\.kt:(\d+): warning result-missing: neverReturn \(callId 1\)/.exec(warned.stdout);
  assert.ok(told, warned.stdout);
  assert.ok(Math.abs(Number(told[1]) - line) <= 3, 'it is the declaration around that line');
  assert.equal((await cli(['run', '--fail-on', 'error'], folder)).code, 0);
  assert.equal((await cli(['run', '--fail-on', 'never'], folder)).code, 0);
  const json = await cli(['run', '--json'], folder);
  const [, finding] = json.stdout
    .split('\n')
    .map((each) => (each === '' ? {} : (JSON.parse(each) as object)));
  assert.ok(finding && 'code' in finding && 'location' in finding);
  assert.equal(finding.code, 'result-missing');
});

test('a trap fails the run, also with --fail-on never', SESSION_LIMIT, async (t) => {
  const folder = await workspace(
    t,
    withCalls({
      program: GUESTS.calls,
      calls: [
        { export: 'peek', params: [-4] },
        { export: 'echo', argument: 'still runs' },
      ],
    }),
  );
  const { code, stdout } = await cli(['run', '--fail-on', 'never'], folder);
  assert.equal(code, 1);
  assert.match(stdout, /#0 peek \(callId 1\): trapped: .*trapped/);
  assert.match(stdout, /2 calls, 1 failed/);
});

test('${workspaceFolder} and relative paths mean the folder that holds .vscode', SESSION_LIMIT, async (t) => {
  const folder = await workspace(
    t,
    `{ // comments are allowed
      "configurations": [
        { "name": "Node", "type": "node", "request": "launch" },
        { "name": "Greet", "type": "kotlin-wasmedge", "request": "launch", "program": ${JSON.stringify(GUESTS.calls)},
          "calls": [ { "export": "echo", "argument": { "file": "\${workspaceFolder}/.vscode/in.txt" } },
                     { "export": "echo", "argument": { "file": ".vscode/in.txt" } } ] },
      ] }`,
  );
  await writeFile(path.join(folder, '.vscode/in.txt'), 'from a file');
  const { code, stdout } = await cli(['run', path.join(folder, '.vscode/launch.json')], root);
  assert.equal(code, 0, 'the only configuration of this debugger needs no name');
  assert.equal(stdout.match(/11 B “from a file” +11 B “from a file”/g)?.length, 2);
});

test('what cannot be run is one sentence on standard error, and exit code 2', SESSION_LIMIT, async (t) => {
  const broken = await workspace(t, '{ "configurations": [\n,');
  const variable = await workspace(t, withCalls({ program: '${file}' }));
  const missing = await workspace(t, withCalls({ program: '/nowhere/guest.wasm' }));
  const asking = await workspace(
    t,
    withCalls({
      program: GUESTS.imports,
      unresolvedImports: 'ask',
      calls: [{ export: 'convert', params: [1, 2] }],
    }),
  );
  const greeter = path.join(GREETER, '.vscode/launch.json');
  const cases: [string[], string, RegExp][] = [
    [[], root, /no command is given.*--help/],
    [['walk'], root, /no command “walk”/],
    [['run', '--jsn'], root, /Unknown option '--jsn'/],
    [['run', '--fail-on', 'warnings'], root, /--fail-on takes error, warning, info, never.*“warning”/],
    [['run', 'nowhere.json'], root, /nowhere\.json cannot be read/],
    [['run', greeter], root, /several configurations: choose one with --configuration/],
    [['run', greeter, '--configuration', 'Greet: UTF8 text'], root, /Did you mean “Greet: UTF-8 text”/],
    [['run'], broken, /launch\.json:2 is no JSON/],
    [['run'], variable, /\$\{file\} has no meaning here/],
    [['run'], missing, /\/nowhere\/guest\.wasm/],
    [['run'], asking, /cannot run unattended.*Nobody provides rates\.rate_of/s],
  ];
  for (const [args, folder, says] of cases) {
    const { code, stdout, stderr } = await cli(args, folder);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /\n {4}at /, 'no stack trace');
  }
  const help = await cli(['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /--configuration NAME/);
});
