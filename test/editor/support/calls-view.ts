import type { FrameLocator, Locator } from 'playwright-core';
import type { Direction } from '../../../protocol/boundary.ts';
import type { EditorWindow } from './window.ts';

/** The view "Boundary Calls", read through its webview as a person reads it. */
export class CallsView {
  readonly #window: EditorWindow;

  constructor(window: EditorWindow) {
    this.#window = window;
  }

  /** Opens the view, where it has not opened by itself. */
  async open(): Promise<void> {
    await this.#window.command('View: Show Boundary Calls');
    await this.frame.locator('body[data-state]').waitFor();
  }

  get frame(): FrameLocator {
    return this.#window.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  #part(testId: string): Locator {
    return this.frame.locator(`[data-testid="${testId}"]`);
  }

  /** Waits until the chosen call is this one, in this state. */
  async showsCall(sequence: number, status: string): Promise<void> {
    await this.frame
      .locator(`[data-testid="details"][data-sequence="${sequence}"][data-status="${status}"]`)
      .waitFor();
  }

  /** Waits until the session is shown as running, stopped or ended. */
  async showsSession(state: 'running' | 'stopped' | 'ended'): Promise<void> {
    await this.frame.locator(`body[data-state="${state}"]`).waitFor();
  }

  /** What the view says of the session's state. */
  get state(): Locator {
    return this.#part('state');
  }

  /** The rows of the list of calls. */
  get rows(): Locator {
    return this.#part('calls').locator('.call-row[data-sequence]');
  }

  buffer(direction: Direction): Locator {
    return this.#part(direction);
  }

  /** Waits until the decoded text of a buffer is `text`. */
  async showsText(direction: Direction, text: string): Promise<void> {
    // As a whole: how it is cut into rows depends on the width.
    await this.buffer(direction).locator('[data-testid="text"]', { hasText: text }).waitFor();
  }

  /** The bytes as they are now: those from before an edit stand beside them. */
  #hex(direction: Direction): Locator {
    return this.buffer(direction).locator('[data-testid="hex"]');
  }

  /** The bytes of a buffer as the hex view shows them. */
  async bytes(direction: Direction): Promise<string> {
    const cells = await this.#hex(direction).locator('.hex-byte[data-offset]').allInnerTexts();
    return cells.join(' ');
  }

  /** The characters beside the bytes. */
  async ascii(direction: Direction): Promise<string> {
    const cells = await this.#hex(direction).locator('.hex-ascii[data-offset]').allInnerTexts();
    return cells.join('');
  }

  /** Address, size, and how the size was known. */
  async facts(direction: Direction): Promise<string> {
    return this.buffer(direction).locator('[data-testid="facts"]').innerText();
  }

  async chooseDecoder(direction: Direction, label: string): Promise<void> {
    await this.buffer(direction).locator('[data-testid="decoder"]').selectOption({ label });
  }

  /** The list of calls, which takes the keyboard. */
  get list(): Locator {
    return this.#part('calls');
  }
}
