import type { Locator, Page } from 'playwright-core';
import type { EditorWindow } from './window.ts';

/** The button of VS Code's debug toolbar, by the beginning of its label. */
export type DebugButton = 'Continue' | 'Step Over' | 'Step Into' | 'Step Out' | 'Restart' | 'Stop' | 'Pause';

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
    await this.#page.keyboard.press('Control+P');
    await this.#window.quickInput.locator('.quick-input-box input').fill(`debug ${configuration}`);
    await this.#window.choose(configuration);
  }

  get toolbar(): Locator {
    return this.#page.locator('.debug-toolbar');
  }

  /** Waits until the session is stopped and the call stack's selected frame contains `frame`. */
  async stopped(frame: string | RegExp): Promise<void> {
    await this.#button('Continue').waitFor();
    await this.callStack.locator('.stack-frame', { hasText: frame }).first().waitFor();
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

  get callStack(): Locator {
    return this.#page.locator('.debug-call-stack');
  }

  /** The frames' labels, innermost first. */
  async frames(): Promise<string[]> {
    return this.callStack.locator('.stack-frame .label').allInnerTexts();
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

  /** Gives a variable a new value, as a person does: F2, type, Enter. */
  async setVariable(name: string, expression: string): Promise<void> {
    const row = this.variable(name).first();
    await row.dblclick();
    const input = this.variables.locator('.monaco-inputbox input:visible');
    await input.fill(expression);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** What the Debug Console shows. */
  async console(): Promise<Locator> {
    await this.#window.command('Debug Console: Focus on Debug Console View');
    return this.#page.locator('.repl .monaco-list-rows');
  }
}
