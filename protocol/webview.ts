import type { Call, CallSummary, Direction } from './boundary.ts';

/** From the extension to the call inspector. Every `answer…` carries the `id` of the request it answers. */
export type ToWebview =
  | { type: 'session'; name: string; state: 'running' | 'stopped' | 'ended' | 'none' }
  | {
      type: 'changed';
      total: number;
      current: number | null;
      memoryBytes?: number;
    }
  | { type: 'decoders'; decoders: { id: string; label: string }[] }
  | { type: 'answerCalls'; id: number; start: number; total: number; calls: CallSummary[] }
  | { type: 'answerCall'; id: number; call: Call }
  | { type: 'answerError'; id: number; message: string }
  | { type: 'reveal'; sequence: number; direction?: Direction };

/** From the call inspector to the extension. */
export type FromWebview =
  | { type: 'ready' }
  | { type: 'requestCalls'; id: number; start: number; count: number }
  | {
      type: 'requestCall';
      id: number;
      sequence: number;
      decoders?: Partial<Record<Direction, string>>;
    }
  | { type: 'openMemory'; memoryReference: string }
  | { type: 'copy'; text: string };
