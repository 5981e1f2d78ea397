import { attachRecorder, type SharedRecorder } from 'wasmedge-napi';
import type { AdapterLink } from './adapter-link.ts';
import { type BufferRecord, RecentBatches } from './captured-buffers.ts';

/** Sends what the recorder holds to the adapter, in whole batches. */
export class RecordPump {
  readonly recorder: SharedRecorder;
  readonly #link: AdapterLink;
  readonly #recent = new RecentBatches();

  constructor(link: AdapterLink, recorderId: number) {
    this.#link = link;
    this.recorder = attachRecorder(recorderId);
    this.recorder.onData(() => this.pump());
    link.onDrain(() => this.pump());
  }

  /** Sends what there is, unless the adapter does not keep up: then the recorder fills and holds up the guest. */
  pump(): void {
    if (!this.#link.congested) this.flush();
  }

  /** Sends everything recorded so far. */
  flush(): void {
    const batch = this.recorder.drain();
    if (!batch) return;
    this.#recent.push(batch);
    this.#link.sendRecords(batch);
  }

  /** What was captured of these calls (RecentBatches). */
  buffersOf(sequences: readonly number[]): BufferRecord[] {
    return sequences.length === 0 ? [] : this.#recent.buffersOf(sequences);
  }

  /** The process can end while the recorder's listener is still there, but not because of it. */
  close(): void {
    this.recorder.onData(null);
  }
}
