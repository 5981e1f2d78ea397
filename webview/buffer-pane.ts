import type { Direction } from '../protocol/boundary.ts';
import type { BufferHead, CallView, Found, PickedColumn } from '../protocol/webview.ts';
import { BufferEditing } from './buffer-editing.ts';
import { BufferTools } from './buffer-tools.ts';
import { DataInspectorView } from './data-inspector-view.ts';
import { DecodedPane } from './decoded-pane.ts';
import { element, setText, uniqueId } from './dom.ts';
import { FindBar } from './find-bar.ts';
import type { SharedSettings } from './hex-settings.ts';
import { HexView } from './hex-view.ts';
import type { Host } from './host.ts';
import { icon } from './icons.ts';
import { showMenu, type MenuItem } from './menu.ts';
import type { ByteRange } from './model/byte-selection.ts';
import { columnTitle } from './model/call-columns.ts';
import { INSPECTED_BYTES, inspect, type NamedBuffer } from './model/data-inspector.ts';
import { describeSizePolicy, formatAddress, formatBytes, UNKNOWN_SIZE_ADVICE } from './model/format.ts';

const TITLES: Record<Direction, string> = { argument: 'Argument', result: 'Result' };

/** The part of the width that the bytes may take. */
const HEX_SHARE = 0.72;
/** A value with parts gets at least so many rows, if it has that many. */
const LEAST_TREE_ROWS = 7;

export interface BufferPaneEvents {
  /** Another decoder was chosen; undefined gives the choice back to the call. */
  decoderChosen(direction: Direction, decoder: string | undefined): void;
  /** What can be done with a buffer beside what its pane does. */
  bufferMenu(call: CallView, direction: Direction): MenuItem[];
  /** A part of the decoded value is wanted as a column of the list. */
  columnPicked(column: PickedColumn): void;
}

/** One of a call's two buffers: where it lies, its bytes, and what they decode to. */
export class BufferPane {
  readonly node: HTMLElement;
  private readonly direction: Direction;
  private readonly host: Host;
  private readonly settings: SharedSettings;
  private readonly events: BufferPaneEvents;
  private readonly place = element('span');
  private readonly policy = element('span', { class: 'size-policy' });
  private readonly facts = element('span', {
    class: 'buffer-facts',
    testId: 'facts',
    children: [this.place, this.policy],
  });
  private readonly edited = element('span', { class: 'badge', text: 'edited', testId: 'edited' });
  private readonly decoder: HTMLSelectElement;
  private readonly decoderReason = element('span', { class: 'decoder-reason' });
  private readonly note = element('div', { class: 'buffer-note', testId: 'note' });
  private readonly missing = element('div', { class: 'buffer-missing' });
  private readonly body: HTMLElement;
  private readonly hex: HexView;
  private readonly decoded: DecodedPane;
  private readonly inspector = new DataInspectorView();
  private readonly findBar: FindBar;
  private readonly tools: BufferTools;
  private readonly editing: BufferEditing;
  private shown: { call: CallView; buffer: BufferHead } | null = null;
  private offered: { id: string; label: string }[] = [];
  private choice: string | undefined;
  /** How often the node of the selected bytes was asked for: only the newest answer counts. */
  private lookups = 0;

  constructor(direction: Direction, host: Host, settings: SharedSettings, events: BufferPaneEvents) {
    this.direction = direction;
    this.host = host;
    this.settings = settings;
    this.events = events;
    const title = TITLES[direction];
    const titleId = uniqueId('buffer');
    this.hex = new HexView(`${title}, bytes`);
    this.decoded = new DecodedPane(direction, title, host);
    this.editing = new BufferEditing(direction, host);
    this.decoder = element('select', {
      class: 'decoder',
      testId: 'decoder',
      attributes: { 'aria-label': `Decoder of the ${direction}` },
    });
    this.decoder.addEventListener('change', () => {
      this.choice = this.decoder.value === '' ? undefined : this.decoder.value;
      events.decoderChosen(direction, this.choice);
    });
    this.findBar = new FindBar(direction, {
      found: (found) => this.found(found),
      from: () => this.hex.selected,
      closed: () => this.hex.focus(),
    });
    this.tools = new BufferTools(direction, title, host, settings, {
      view: () => this.shown?.call.view,
      selected: () => this.hex.selected,
      find: (goTo) => this.findBar.open(goTo),
      more: () => this.moreMenu(),
    });
    this.body = element('div', {
      class: 'buffer-body',
      children: [element('div', { class: 'hex-pane', children: [this.hex.node] }), this.decoded.node],
    });
    this.node = element('section', {
      class: 'buffer',
      testId: direction,
      attributes: { 'aria-labelledby': titleId },
      children: [
        element('div', {
          class: 'buffer-head',
          children: [
            element('h3', { text: title, attributes: { id: titleId } }),
            this.facts,
            this.edited,
            this.hex.statusNode,
            element('span', { class: 'decoder-choice', children: [this.decoderReason, this.decoder] }),
            this.tools.node,
          ],
        }),
        this.note,
        this.missing,
        this.editing.node,
        this.findBar.node,
        this.body,
        this.inspector.node,
      ],
    });
    this.listen();
  }

