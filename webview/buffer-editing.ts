import type { Direction } from '../protocol/boundary.ts';
import type { BufferEdit, BufferHead, CallView } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';
import type { Host } from './host.ts';
import { describeEdit, EditHistory, type Edit } from './model/edit-history.ts';

/** Changes that are listed; older ones are counted. */
const LISTED = 3;

/** What can be changed in a buffer at a stop, and what was: bytes one by one, or the whole value as text. */
export class BufferEditing {
  readonly node: HTMLElement;
  private readonly direction: Direction;
  private readonly host: Host;
  private readonly panel: HTMLElement;
  private readonly input: HTMLTextAreaElement;
  private readonly status = element('p', { class: 'edit-status', role: 'status', testId: 'edit-status' });
  private readonly list = element('p', { class: 'edit-list', testId: 'edits' });
  private shown: { call: CallView; buffer: BufferHead } | null = null;
  /** By call and buffer: what was changed stays in view when another call is looked at in between. */
  private readonly histories = new Map<string, EditHistory>();
  private session = '';
  private valueBefore = '';
  /** Edits under way, in order: each waits for the one before. */
  private queue: Promise<unknown> = Promise.resolve();
  /** A change of this buffer can be made at the current stop. */
  possible = false;

  constructor(direction: Direction, host: Host) {
    this.direction = direction;
    this.host = host;
    this.input = element('textarea', {
      class: 'edit-input',
      testId: 'edit-value',
      attributes: { rows: '4', spellcheck: 'false', 'aria-label': `New value of the ${direction}` },
    });
    const apply = this.button('Write', 'edit-apply', () => void this.apply());
    const cancel = this.button('Cancel', 'edit-cancel', () => this.closePanel());
    this.panel = element('div', {
      class: 'edit-panel',
      children: [this.input, element('div', { class: 'edit-buttons', children: [apply, cancel] })],
    });
    this.panel.hidden = true;
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.closePanel();
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.apply();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.node = element('div', { class: 'editing', children: [this.panel, this.status, this.list] });
  }

  /**
   * @param session whose call it is: another one's changes are forgotten
   * @param atStop the session stands still in this call
   */
  show(call: CallView, buffer: BufferHead | undefined, session: string, atStop: boolean): void {
    if (session !== this.session) this.histories.clear();
    this.session = session;
    if (call.sequence !== this.shown?.call.sequence || buffer?.index !== this.shown.buffer.index) {
      this.panel.hidden = true;
      this.say('');
    }
    this.shown = buffer ? { call, buffer } : null;
    // What has crossed already is not what the guest will read.
    this.possible = atStop && buffer?.isNewest === true && call.status === 'running';
    if (!this.possible) this.panel.hidden = true;
    this.describe();
  }

  get canUndo(): boolean {
    return this.possible && this.history?.undoable !== undefined;
  }

  get canRedo(): boolean {
    return this.possible && this.history?.redoable !== undefined;
  }

  /** What a byte was when the buffer crossed, where it was changed here. */
  originalOf(offset: number): number | undefined {
    return this.history?.originalOf(offset);
  }

  /** Writes one byte. */
  setByte(offset: number, before: number, after: number): void {
    if (before !== after) void this.write({ kind: 'bytes', start: offset, before: [before], after: [after] });
  }

  /** Opens the decoded value as text. */
  async openPanel(): Promise<void> {
    if (!this.shown || !this.possible) return;
    const { view } = this.shown.call;
    const { direction } = this;
    try {
      const { text } = await this.host.request({ type: 'requestWholeText', view, direction });
      this.valueBefore = this.expressionOf(text);
      this.input.value = text;
      this.panel.hidden = false;
      this.say('');
      this.input.focus();
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  undo(): void {
    const { history } = this;
    const edit = history?.undoable;
    if (history && edit && this.possible) void this.send(reversed(edit), () => history.undid());
  }

  redo(): void {
    const { history } = this;
    const edit = history?.redoable;
    if (history && edit && this.possible) void this.send(edit, () => history.redid());
  }

  private get history(): EditHistory | undefined {
    return this.shown ? this.histories.get(this.key) : undefined;
  }

  private get key(): string {
    return `${this.shown?.call.sequence} ${this.shown?.buffer.index}`;
  }

  private async apply(): Promise<void> {
    const after = this.expressionOf(this.input.value);
    if (await this.write({ kind: 'value', before: this.valueBefore, after })) this.closePanel();
  }

  /** Text is a quoted literal; a value with parts is written as it is (design.md §6). */
  private expressionOf(text: string): string {
    return this.shown?.buffer.tree ? text : JSON.stringify(text);
  }

  private async write(edit: Edit): Promise<boolean> {
    const { key } = this;
    return this.send(edit, () => {
      const history = this.histories.get(key) ?? new EditHistory();
      this.histories.set(key, history);
      history.add(edit);
    });
  }

  /** @returns whether it was done; where not, the adapter's sentence is shown */
  private send(edit: Edit, done: () => void): Promise<boolean> {
    const shown = this.shown;
    const sent = this.queue.then(async () => {
      if (!shown) return false;
      // The same buffer may have been loaded anew since: the newest snapshot of the call is the one to change.
      const view = this.shown?.call.sequence === shown.call.sequence ? this.shown.call.view : shown.call.view;
      try {
        await this.host.request({
          type: 'requestEdit',
          view,
          direction: this.direction,
          edit: messageOf(edit),
        });
        done();
        this.say('');
        this.describe();
        return true;
      } catch (error) {
        this.say((error as Error).message);
        return false;
      }
    });
    this.queue = sent;
    return sent;
  }

  private closePanel(): void {
    this.panel.hidden = true;
    this.say('');
  }

  private say(text: string): void {
    setText(this.status, text);
  }

  private describe(): void {
    const edits = this.history?.edits ?? [];
    const older = edits.length > LISTED ? ` and ${edits.length - LISTED} before` : '';
    const listed = edits.slice(-LISTED).map(describeEdit).join('; ');
    setText(this.list, edits.length > 0 ? `Changed here: ${listed}${older}` : '');
  }

  private button(text: string, testId: string, run: () => void): HTMLButtonElement {
    const button = element('button', { class: 'action', text, testId, attributes: { type: 'button' } });
    button.addEventListener('click', run);
    return button;
  }
}

function reversed(edit: Edit): Edit {
  return { ...edit, before: edit.after, after: edit.before } as Edit;
}

function messageOf(edit: Edit): BufferEdit {
  return edit.kind === 'bytes'
    ? { kind: 'bytes', start: edit.start, bytes: edit.after }
    : { kind: 'value', expression: edit.after };
}
