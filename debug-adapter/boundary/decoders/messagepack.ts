import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { walkMessagePack } from './messagepack-walk.ts';
import { serialization } from './on-demand.ts';

/** Integers that a number holds exactly are numbers, however wide the bytes keep them. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  return mapped(value, plain);
}

/** Arrays and plain objects with each of their parts mapped; anything else as it is. */
function mapped(value: unknown, map: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, map(each)]));
  }
  return value;
}

/** The library writes integers of more than 32 bits as floats unless they are bigint. */
function wide(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return value > 0xffff_ffff || value < -0x8000_0000 ? BigInt(value) : value;
  }
  return mapped(value, wide);
}

/** A key that JavaScript's objects can have. */
function keyText(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}

export const messagePack: Decoder = {
  id: 'messagepack',
  label: 'MessagePack',
  decode(bytes) {
    const { text, tree, error } = walkMessagePack(bytes);
    const shown = tree ? { text, tree } : { text };
    if (error !== undefined) return { ...shown, value: text, error };
    const { MessagePackDecoder } = serialization();
    try {
      const decoder = new MessagePackDecoder({
        useBigInt64: true,
        mapKeyConverter: (key) => (typeof key === 'number' ? key : keyText(key)),
      });
      return { ...shown, value: plain(decoder.decode(bytes)) };
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
      return { ...shown, value: text, error: `MessagePack without a value for expressions: ${why}.` };
    }
  },
  preview(bytes) {
    return walkMessagePack(bytes).text;
  },
  encode(value) {
    const { MessagePackEncoder } = serialization();
    try {
      return new MessagePackEncoder({ useBigInt64: true }).encode(wide(value));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
      throw new UserError('bad-argument', `This value cannot be written as MessagePack: ${why}.`);
    }
  },
};
