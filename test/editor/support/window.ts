import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** How often Quick Open is opened before it counts as broken. */
const ATTEMPTS = 20;

/** One VS Code window: what a person does with mouse and keyboard, and what they see. */
export class EditorWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /**
   * Waits until the workbench is drawn, has taken in what the extension contributes, and knows debuggers: before that,
   * F5 only opens Run and Debug.
   */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
    await this.page.getByRole('tree', { name: 'Files Explorer' }).waitFor();
    await this.#offers('Kotlin/Wasm: Debug Kotlin/Wasm Guest');
    await this.#offers('Debug: Start Debugging');
  }

  /** Waits until the command palette lists a command, which it does when the command can be run. */
  async #offers(title: string): Promise<void> {
    await this.#quickly('F1', `>${title}`, async () => {
      await this.#entry(new RegExp(`^${title}$`)).waitFor({ timeout: 3000 });
    });
    await this.page.keyboard.press('Escape');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Runs a command by its title, e.g. `View: Show Run and Debug`, from the command palette. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  /** Opens Quick Open (Control+P) or the command palette (F1), types, and clicks the entry that it lists. */
  async pick(key: 'F1' | 'Control+P', text: string, entry: string): Promise<void> {
    await this.#quickly(key, text, () => this.#entry(entry).click({ timeout: 3000 }));
  }

  /**
   * Opens Quick Open or the command palette, types and acts. Its list is made when it opens, and it closes when the editor
   * moves the focus, as it does some time after a stop: so it is opened again until the act succeeds.
   */
  async #quickly(key: string, text: string, act: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await this.quickInput.locator('.quick-input-box input').fill(text, { timeout: 3000 });
        await act();
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Chooses an entry of the open quick pick by a part of its label. */
  async choose(label: string): Promise<void> {
    await this.#entry(label).click();
  }

  #entry(label: string | RegExp): Locator {
    return this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.monaco-icon-label .label-name', { hasText: label }) })
      .first();
  }

  /** Types into the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('.quick-input-box input');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Opens a file of the workspace at a line (1-based), by Quick Open. */
  async openFile(name: string, line = 1): Promise<void> {
    await this.pick('Control+P', `${name}:${line}`, name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.getByRole('button', { name: new RegExp(`^Ln ${line}, `) }).waitFor();
  }

  /**
   * Chooses from the open context menu. With the keyboard: VS Code takes no notice of a click that comes just after the
   * menu has.
   */
  async chooseInMenu(label: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item', { hasText: label }).first();
    await item.hover();
    await item.locator('.action-menu-item:focus, .action-label:focus').first().waitFor();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  /**
   * Chooses a file in the dialog that asks for one. The dialog goes back to its folder when it has listed that, so what was
   * typed too early is typed again.
   */
  async chooseFile(file: string): Promise<void> {
    const row = this.quickInput.locator('.monaco-list-row', { hasText: path.basename(file) }).first();
    await row.waitFor();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.answer(file);
      const closed = this.quickInput.waitFor({ state: 'hidden', timeout: 3000 });
      if (await closed.then(() => true).catch(() => false)) return;
    }
    throw new Error(`The dialog did not take ${file}.`);
  }

  /** The notification that contains `text`, once it is shown. */
  async notification(text: string | RegExp): Promise<Locator> {
    const toast = this.page.locator('.notification-toast', { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
