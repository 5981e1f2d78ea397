import { readFileSync } from 'node:fs';

/** What a file says about itself, without loading it: loading is the runner's, because it may end the process. */
export type LibraryFile =
  | { kind: 'wasmedge'; version?: string }
  /** `reason` completes the sentence "FILE is …". */
  | { kind: 'unusable'; reason: string };

/** ELF e_machine (gABI) by Node's name of the architecture. */
const ELF_MACHINES: Record<string, number> = { x64: 62, arm64: 183, riscv64: 243, s390x: 22 };

/**
 * Reads which WasmEdge a shared library is. `WasmEdge_VersionGet` returns a string constant, so the version lies in the
 * file between two NULs; the soname is `libwasmedge.so.0` in every version and says nothing (design.md §7).
 * The version is absent where the file holds no such constant or several.
 * @throws the file system's error where the file cannot be read.
 */
export function readLibraryFile(file: string): LibraryFile {
  const bytes = readFileSync(file);
  const format = executableFormat(bytes);
  if (format !== null) return { kind: 'unusable', reason: format };
  if (!bytes.includes('WasmEdge_VersionGet')) {
    return { kind: 'unusable', reason: 'a shared library, but not WasmEdge: it has no WasmEdge_VersionGet' };
  }
  const versions = versionConstants(bytes);
  const [version] = versions;
  return versions.length === 1 && version ? { kind: 'wasmedge', version } : { kind: 'wasmedge' };
}

/** Null for a shared library of this platform, else what it is instead. */
function executableFormat(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'an empty file';
  if (bytes.length < 64) return 'no shared library: it is too short';
  const magic = bytes.readUInt32BE(0);
  if (process.platform === 'darwin') {
    const machO = [0xcffaedfe, 0xcafebabe, 0xcafebabf];
    return machO.includes(magic) ? null : 'no macOS shared library';
  }
  if (process.platform === 'win32') return magic >>> 16 === 0x4d5a ? null : 'no Windows library';
  if (magic !== 0x7f454c46) return 'no shared library: it does not begin as an ELF file does';
  const machine = bytes.readUInt16LE(18);
  const wanted = ELF_MACHINES[process.arch];
  if (bytes[4] !== 2 || (wanted !== undefined && machine !== wanted)) {
    return `a library for another processor (ELF machine ${machine}), this is ${process.arch}`;
  }
  // Section headers come last in what linkers write: a shorter file was cut off.
  const sectionsEnd = Number(bytes.readBigUInt64LE(40)) + bytes.readUInt16LE(58) * bytes.readUInt16LE(60);
  return sectionsEnd > bytes.length ? 'a truncated ELF file' : null;
}

function versionConstants(bytes: Buffer): string[] {
  const found = new Set<string>();
  for (let at = bytes.indexOf('\0' + '0.'); at >= 0; at = bytes.indexOf('\0' + '0.', at + 1)) {
    const end = bytes.indexOf(0, at + 1);
    if (end < 0 || end - at > 40) continue;
    const text = bytes.toString('latin1', at + 1, end);
    if (/^0\.\d{1,3}\.\d{1,3}(-[\w.+-]+)?$/.test(text)) found.add(text);
  }
  return [...found];
}
