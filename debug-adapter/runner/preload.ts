/**
 * Environment variable with the path of libwasmedge: the runner loads it while its control thread starts, before anybody
 * asks. What is wrong with it is told when the guest is loaded.
 */
export const PRELOAD_VARIABLE = 'KOTLIN_WASMEDGE_PRELOAD';
