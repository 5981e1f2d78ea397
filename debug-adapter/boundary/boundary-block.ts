import type { Role } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import { type BoundaryImport, importName, isWasi } from './boundary-import.ts';
import type { Deduction } from './deduce.ts';
import { roleByName } from './import-names.ts';
import { meaningOfImportParameter } from './parameter-names.ts';
import { assignByNames, assignByOrder } from './parameters.ts';
import { signatureText } from './signature.ts';

const ROLES: readonly Role[] = ['storeArgument', 'returnResult'];

/** How likely an import is to have the role; below 0: it cannot. */
function likelihood({ type, name, parameterNames }: BoundaryImport, role: Role): number {
  if (!type.params.includes('i32') && !type.params.includes('i64')) return -1;
  const byName = roleByName(name)?.role;
  const pointers = (parameterNames ?? []).some(
    (each) => each && meaningOfImportParameter(each) === 'pointer',
  );
  return (
    (byName === role ? 4 : byName ? -4 : 0) +
    (pointers ? 2 : 0) +
    (type.params.length === (role === 'storeArgument' ? 2 : 3) ? 1 : 0) +
    (type.results.length === 0 ? 1 : 0)
  );
}

/** The meaning of each parameter as far as can be guessed, for a person to correct. */
function guessedParams({ type, parameterNames }: BoundaryImport, role: Role): string[] {
  const byNames = assignByNames(type, parameterNames ?? [], false, true);
  const assigned = byNames && 'roles' in byNames ? byNames : assignByOrder(type, role, false, null);
  if (assigned && 'roles' in assigned) {
    const { pointer, size, callId } = assigned.roles;
    return type.params.map((_, i) =>
      i === pointer ? 'pointer' : i === size ? 'size' : i === callId ? 'callId' : '_',
    );
  }
  const pointer = type.params.indexOf('i32');
  return type.params.map((_, i) => (i === pointer ? 'pointer' : '_'));
}

/**
 * The `boundary` block to paste: the guest's own imports, likeliest first, with a guess at their parameters. Roles that
 * were found are left out. Null where the guest has no import that could have a role.
 */
export function boundaryBlock(imports: readonly BoundaryImport[], missing: readonly Role[]): string | null {
  const block: Partial<Record<Role, { import: string; params: string[]; size?: string }>> = {};
  const free = new Set(imports.filter(({ module }) => !isWasi(module)));
  for (const role of missing) {
    const [best] = [...free]
      .filter((each) => likelihood(each, role) >= 0)
      .sort((a, b) => likelihood(b, role) - likelihood(a, role));
    if (!best) continue;
    free.delete(best);
    const params = guessedParams(best, role);
    block[role] = { import: importName(best), params };
    if (role === 'returnResult') block[role].size = params.includes('size') ? 'param' : 'unknown';
  }
  if (Object.keys(block).length === 0) return null;
  const lines = Object.entries(block).map(([role, { import: name, params, size }]) => {
    const list = params.map((param) => JSON.stringify(param)).join(', ');
    const policy = size === undefined ? '' : `, "size": ${JSON.stringify(size)}`;
    return `  ${JSON.stringify(role)}: { "import": ${JSON.stringify(name)}, "params": [${list}]${policy} }`;
  });
  return `"boundary": {\n${lines.join(',\n')}\n}`;
}

/** Imports that a message lists. */
const LISTED = 8;

/**
 * Says that a role was not found, and shows the `boundary` block to paste.
 *
 * @param why why the role is needed, as the end of a sentence: `calls[0] has an argument`.
 */
export function noBoundaryImportsError(
  imports: readonly BoundaryImport[],
  deduction: Pick<Deduction, Role>,
  why: string,
): UserError {
  const missing = ROLES.filter((role) => deduction[role] === null);
  const what =
    missing.length === 2
      ? 'No import is recognised as the one that stores arguments or the one that returns results'
      : missing[0] === 'returnResult'
        ? 'No import is recognised as the one that returns results'
        : 'No import is recognised as the one that stores arguments';
  const own = imports.filter(({ module }) => !isWasi(module));
  const block = boundaryBlock(imports, missing);
  if (own.length === 0 || block === null) {
    const only = own.length === 0 ? 'none but WASI’s' : own.slice(0, LISTED).map(importName).join(', ');
    return new UserError(
      'no-boundary-imports',
      `${what}, and ${why}. The guest imports ${only}, and none of them can carry a buffer: ` +
        'call it with "params" alone, or declare such an import with @WasmImport in the guest.',
      { kind: 'open-launch-json', title: 'Open launch.json' },
    );
  }
  const signatures = own
    .slice(0, LISTED)
    .map((each) => signatureText(importName(each), each.type, each.parameterNames));
  if (own.length > LISTED) signatures.push(`${own.length - LISTED} more`);
  return new UserError(
    'no-boundary-imports',
    `${what}, and ${why}. The guest imports ${signatures.join('; ')}. ` +
      `Say in launch.json which is which, for example:\n${block}`,
    { kind: 'paste-boundary', title: 'Paste a "boundary" Block', text: block },
  );
}
