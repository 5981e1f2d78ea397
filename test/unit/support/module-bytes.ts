/** Makes modules byte by byte (core spec §5), where a test needs what no compiler makes. */
export function core(...sections: number[][]): Uint8Array {
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

export function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

export function section(id: number, contents: number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

export function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...leb(bytes.length), ...bytes];
}

export function custom(name: string, contents: number[]): number[] {
  return section(0, [...text(name), ...contents]);
}

/** An entry of the import section. */
export function importedFunction(module: string, name: string, typeIndex: number): number[] {
  return [...text(module), ...text(name), 0, ...leb(typeIndex)];
}

/** An entry of the export section; kind 0 is a function, 2 a memory. */
export function exported(name: string, kind: number, index: number): number[] {
  return [...text(name), kind, ...leb(index)];
}
