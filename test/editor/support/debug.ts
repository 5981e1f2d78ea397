import type { Locator, Page } from 'playwright-core';
import type { EditorWindow } from './window.ts';

/** The button of VS Code's debug toolbar, by the beginning of its label. */
export type DebugButton = 'Continue' | 'Step Over' | 'Step Into' | 'Step Out' | 'Restart' | 'Stop' | 'Pause';

/**
 * An expression for the page: whether the call stack shows these frames. Those of the guest's functions, which stand in a file
 * of Kotlin or in the text of their instructions, count only if `kotlin`.
 */
function showsFrames(expected: readonly string[], kotlin: boolean): string {
  return `(() => {
    const shown = [];
    for (const frame of document.querySelectorAll('.debug-call-stack .stack-frame')) {
      const file = frame.querySelector('.file-name')?.textContent ?? '';
      const isFunction = file.endsWith('.kt') || (file.endsWith('.wat') && !file.endsWith('.boundary.wat'));
      if (${kotlin} || !isFunction) shown.push(frame.querySelector('.label')?.textContent);
    }
    return JSON.stringify(shown) === ${JSON.stringify(JSON.stringify(expected))};
  })()`;
}

/** Run and Debug: what a person does to a session, and what they see of it. */
export class Debugging {
  readonly #window: EditorWindow;
  readonly #page: Page;

  constructor(window: EditorWindow) {
    this.#window = window;
    this.#page = window.page;
  }

  /** Presses F5, which starts the first configuration of launch.json. */
  async pressF5(): Promise<void> {
    await this.#page.keyboard.press('F5');
  }

  /** Starts any launch configuration by its name, from Quick Open. */
  async start(configuration: string): Promise<void> {
    await this.#window.pick('Control+P', `debug ${configuration}`, configuration);
  }

  get toolbar(): Locator {
    return this.#page.locator('.debug-toolbar');
  }

  /**
   * Waits until the session is stopped with exactly these calls and imports, innermost first, whatever functions of the
   * guest are between them, and its variables are shown.
   */
  stoppedAt(...frames: string[]): Promise<void> {
    return this.#stopped(frames, false);
  }

  /** The same with all frames. */
  stoppedInKotlin(...frames: string[]): Promise<void> {
    return this.#stopped(frames, true);
  }

  async #stopped(frames: readonly string[], kotlin: boolean): Promise<void> {
    await this.#button('Continue').waitFor();
    await this.#page.waitForFunction(showsFrames(frames, kotlin));
    await this.scope().first().waitFor();
  }

  /** Waits until no session is left. */
  async ended(): Promise<void> {
    await this.toolbar.waitFor({ state: 'hidden' });
  }

  async press(button: DebugButton): Promise<void> {
    await this.#button(button).click();
  }

  #button(button: DebugButton): Locator {
    return this.toolbar.locator(`a.action-label[aria-label^="${button}"]:not(.disabled)`);
  }

  get variables(): Locator {
    return this.#page.getByRole('tree', { name: 'Debug Variables' });
  }

  /** A scope's row in Variables; any when no name is given. */
  scope(name = ''): Locator {
    return this.variables.getByRole('treeitem', { name: `Scope ${name}` });
  }

  /** A variable's row, by its name. */
  variable(name: string): Locator {
    return this.variables.locator('.monaco-list-row').filter({
      has: this.#page.locator('.expression .name', { hasText: new RegExp(`^${name}\\s*[:=]?\\s*$`) }),
    });
  }

  /** A variable's value as shown. */
  async value(name: string): Promise<string> {
    return this.variable(name).first().locator('.value').innerText();
  }

  /** Opens a row of Variables, if it is closed. */
  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
  }

  /** Gives a variable a new value, as a person does: a double click, typing, Enter. */
  async setVariable(name: string, expression: string): Promise<void> {
    await (await this.typeValue(name, expression)).waitFor({ state: 'hidden' });
  }

  /** As `setVariable`, without waiting until the value is taken; the box that was typed into. */
  async typeValue(name: string, expression: string): Promise<Locator> {
    await this.variable(name).first().dblclick();
    const input = this.variables.locator('.monaco-inputbox input:visible');
    await input.fill(expression);
    await input.press('Enter');
    return input;
  }

  /** What the Debug Console shows. */
  async console(): Promise<Locator> {
    await this.#window.command('Debug Console: Focus on Debug Console View');
    return this.#page.locator('.repl .monaco-list-rows');
  }
}
