import type { CursorKey } from './model/hex-layout.ts';

interface HexInputEvents {
  /** Without bytes no key does anything. */
  isEmpty(): boolean;
  /** The cursor is to move by a key. @param extend what is selected reaches from where it began to the new place */
  keyMoved(key: CursorKey, extend: boolean): void;
  /** A byte was pointed at. @param extend as with keys */
  pointedAt(offset: number, extend: boolean): void;
  allSelected(): void;
  /** A hexadecimal digit was typed. @returns whether bytes can be typed over here */
  digitTyped(digit: string): boolean;
}

/**
 * Keys and the mouse in a view of bytes: moving the cursor, selecting, and typing digits.
 * @param node gets the keys, and holds the bytes as elements with `data-offset`
 * @param scroller what of it the mouse selects in
 */
export function listenToHexInput(node: HTMLElement, scroller: HTMLElement, events: HexInputEvents): void {
  node.addEventListener('keydown', (event) => {
    if (event.altKey || events.isEmpty()) return;
    if (handleKey(event, events)) event.preventDefault();
  });
  listenToMouse(node, scroller, events);
}

/** @returns whether the key does something */
function handleKey(event: KeyboardEvent, events: HexInputEvents): boolean {
  const { key, shiftKey } = event;
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl && key === 'a') {
    events.allSelected();
    return true;
  }
  if (!withControl && /^[0-9a-f]$/i.test(key)) return events.digitTyped(key);
  if (!/^(Arrow(Left|Right|Up|Down)|Home|End|PageUp|PageDown)$/.test(key)) return false;
  const toEdge = withControl && (key === 'Home' || key === 'End');
  events.keyMoved((toEdge ? `Buffer${key}` : key) as CursorKey, shiftKey);
  return true;
}

/** Dragging selects; with Shift a click selects from where the selection began. */
function listenToMouse(node: HTMLElement, scroller: HTMLElement, events: HexInputEvents): void {
  const offsetAt = (event: MouseEvent): number => {
    const at = document.elementFromPoint(event.clientX, event.clientY);
    const byte = at?.closest<HTMLElement>('[data-offset]');
    return byte && node.contains(byte) ? Number(byte.dataset['offset']) : -1;
  };
  /** The byte that was pointed at last while the button is down; -1 while it is not. */
  let dragged = -1;
  scroller.addEventListener('pointerdown', (event) => {
    const offset = offsetAt(event);
    if (offset < 0 || event.button !== 0) return;
    dragged = offset;
    events.pointedAt(offset, event.shiftKey);
  });
  scroller.addEventListener('pointermove', (event) => {
    if (dragged < 0) return;
    if ((event.buttons & 1) === 0) {
      dragged = -1;
      return;
    }
    const offset = offsetAt(event);
    if (offset < 0 || offset === dragged) return;
    dragged = offset;
    events.pointedAt(offset, true);
  });
  scroller.addEventListener('pointerup', () => {
    dragged = -1;
  });
}
