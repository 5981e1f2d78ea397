import type { DecoderChoice, PickedColumn } from '../protocol/webview.ts';
import { DEFAULT_BUFFER_SETTINGS, type BufferSettings } from './hex-settings.ts';
import type { PinnedCall } from './pins.ts';

/** What survives while the view is hidden and the window is reloaded. */
export interface ViewState {
  session: string | null;
  sequence: number | null;
  follow: boolean;
  /** Share of the list, in percent. */
  split: number;
  crossingsOpen: boolean;
  /** Decoders chosen in the view, by export. */
  decoders: Record<string, DecoderChoice>;
  buffers: BufferSettings;
  /** Parts of the decoded values that are columns of the list. */
  columns: PickedColumn[];
  /** Of the session. */
  pins: PinnedCall[];
}

const DEFAULTS: ViewState = {
  session: null,
  sequence: null,
  follow: true,
  split: 40,
  crossingsOpen: false,
  decoders: {},
  buffers: DEFAULT_BUFFER_SETTINGS,
  columns: [],
  pins: [],
};

/** @param saved what an earlier version of the view may have written, or nothing */
export function readViewState(saved: unknown): ViewState {
  return { ...DEFAULTS, ...(typeof saved === 'object' && saved !== null ? saved : {}) };
}
