import type { BufferHead } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';
import { icon } from './icons.ts';
import { describeSizePolicy, formatBytes, formatPlace, UNKNOWN_SIZE_ADVICE } from './model/format.ts';

/** Where a buffer lies, how its size was known, and what is wrong with it. */
export class BufferFacts {
  private readonly place = element('span');
  private readonly policy = element('span', { class: 'size-policy' });
  /** For the head of the pane. */
  readonly node = element('span', {
    class: 'buffer-facts',
    testId: 'facts',
    children: [this.place, this.policy],
  });
  /** Warnings, below the head. */
  readonly note = element('div', { class: 'buffer-note', testId: 'note' });

  show(buffer: BufferHead | undefined): void {
    const isUnknown = buffer?.sizePolicy === 'unknown';
    const size = !buffer
      ? ''
      : isUnknown
        ? `${formatBytes(buffer.captured)} captured`
        : formatBytes(buffer.size);
    setText(this.place, buffer ? `${size} ${formatPlace(buffer)}` : '');
    setText(this.policy, buffer ? `, ${describeSizePolicy(buffer.sizePolicy)}` : '');
    const notes: string[] = [];
    if (isUnknown) notes.push(UNKNOWN_SIZE_ADVICE);
    else if (buffer && buffer.captured < buffer.size)
      notes.push(`Only ${formatBytes(buffer.captured)} of ${formatBytes(buffer.size)} could be captured.`);
    if (buffer?.decodeError !== undefined) notes.push(buffer.decodeError);
    this.note.replaceChildren(
      ...notes.map((note) => element('p', { children: [icon('warning'), element('span', { text: note })] })),
    );
  }
}
