import type { PlannedImport } from '../protocol/runner.ts';
import { importName } from './boundary/boundary-import.ts';
import { signatureText } from './boundary/signature.ts';
import { UserError } from './errors.ts';

/** Words that no parameter may be called in an ES module. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function propertyKey(name: string): string {
  return IDENTIFIER.test(name) && name !== '__proto__' ? name : `[${JSON.stringify(name)}]`;
}

/** Names for the parameters of a JavaScript function: the Kotlin ones where they can be used, each once. */
function parameterList({ type, parameterNames }: PlannedImport): string {
  const used = new Set<string>();
  const names = type.params.map((_, i) => {
    const given = parameterNames?.[i];
    const fits = given && IDENTIFIER.test(given) && !RESERVED.has(given) && !used.has(given);
    const name = fits ? given : `p${i}`;
    used.add(name);
    return name;
  });
  return names.join(', ');
}

function returnStatement({ type }: PlannedImport): string {
  const zeros = type.results.map((result) =>
    result === 'i64' ? '0n' : result.endsWith('ref') ? 'null' : '0',
  );
  if (zeros.length === 0) return '';
  return `return ${zeros.length === 1 ? (zeros[0] ?? '0') : `[${zeros.join(', ')}]`};`;
}

/** An ES module that provides the imports with functions that answer 0, for a person to fill in (design.md §5). */
export function hostModuleText(imports: readonly PlannedImport[]): string {
  const modules = new Map<string, PlannedImport[]>();
  for (const each of imports) {
    const same = modules.get(each.module) ?? [];
    if (!same.some(({ name }) => name === each.name)) same.push(each);
    modules.set(each.module, same);
  }
  const lines = ['export const imports = {'];
  for (const [module, functions] of modules) {
    lines.push(`  ${propertyKey(module)}: {`);
    for (const each of functions) {
      const comment = signatureText(each.name, each.type, each.parameterNames).replace(/\s+/g, ' ');
      lines.push(`    // ${comment}`);
      const body = returnStatement(each);
      lines.push(
        `    ${propertyKey(each.name)}(${parameterList(each)}) {${body === '' ? '' : ` ${body} `}},`,
      );
    }
    lines.push('  },');
  }
  lines.push('};', '');
  return lines.join('\n');
}

/** Says which imports nobody provides, each with its signature, and shows the host module to paste. */
export function missingImportsError(imports: readonly PlannedImport[]): UserError {
  const one = imports.length === 1;
  const list = imports
    .map((each) => `  ${signatureText(importName(each), each.type, each.parameterNames)}`)
    .join('\n');
  const text = hostModuleText(imports);
  return new UserError(
    'missing-imports',
    `The guest imports ${one ? 'a function' : `${imports.length} functions`} that nobody provides:\n${list}\n` +
      `Provide ${one ? 'it' : 'them'} in a module that "host" in launch.json names, or set "unresolvedImports" to "ask" and answer each call yourself. An example of "host":\n${text}`,
    { kind: 'paste-host-module', title: 'Paste a Host Module', text },
  );
}
