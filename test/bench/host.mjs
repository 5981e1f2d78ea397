export const imports = {
  env: {
    tick(value) {
      return value + 1;
    },
  },
};
