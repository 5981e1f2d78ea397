/** Interfaces that the library's collections have; Wasm does not keep which a class has. */
export const LIST_TYPES: ReadonlySet<string> = new Set([
  'Iterable',
  'Collection',
  'List',
  'MutableIterable',
  'MutableCollection',
  'MutableList',
]);
