import type { Direction, OfferedDecoder } from '../protocol/boundary.ts';
import type { BufferHead, CallView, Found, PickedColumn, TreeNode } from '../protocol/webview.ts';
import { BufferEditing } from './buffer-editing.ts';
import { BufferFacts } from './buffer-facts.ts';
import { BufferLayout } from './buffer-layout.ts';
import { BufferTools } from './buffer-tools.ts';
import { DataInspectorView } from './data-inspector-view.ts';
import { DecodedPane } from './decoded-pane.ts';
import { DecoderSelect } from './decoder-select.ts';
import { element, setText, uniqueId } from './dom.ts';
import { FindBar } from './find-bar.ts';
import type { SharedSettings } from './hex-settings.ts';
import { HexView } from './hex-view.ts';
import type { Host } from './host.ts';
import { showMenu, type MenuItem } from './menu.ts';
import { isInRanges } from './model/byte-ranges.ts';
import type { ByteRange } from './model/byte-selection.ts';
import { columnTitle } from './model/call-columns.ts';
import { inspect, inspectedBytes, type NamedBuffer } from './model/data-inspector.ts';
import { OriginalPane } from './original-pane.ts';

const TITLES: Record<Direction, string> = { argument: 'Argument', result: 'Result' };

export interface BufferPaneEvents {
  /** Another decoder was chosen; undefined gives the choice back to the call. */
  decoderChosen(direction: Direction, decoder: string | undefined): void;
  /** Another of the call's buffers of this direction is to be shown. */
  bufferChosen(direction: Direction, index: number): void;
  /** What can be done with a buffer beside what its pane does. */
  bufferMenu(call: CallView, direction: Direction): MenuItem[];
  /** The guest is to stop where a part of the decoded value is as it is here; `names` is empty for the whole. */
  conditionWanted(call: CallView, direction: Direction, names: string[]): void;
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
  private readonly which = element('span', { class: 'which', testId: 'which' });
  private readonly facts = new BufferFacts();
  private readonly decoder: DecoderSelect;
  private readonly missing = element('div', { class: 'buffer-missing' });
  private readonly layout: BufferLayout;
  private readonly hex: HexView;
  private readonly original: OriginalPane;
  private readonly decoded: DecodedPane;
  private readonly inspector = new DataInspectorView();
  private readonly findBar: FindBar;
  private readonly tools: BufferTools;
  private readonly editing: BufferEditing;
  private shown: { call: CallView; buffer: BufferHead } | null = null;
  /** The decoder that was chosen here, if any. */
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
    this.original = new OriginalPane(title, this.hex);
    this.decoded = new DecodedPane(direction, title, host);
    this.editing = new BufferEditing(direction, host);
    this.decoder = new DecoderSelect(direction, (decoder) => events.decoderChosen(direction, decoder));
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
    const body = element('div', {
      class: 'buffer-body',
      children: [
        element('div', {
          class: 'hex-panes',
          children: [
            this.original.node,
            element('div', {
              class: 'hex-pane',
              children: [element('div', { class: 'pane-caption', text: 'Now' }), this.hex.node],
            }),
          ],
        }),
        this.decoded.node,
      ],
    });
    this.layout = new BufferLayout(body, this.hex, this.original);
    this.node = element('section', {
      class: 'buffer',
      testId: direction,
      attributes: { 'aria-labelledby': titleId },
      children: [
        element('div', {
          class: 'buffer-head',
          children: [
            element('h3', { text: title, attributes: { id: titleId } }),
            this.which,
            this.facts.node,
            this.original.toggle,
            this.hex.statusNode,
            this.decoder.node,
            this.tools.node,
          ],
        }),
        this.facts.note,
        this.missing,
        this.editing.node,
        this.findBar.node,
        body,
        this.inspector.node,
      ],
    });
    this.listen();
  }

  /** What the select offers. */
  offer(decoders: readonly OfferedDecoder[]): void {
    this.decoder.offer(decoders);
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
    this.shown = buffer ? { call, buffer } : null;
    this.node.classList.toggle('without-buffer', !buffer);
    setText(this.missing, buffer ? '' : missing);
    setText(this.which, buffer && buffer.count > 1 ? `${buffer.index + 1} of ${buffer.count}` : '');
    this.facts.show(buffer);
    this.choice = choice;
    this.decoder.show(buffer, choice);
    const key = `${call.sequence} ${this.direction} ${buffer?.index ?? 0}`;
    this.hex.show(buffer ? this.hexBuffer(call, buffer, key) : null);
    this.original.show(buffer, key, (start, count) => this.load(call, start, count, true));
    this.decoded.show(call, buffer, key);
    this.editing.show(call, buffer, place.session, place.atStop);
    // Elements behind a handle do not lie in memory: their value can be changed, not their bytes.
    this.hex.editable = this.editing.possible && buffer?.behindHandle !== true;
    this.hex.node.setAttribute('aria-readonly', String(!this.hex.editable));
    const { view } = call;
    const { direction } = this;
    this.findBar.setTarget(
      buffer
        ? {
            address: addressOf(buffer),
            size: buffer.captured,
            find: async (request) =>
              (await this.host.request({ type: 'requestFind', view, direction, ...request })).found,
          }
        : null,
    );
    this.layout.show(buffer?.tree?.childCount ?? 0);
  }

  focus(): void {
    this.hex.focus();
  }

  private listen(): void {
    this.hex.onSelected = (range) => void this.chooseNodeAt(range);
    this.hex.onTyped = (offset, before, after) => this.editing.setByte(offset, before, after);
    this.hex.markOf = (offset) =>
      (this.editing.originalOf(offset) !== undefined || this.original.differs(offset) ? ' edited' : '') +
      (isInRanges(this.shown?.buffer.invalid ?? [], offset) ? ' invalid' : '');
    this.hex.onScrolled = () => this.original.followNow();
    this.hex.onBytes = () => {
      this.inspect();
      this.original.followNow();
    };
    this.original.onToggled = () => this.layout.fit();
    this.decoded.onWhole = (buffer) => {
      if (!this.shown) return;
      this.shown = { ...this.shown, buffer };
      this.facts.show(buffer);
      this.decoder.show(buffer, this.choice);
      this.hex.refresh();
      this.layout.show(buffer.tree?.childCount ?? 0);
    };
    this.decoded.tree.onMenu = (names, at, node) => this.showNodeMenu(names, at, node);
    this.decoded.tree.onChosen = (range) => this.hex.setHighlight(range, true);
    this.settings.subscribe(() => {
      this.hex.setOptions(this.settings.current.hex);
      this.original.setOptions(this.settings.current.hex);
      this.inspect();
      this.layout.fit();
    });
    this.node.addEventListener('keydown', (event) => {
      const withControl = event.ctrlKey || event.metaKey;
      if (event.altKey && event.key === 'PageUp') this.step(-1);
      else if (event.altKey && event.key === 'PageDown') this.step(1);
      else if (event.key === 'F3') this.findBar.repeat(event.shiftKey);
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

  /** Shows the call's buffer before or after this one. */
  private step(by: number): void {
    const { index = 0, count = 0 } = this.shown?.buffer ?? {};
    if (index + by >= 0 && index + by < count) this.events.bufferChosen(this.direction, index + by);
  }

  private inHex(event: KeyboardEvent): boolean {
    return this.hex.node.contains(event.target as Node);
  }

  private moreMenu(): MenuItem[] {
    if (!this.shown) return [];
    const { possible, canUndo, canRedo } = this.editing;
    return [
      ...this.events.bufferMenu(this.shown.call, this.direction),
      {
        label: `Break When the ${TITLES[this.direction]} Is This`,
        disabled: this.shown.buffer.tree !== null && this.shown.buffer.tree.childCount > 0,
        run: () => this.breakWhen([]),
      },
      null,
      { label: 'Edit the Value…', disabled: !possible, run: () => void this.editing.openPanel() },
      { label: 'Undo the Last Change', disabled: !canUndo, run: () => this.editing.undo() },
      { label: 'Redo', disabled: !canRedo, run: () => this.editing.redo() },
    ];
  }

  private showNodeMenu(names: string[], at: HTMLElement | MouseEvent, node: TreeNode | undefined): void {
    const { direction } = this;
    const column = { direction, names };
    const title = columnTitle(column);
    showMenu(
      [
        {
          label: `Break When ${title} Has This Value`,
          disabled: node === undefined || node.childCount > 0,
          run: () => this.breakWhen(names),
        },
        null,
        {
          label: `Show ${title} as a Column of the List`,
          disabled: names.length === 0,
          run: () => this.events.columnPicked(column),
        },
      ],
      at,
    );
  }

  private breakWhen(names: string[]): void {
    if (this.shown) this.events.conditionWanted(this.shown.call, this.direction, names);
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
    const bytes = inspectedBytes(selected, (offset) => this.hex.valueAt(offset));
    this.inspector.show(inspect(bytes, buffersOf(this.shown.call)));
  }

  private hexBuffer(call: CallView, buffer: BufferHead, key: string): Parameters<HexView['show']>[0] {
    return {
      key,
      address: addressOf(buffer),
      size: buffer.captured,
      load: (start, count) => this.load(call, start, count, false),
    };
  }

  /** @param original the bytes before an edit are meant */
  private async load(
    { view }: CallView,
    start: number,
    count: number,
    original: boolean,
  ): Promise<Uint8Array> {
    const { direction } = this;
    const part = { view, direction, start, count, ...(original && { original }) };
    return (await this.host.request({ type: 'requestBytes', ...part })).bytes;
  }
}

/** Of its first byte; 0 for what does not lie in memory. */
function addressOf({ address, behindHandle }: BufferHead): number {
  return behindHandle ? 0 : address;
}

function buffersOf(call: CallView): NamedBuffer[] {
  return (['argument', 'result'] satisfies Direction[]).flatMap((name) => {
    const buffer = call[name];
    return buffer && !buffer.behindHandle ? [{ name, address: buffer.address, size: buffer.size }] : [];
  });
}
