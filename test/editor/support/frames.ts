/** Frames of the example guest as the call stack shows them. */
export const STORE = 'host.callHostToStoreArgumentData';
export const RETURN = 'host.callHostToReturnResultData';
/** `greet`, called for the first time. */
export const GREET = 'greet (callId 1)';
