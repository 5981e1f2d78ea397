import path from 'node:path';
import { after, before, test } from 'node:test';
import { CallsView } from './calls-view.ts';
import { Debugging } from './debug.ts';
import { artifact, Editor, type OpenOptions } from './editor.ts';
import type { EditorWindow } from './window.ts';
import { copyExample, type Workspace } from './workspace.ts';

/** What a test of the editor works with. */
export interface EditorTest {
  editor: Editor;
  workspace: Workspace;
  window: EditorWindow;
  debugging: Debugging;
  calls: CallsView;
}

export interface EditorTestOptions extends OpenOptions {
  /** The folder to open; a copy of examples/greeter when left out. */
  workspace?: () => Promise<Workspace>;
}

let editor: Editor | undefined;

/** Starts VS Code for the tests of a file, and ends it after them. */
export function useEditor(env: NodeJS.ProcessEnv = {}): void {
  before(async () => {
    editor = await Editor.start(env);
  });
  after(() => editor?.stop());
}

/** A test in a window and a workspace of its own. A failure leaves a screenshot in artifacts/editor. */
export function editorTest(
  name: string,
  options: EditorTestOptions,
  run: (context: EditorTest) => Promise<void>,
): void {
  test(name, async () => {
    if (!editor) throw new Error('useEditor() was not called.');
    const workspace = await (options.workspace ?? (() => copyExample('greeter')))();
    let window: EditorWindow | undefined;
    try {
      window = await editor.open(workspace, options);
      await run({
        editor,
        workspace,
        window,
        debugging: new Debugging(window),
        calls: new CallsView(window),
      });
    } catch (error) {
      const file = await artifact(`failed ${name.replace(/[^\w]+/g, '-')}.png`);
      await window?.screenshot(file).then(
        () => console.log(`Screenshot: ${path.relative(process.cwd(), file)}`),
        () => console.log('The window is gone: no screenshot.'),
      );
      throw error;
    } finally {
      await window?.close();
      await workspace.remove();
    }
  });
}