  /** What the select offers. */
  offer(decoders: { id: string; label: string }[]): void {
    this.offered = decoders;
    this.updateDecoder();
  }

  /**
   * @param missing what to say where the call has no such buffer
   * @param choice the decoder that was chosen here, if any
   * @param place the session, and whether it stands still in this call
   */
  show(
    call: CallView,
    missing: string,
    choice: string | undefined,
    place: { session: string; atStop: boolean },
  ): void {
    const buffer = call[this.direction];
    this.choice = choice;
    this.shown = buffer ? { call, buffer } : null;
    this.node.classList.toggle('without-buffer', !buffer);
    setText(this.missing, buffer ? '' : missing);
    this.edited.hidden = !buffer?.edited;
    this.updateFacts(buffer);
    this.updateDecoder();
    const key = `${call.sequence} ${this.direction}`;
    this.hex.show(buffer ? this.hexBuffer(call, buffer, key) : null);
    this.decoded.show(call, buffer, key);
    this.editing.show(call, buffer, place.session, place.atStop);
    this.hex.editable = this.editing.possible;
    this.hex.node.setAttribute('aria-readonly', String(!this.editing.possible));
    const { view } = call;
    const { direction } = this;
    this.findBar.setTarget(
      buffer
        ? {
            address: buffer.address,
            size: buffer.captured,
            find: async (request) =>
              (await this.host.request({ type: 'requestFind', view, direction, ...request })).found,
          }
        : null,
    );
    this.fit();
  }

  focus(): void {
    this.hex.focus();
  }

