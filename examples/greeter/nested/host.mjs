// What the guest imports besides the two callbacks that carry buffers. `this` is the call that the guest is in: its
// callId, the guest's memory, and `call`, which calls an export of the guest from in here.
const rows = ['front', 'middle', 'back'].length;

export const imports = {
  seating: {
    /** The name lies in the guest's memory: `size` bytes of UTF-8 at `pointer`. */
    rowFor(pointer, size) {
      const name = this.memory.text(pointer, size);
      const { result } = this.call('countVowels', { argument: name });
      return 1 + (Number(new TextDecoder().decode(result)) % rows);
    },
  },
};
