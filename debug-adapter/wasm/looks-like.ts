import { isUtf8 } from 'node:buffer';

/** Beginnings of other files that people hand over for a module. */
const SIGNATURES: [bytes: number[], what: string][] = [
  [[0x7f, 0x45, 0x4c, 0x46], 'an ELF program or library'],
  [[0x4d, 0x5a], 'a Windows program or library'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'a macOS program or library'],
  [[0xca, 0xfe, 0xba, 0xbe], 'a Java class file'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive (a .jar or .klib is one)'],
  [[0x1f, 0x8b], 'gzip-compressed data: unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard-compressed data: unpack it first'],
  [[0x42, 0x43, 0xc0, 0xde], 'LLVM bitcode'],
  [[0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e], 'an archive of object files'],
];

/** Bytes that are looked at. */
const SAMPLE = 4096;

/** What bytes that are not a WebAssembly module look like, as the end of “it looks like …”. */
export function looksLike(bytes: Uint8Array): string {
  const known = SIGNATURES.find(([signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (known) return known[1];
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.every((byte) => byte === 0)) return 'a file of zeros';
  // The sample may end inside a character.
  const textual = [0, 1, 2, 3].some((cut) => isUtf8(sample.subarray(0, sample.length - cut)));
  if (!textual || sample.includes(0)) return 'binary data of another kind';
  const text = new TextDecoder().decode(sample).trimStart();
  const code = text.replace(/^(?:;;[^\n]*\n\s*|\(;[\s\S]*?;\)\s*)*/, '');
  if (/^\((?:module|component)\b/.test(code)) {
    return 'the WebAssembly text format: assemble it first, for example with wat2wasm';
  }
  if (text.startsWith('version https://git-lfs.')) return 'a Git LFS pointer: run git lfs pull';
  if (/^<(?:!doctype|html|\?xml)/i.test(text)) return 'HTML or XML';
  if (text.startsWith('{')) return 'JSON text (perhaps the source map beside the module)';
  if (/^(?:import|export|const|let|var|function|async)\b/.test(text)) {
    return 'JavaScript (perhaps the loader beside the module)';
  }
  return 'text';
}
