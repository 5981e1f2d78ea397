import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import { DEBUG_TYPE } from '../../protocol/debug-type.ts';
import { launchSchema } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';

interface Manifest {
  activationEvents: string[];
  icon: string;
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsContainers: { panel: { id: string }[] };
    debuggers: {
      type: string;
      variables: Record<string, string>;
      configurationSnippets: { label: string; body: Record<string, unknown> }[];
    }[];
    languages: { configuration?: string }[];
    grammars: { path: string }[];
    walkthroughs: { steps: { description: string; media: { svg: string }; completionEvents: string[] }[] }[];
    configuration: { properties: Record<string, unknown> };
  };
}

const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;

async function sources(folder: string): Promise<string> {
  const names = await readdir(path.join(root, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'));
  return (await Promise.all(files.map((name) => readFile(path.join(root, folder, name), 'utf8')))).join('\n');
}

test('every command is registered, and every menu and button names one', async () => {
  const code = await sources('extension');
  const commands = contributes.commands.map(({ command }) => command);
  for (const command of commands)
    assert.ok(code.includes(`registerCommand('${command}'`) || code.includes(`'${command}',\n`), command);
  const used = [
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
    ...Object.values(contributes.debuggers[0]?.variables ?? {}),
  ];
  for (const command of used) assert.ok(commands.includes(command), command);
  const viewFocus = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => `${id}.focus`));
  for (const { description } of contributes.walkthroughs.flatMap(({ steps }) => steps))
    for (const [, command = ''] of description.matchAll(/\(command:([^)]+)\)/g))
      assert.ok([...commands, ...viewFocus].includes(command), command);
});

test('the view and the settings are those that the code uses', async () => {
  const code = await sources('extension');
  const [container] = contributes.viewsContainers.panel;
  const [view] = contributes.views[container?.id ?? ''] ?? [];
  assert.ok(code.includes(`CALLS_VIEW = '${view?.id ?? ''}'`));
  for (const key of Object.keys(contributes.configuration.properties)) {
    const [section = '', name = ''] = key.split('.');
    assert.ok(code.includes(`getConfiguration('${section}')`) && code.includes(`'${name}'`), key);
  }
});

test('it wakes up for debugging only', () => {
  for (const event of manifest.activationEvents) assert.match(event, /^onDebug/);
});

test('every step of the walkthrough can be completed', async () => {
  const code = await sources('extension');
  const [walkthrough] = contributes.walkthroughs;
  assert.equal(walkthrough?.steps.length, 3);
  for (const { completionEvents } of walkthrough.steps)
    for (const event of completionEvents) {
      const [, context] = /^onContext:(.+)$/.exec(event) ?? [];
      if (context !== undefined) assert.ok(code.includes(`'${context}'`), event);
      else assert.match(event, /^onView:kotlin-wasmedge\.boundaryCalls$/);
    }
});

test('files that the manifest names are there', async () => {
  const named = [
    manifest.icon,
    ...contributes.languages.flatMap(({ configuration }) => configuration ?? []),
    ...contributes.grammars.map((grammar) => grammar.path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ...Object.values(contributes.views).flatMap((views) => views.map(({ icon }) => icon)),
  ];
  for (const file of named) await access(path.join(root, file));
  const packed = await listFiles({ cwd: root, packageManager: PackageManager.None });
  for (const file of named) assert.ok(packed.includes(path.posix.normalize(file)), `${file} is not packed`);
});

test('only what is named gets into the package', async () => {
  const packed = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const allowed =
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[^/]+\.(js|css|node)|media\/[^/]+\.(png|svg)|syntaxes\/[^/]+\.json)$/;
  assert.deepEqual(
    packed.filter((file) => !allowed.test(file)),
    [],
  );
});

test('snippets are valid launch configurations', () => {
  const [debuggers] = contributes.debuggers;
  assert.equal(debuggers?.type, DEBUG_TYPE);
  for (const { body } of debuggers.configurationSnippets) {
    // What the editor makes of a snippet: ^"…" is taken literally, ${1:default} is replaced by its default.
    const text = JSON.stringify(body)
      .replace(
        /"\^\\"((?:[^"\\]|\\\\.|\\[^"])*)\\""/g,
        (_, literal: string) => `"${literal.replaceAll('\\\\$', '$')}"`,
      )
      .replace(/"\^\$\{\d+:([^}]*)\}"/g, '$1')
      .replace(/\$\{\d+:([^}]*)\}/g, '$1');
    const configuration = JSON.parse(text) as { type: string; request: string; name: string };
    assert.equal(configuration.type, DEBUG_TYPE);
    const { error } = launchSchema.strict().safeParse({
      ...configuration,
      type: undefined,
      request: undefined,
      name: undefined,
    });
    const problems = error?.issues.filter(
      (issue) =>
        issue.code !== 'unrecognized_keys' ||
        !issue.keys.every((key) => ['type', 'request', 'name'].includes(key)),
    );
    assert.deepEqual(problems ?? [], [], text);
  }
});