  private listen(): void {
    new ResizeObserver(() => this.fit()).observe(this.body);
    this.hex.onSelected = (range) => void this.chooseNodeAt(range);
    this.hex.onTyped = (offset, before, after) => this.editing.setByte(offset, before, after);
    this.hex.markOf = (offset) => (this.editing.originalOf(offset) === undefined ? '' : ' edited');
    this.hex.onBytes = () => this.inspect();
    this.decoded.tree.onMenu = (names, at) => this.showNodeMenu(names, at);
    this.decoded.tree.onChosen = (range) => this.hex.setHighlight(range, true);
    this.settings.subscribe(() => {
      this.hex.setOptions(this.settings.current.hex);
      this.inspect();
      this.fit();
    });
    this.node.addEventListener('keydown', (event) => {
      const withControl = event.ctrlKey || event.metaKey;
      if (event.key === 'F3') this.findBar.repeat(event.shiftKey);
      else if (withControl && event.key === 'f') this.findBar.open(false);
      else if (withControl && event.key === 'g') this.findBar.open(true);
      else if (withControl && event.key === 'z' && this.inHex(event))
        if (event.shiftKey) this.editing.redo();
        else this.editing.undo();
      else if (withControl && event.key === 'y' && this.inHex(event)) this.editing.redo();
      else if (withControl && event.key === 'c' && this.inHex(event)) this.tools.copyBytes();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** The bytes may take most of the width, the decoded value gets the rest; both are as high as the bytes need. */
  private fit(): void {
    const width = this.body.clientWidth;
    if (width === 0) return;
    const stacked = getComputedStyle(this.body).flexDirection === 'column';
    this.hex.fitTo(stacked ? width : width * HEX_SHARE);
    const parts = this.shown?.buffer.tree?.childCount ?? 0;
    const rows = Math.max(this.hex.rowCount, parts > 0 ? Math.min(parts + 2, LEAST_TREE_ROWS) : 1);
    this.body.style.setProperty('--rows', String(rows));
  }

  private inHex(event: KeyboardEvent): boolean {
    return this.hex.node.contains(event.target as Node);
  }

  private moreMenu(): MenuItem[] {
    if (!this.shown) return [];
    const { possible, canUndo, canRedo } = this.editing;
    return [
      ...this.events.bufferMenu(this.shown.call, this.direction),
      null,
      { label: 'Edit the Value…', disabled: !possible, run: () => void this.editing.openPanel() },
      { label: 'Undo the Last Change', disabled: !canUndo, run: () => this.editing.undo() },
      { label: 'Redo', disabled: !canRedo, run: () => this.editing.redo() },
    ];
  }

  private showNodeMenu(names: string[], at: HTMLElement | MouseEvent): void {
    const { direction } = this;
    const column = { direction, names };
    showMenu(
      [
        {
          label: `Show ${columnTitle(column)} as a Column of the List`,
          disabled: names.length === 0,
          run: () => this.events.columnPicked(column),
        },
      ],
      at,
    );
  }

  /** What was found is selected as bytes, and chosen in the tree. */
  private found({ range, path }: Pick<Found, 'range' | 'path'>): void {
    if (path) {
      this.decoded.showTree();
      this.decoded.choosePath(path);
      this.hex.setHighlight(range, true);
    } else if (range) this.hex.select(range);
  }

  /** Bytes lead to the innermost part of the value that holds them. */
  private async chooseNodeAt([start, end]: ByteRange): Promise<void> {
    if (!this.shown?.buffer.tree) return;
    const lookup = ++this.lookups;
    const { view } = this.shown.call;
    const { direction } = this;
    try {
      const answer = await this.host.request({ type: 'requestNodeAt', view, direction, range: [start, end] });
      if (lookup === this.lookups && view === this.shown.call.view) this.decoded.choosePath(answer.path);
    } catch {
      // The call was loaded anew in the meantime: its tree is drawn without a chosen part.
    }
  }

  private inspect(): void {
    const { inspectorOpen } = this.settings.current;
    this.inspector.node.hidden = !inspectorOpen || !this.shown;
    const { selected } = this.hex;
    if (!inspectorOpen || !this.shown) return;
    if (!selected) return this.inspector.show([]);
    const bytes: number[] = [];
    // A single byte is where a number begins; a longer selection is the number itself.
    const most = selected[1] - selected[0] === 1 ? INSPECTED_BYTES : selected[1] - selected[0];
    for (let at = selected[0]; at < selected[0] + Math.min(most, INSPECTED_BYTES); at++) {
      const byte = this.hex.valueAt(at);
      if (byte === undefined) break;
      bytes.push(byte);
    }
    this.inspector.show(inspect(Uint8Array.from(bytes), buffersOf(this.shown.call)));
  }

  private hexBuffer(call: CallView, buffer: BufferHead, key: string): Parameters<HexView['show']>[0] {
    return {
      key,
      address: buffer.address,
      size: buffer.captured,
      load: async (start, count) => {
        const { view } = call;
        const { direction } = this;
        return (await this.host.request({ type: 'requestBytes', view, direction, start, count })).bytes;
      },
    };
  }

  private updateFacts(buffer: BufferHead | undefined): void {
    const unknown = buffer?.sizePolicy === 'unknown';
    const size = !buffer
      ? ''
      : unknown
        ? `${formatBytes(buffer.captured)} captured`
        : formatBytes(buffer.size);
    setText(this.place, buffer ? `${size} at ${formatAddress(buffer.address)}` : '');
    setText(this.policy, buffer ? `, ${describeSizePolicy(buffer.sizePolicy)}` : '');
    const notes: string[] = [];
    if (unknown) notes.push(UNKNOWN_SIZE_ADVICE);
    else if (buffer && buffer.captured < buffer.size)
      notes.push(`Only ${formatBytes(buffer.captured)} of ${formatBytes(buffer.size)} could be captured.`);
    if (buffer?.decodeError !== undefined) notes.push(buffer.decodeError);
    this.note.replaceChildren(
      ...notes.map((note) => element('p', { children: [icon('warning'), element('span', { text: note })] })),
    );
  }

  private updateDecoder(): void {
    const buffer = this.shown?.buffer;
    const own = this.choice === undefined && buffer ? `${buffer.decoder} (${reasonOf(buffer)})` : 'Default';
    this.decoder.replaceChildren(
      element('option', { text: own, attributes: { value: '' } }),
      ...this.offered.map(({ id, label }) => element('option', { text: label, attributes: { value: id } })),
    );
    this.decoder.value = this.choice ?? '';
    this.decoder.disabled = !buffer || this.offered.length === 0;
    const chosenAutomatically = this.choice === 'auto' && buffer;
    setText(this.decoderReason, chosenAutomatically ? buffer.decoder : '');
    this.decoder.title = buffer ? `Decoded as ${buffer.decoder}: ${buffer.decoderReason}` : '';
  }
}

function buffersOf(call: CallView): NamedBuffer[] {
  return (['argument', 'result'] satisfies Direction[]).flatMap((name) => {
    const buffer = call[name];
    return buffer ? [{ name, address: buffer.address, size: buffer.size }] : [];
  });
}

/** A word for the menu; the tooltip has the whole reason. */
function reasonOf({ decoderReason }: BufferHead): string {
  if (decoderReason.startsWith('auto')) return 'auto';
  return decoderReason === 'launch configuration' ? 'launch.json' : decoderReason;
}
