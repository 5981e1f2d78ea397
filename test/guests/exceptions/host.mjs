/** Calls the guest again, while it waits. */
export const imports = {
  host: {
    again(number) {
      return Number(this.call('uncaught', { params: [number] }).returns[0]);
    },
  },
};
