/** The debug type, apart from the schema, so that the extension need not carry a schema library. */
export const DEBUG_TYPE = 'kotlin-wasmedge';
