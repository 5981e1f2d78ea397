import type { Locator, Page } from 'playwright-core';

/** One VS Code window: what a person does with mouse and keyboard, and what they see. */
export class EditorWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the workbench is drawn and the extension host has told what the extensions contribute. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
    await this.page.getByRole('tree', { name: 'Files Explorer' }).waitFor();
  }

  /** Runs a command by its title, e.g. `View: Show Run and Debug`, from the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.quickInput.getByRole('textbox').or(this.quickInput.getByRole('combobox')).first();
    await input.fill(`>${title}`);
    await this.choose(title);
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Chooses an entry of the open quick pick by the beginning of its text. */
  async choose(text: string): Promise<void> {
    const row = this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: text }) })
      .first();
    await row.click();
  }

  /** Types into the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('.quick-input-box input');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Opens a file of the workspace at a line (1-based), by Quick Open. */
  async openFile(name: string, line?: number): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.quickInput.locator('.quick-input-box input').fill(name);
    await this.quickInput.locator('.monaco-list-row', { hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    if (line !== undefined) {
      await this.page.keyboard.press('Control+G');
      await this.answer(String(line));
    }
  }

  /** The notification that contains `text`, once it is shown. */
  async notification(text: string | RegExp): Promise<Locator> {
    const toast = this.page.locator('.notification-toast', { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** The modal dialog that contains `text`, once it is shown. */
  async dialog(text: string | RegExp): Promise<Locator> {
    const dialog = this.page.locator('.monaco-dialog-box', { hasText: text }).first();
    await dialog.waitFor();
    return dialog;
  }

  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
