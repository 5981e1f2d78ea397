/** Where sources are that lie elsewhere than a source map says: patterns to replacements (`sourceMapPathOverrides`). */
export type PathOverrides = Readonly<Record<string, string>>;

/**
 * The place that overrides give a source; null where no pattern fits. The longest pattern that does counts. A `*` in a
 * pattern stands for any characters, and takes them to the `*` of its replacement.
 *
 * @param source as the map names it, or as an absolute path
 */
export function overriddenPath(source: string, overrides: PathOverrides): string | null {
  const name = withSlashes(source);
  const patterns = Object.keys(overrides).sort((a, b) => b.length - a.length);
  for (const pattern of patterns) {
    const replacement = overrides[pattern] ?? '';
    const [before = '', after] = split(withSlashes(pattern));
    if (after === undefined) {
      if (name === before) return replacement;
      continue;
    }
    const fits = name.length >= before.length + after.length;
    if (!fits || !name.startsWith(before) || !name.endsWith(after)) continue;
    const taken = name.slice(before.length, name.length - after.length);
    return replacement.replace('*', () => taken);
  }
  return null;
}

/** Around the first `*`. */
function split(pattern: string): string[] {
  const at = pattern.indexOf('*');
  return at < 0 ? [pattern] : [pattern.slice(0, at), pattern.slice(at + 1)];
}

function withSlashes(file: string): string {
  return file.replaceAll('\\', '/');
}
