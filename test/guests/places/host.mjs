/** What the guest notes is not looked at. */
export const imports = { host: { note() {} } };
