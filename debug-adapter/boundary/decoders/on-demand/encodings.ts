/** Conversion tables of text encodings, half a megabyte: bundled into a file of their own like serialization.ts. */
import iconv from 'iconv-lite';

export { iconv };
