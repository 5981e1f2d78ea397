import type { TextPage } from '../protocol/webview.ts';
import { characterWidth } from './character-width.ts';
import { element, setText, uniqueId } from './dom.ts';
import { visibleText } from './model/format.ts';
import { PagedSource } from './model/paged-source.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Rows fetched at once. */
const PAGE = 200;

/** A row, and the indices of what stands in it for bytes that are no character. */
interface Row {
  text: string;
  replaced: readonly number[];
}
const EMPTY: Row = { text: '', replaced: [] };

export interface TextContent {
  /** Names the text: a new answer about the same one keeps the scroll position. */
  key: string;
  /** UTF-16 code units. */
  length: number;
  load(columns: number, start: number, count: number): Promise<TextPage>;
}

/** The decoded text, cut into rows by the extension at the width that the view has. */
export class TextView {
  readonly node: HTMLElement;
  private readonly rows: VirtualRows;
  private content: TextContent | null = null;
  private source: PagedSource<Row> | null = null;
  private previous: PagedSource<Row> | null = null;
  private columns = 0;
  /** Pixels that rows may take; 0 while the view is not seen. */
  private width = 0;

  constructor(label: string) {
    this.node = element('div', {
      class: 'text',
      testId: 'text',
      role: 'document',
      attributes: { tabindex: '0', 'aria-label': label },
    });
    this.rows = new VirtualRows(this.node, uniqueId('text'), {
      create: () => element('div', { class: 'text-row' }),
      render: (row, index) => {
        const { text, replaced } = this.source?.get(index) ?? this.previous?.get(index) ?? EMPTY;
        if (replaced.length > 0) markReplaced(row, visibleText(text), replaced);
        else setText(row, visibleText(text));
      },
      shown: (first, last) => this.source?.need(first, last),
    });
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    new ResizeObserver(([entry]) => {
      this.width = entry?.contentRect.width ?? 0;
      this.fit();
    }).observe(this.node);
    characterWidth.onChange(() => this.fit());
  }

  show(content: TextContent | null): void {
    const same = content !== null && content.key === this.content?.key;
    this.previous = same ? this.source : null;
    this.content = content;
    this.node.classList.toggle('empty', content?.length === 0);
    this.columns = 0;
    if (!same) {
      this.rows.setCount(0);
      this.rows.scrollToTop();
    }
    this.source = null;
    this.fit();
  }

  private fit(): void {
    const { content, width } = this;
    const character = characterWidth.pixels;
    if (!content || character === 0 || width <= 0) return;
    const columns = Math.max(8, Math.floor(width / character) - 1);
    if (columns === this.columns && this.source) return;
    this.columns = columns;
    this.source = new PagedSource(
      PAGE,
      async (start, count) => {
        const { total, rows, replaced } = await content.load(columns, start, count);
        if (columns === this.columns && content === this.content) this.rows.setCount(total);
        return rows.map((text, index) => ({ text, replaced: replaced[index] ?? [] }));
      },
      () => this.rows.refresh(),
    );
    this.source.need(0, 0);
  }

  private keydown(event: KeyboardEvent): void {
    const { window } = this.rows;
    const targets: Partial<Record<string, number>> = {
      Home: 0,
      End: window.count - 1,
      ArrowDown: Math.min(window.count - 1, window.visible[1] + 1),
      ArrowUp: Math.max(0, window.visible[0] - 1),
      PageDown: Math.min(window.count - 1, window.visible[1] + window.page),
      PageUp: Math.max(0, window.visible[0] - window.page),
    };
    const target = targets[event.key];
    if (target === undefined || window.count === 0) return;
    this.rows.reveal(target);
    event.preventDefault();
  }
}

function markReplaced(row: HTMLElement, text: string, replaced: readonly number[]): void {
  const parts: (Node | string)[] = [];
  let done = 0;
  for (let at = 0; at < replaced.length;) {
    const start = replaced[at] ?? 0;
    let end = start;
    while (replaced[at] === end) {
      at++;
      end++;
    }
    const title = 'Bytes that the decoder could not read';
    parts.push(
      text.slice(done, start),
      element('span', { class: 'invalid', text: text.slice(start, end), title }),
    );
    done = end;
  }
  row.replaceChildren(...parts, text.slice(done));
}
