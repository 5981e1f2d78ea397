/** What is captured of one buffer at most, in bytes, as the recorder does natively. */
export const MAX_RECORDED = 64 << 20;
