import type { Func, Instance } from 'wasmedge-napi';
import type { GuestAccess } from '../kotlin/values/guest-access.ts';

/** Reaches what was appended to a guest for reading its objects. `memory`, `handles`: names of exports. */
export function guestAccess(instance: Instance, memory: string, handles: string): GuestAccess {
  const functions = new Map<string, Func>();
  const appended = instance.memory(memory);
  const table = instance.table(handles);
  return {
    call(name, ...parameters) {
      let called = functions.get(name);
      if (!called) functions.set(name, (called = instance.func(name)));
      return Number(called.call(...parameters)[0] ?? 0);
    },
    read: (address, size) => appended.read(address, size),
    write: (address, bytes) => appended.write(address, bytes),
    makeHandles: (size) => table.grow(Math.max(0, size - table.size)),
  };
}
