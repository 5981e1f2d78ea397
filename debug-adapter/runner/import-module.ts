/**
 * Imports an ES module at run time. In a file of its own (on-demand.ts): V8's kept code cannot do that (code-cache.ts).
 *
 * @throws what the module throws, and SyntaxError
 */
export function importModule(url: string): Promise<unknown> {
  return import(url);
}
