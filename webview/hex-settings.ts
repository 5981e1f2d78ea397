import { DEFAULT_HEX_OPTIONS, type HexOptions } from './hex-view.ts';
import { GROUP_SIZES } from './model/hex-layout.ts';
import type { MenuItem } from './menu.ts';

/** How buffers are shown, chosen by a person: for all of them, and kept. */
export interface BufferSettings {
  hex: HexOptions;
  inspectorOpen: boolean;
}

export const DEFAULT_BUFFER_SETTINGS: BufferSettings = { hex: DEFAULT_HEX_OPTIONS, inspectorOpen: false };

/** Tells every pane when a setting changes. */
export class SharedSettings {
  private readonly listeners: (() => void)[] = [];
  private settings: BufferSettings;
  private readonly save: (settings: BufferSettings) => void;

  constructor(settings: BufferSettings, save: (settings: BufferSettings) => void) {
    this.settings = settings;
    this.save = save;
  }

  get current(): BufferSettings {
    return this.settings;
  }

  /** @param listener called at once, and after each change */
  subscribe(listener: () => void): void {
    this.listeners.push(listener);
    listener();
  }

  change(part: Partial<BufferSettings>): void {
    this.settings = { ...this.settings, ...part };
    this.save(this.settings);
    for (const listener of this.listeners) listener();
  }

  /** The choices of the menu "how bytes are shown". */
  menu(): MenuItem[] {
    const { hex, inspectorOpen } = this.settings;
    const { grouping, relative } = hex;
    const setHex = (part: Partial<HexOptions>): void => this.change({ hex: { ...hex, ...part } });
    return [
      ...GROUP_SIZES.map((size) => ({
        label: size === 1 ? 'Single Bytes' : `Groups of ${size} Bytes`,
        checked: grouping.size === size,
        run: () => setHex({ grouping: { ...grouping, size } }),
      })),
      null,
      ...[true, false].map((littleEndian) => ({
        label: littleEndian ? 'Groups Are Little-Endian' : 'Groups Are Big-Endian',
        checked: grouping.littleEndian === littleEndian,
        disabled: grouping.size === 1,
        run: () => setHex({ grouping: { ...grouping, littleEndian } }),
      })),
      null,
      ...[false, true].map((wanted) => ({
        label: wanted ? 'Offsets in the Buffer' : 'Addresses of Linear Memory',
        checked: relative === wanted,
        run: () => setHex({ relative: wanted }),
      })),
      null,
      {
        label: inspectorOpen ? 'Hide the Data Inspector' : 'Show the Data Inspector',
        run: () => this.change({ inspectorOpen: !inspectorOpen }),
      },
    ];
  }
}
