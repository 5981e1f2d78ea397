import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { PlannedExport, PlannedImport, RunnerPlan } from '../../protocol/runner.ts';
import type { FunctionType } from '../../protocol/values.ts';

/** The guest's boundary as text in WebAssembly's text format, and the line of each function in it (from 1). */
export interface BoundaryListing {
  text: string;
  importLines: number[];
  exportLines: number[];
}

/**
 * What a stop at the boundary can show as its place, as there is no code of the guest's there: every import and export
 * with its signature, and what the parameters mean.
 */
export function listBoundary(plan: RunnerPlan, guestName: string): BoundaryListing {
  const lines = [`;; ${guestName}: what crosses between this guest and its host`, '(module'];
  const importLines = plan.imports.map((planned) => {
    lines.push(...importComment(planned));
    const { module, name, type } = planned;
    lines.push(`  (import ${quoted(module)} ${quoted(name)} (func${signature(type, importNames(planned))}))`);
    return lines.length;
  });
  const exportLines = plan.exports.map((planned: PlannedExport) => {
    lines.push(...exportComment(planned));
    lines.push(`  (func (export ${quoted(planned.name)})${signature(planned.type, planned.parameterNames)})`);
    return lines.length;
  });
  lines.push(')', '');
  return { text: lines.join('\n'), importLines, exportLines };
}

function importComment({ role }: PlannedImport): string[] {
  if (!role) return [];
  const what =
    role.role === 'storeArgument'
      ? 'asks for the argument of a call'
      : `hands over the result of a call${lengthKnown(role)}`;
  return [`  ;; ${role.role}: ${what}; ${role.reason}`];
}

function exportComment({ passes }: PlannedExport): string[] {
  if (!passes) return [];
  const { arguments: taken, out, result, reason } = passes;
  const places = taken.map(({ pointer, size }) =>
    size === undefined ? `${pointer}` : `${pointer} and ${size}`,
  );
  const returned = { pointer: 'a pointer', packed: 'packed into an i64', pair: 'the address of a pair' };
  const parts = [
    ...(places.length > 0 ? [`is passed its argument in parameters ${places.join(', ')}`] : []),
    ...(result
      ? [`result: ${result.as === 'out' ? `through parameter ${out ?? '?'}` : returned[result.as]}`]
      : []),
    reason,
  ];
  return [`  ;; ${parts.join('; ')}`];
}

function lengthKnown({ sizePolicy }: RoleAssignment): string {
  switch (sizePolicy) {
    case undefined:
    case 'param':
      return '';
    case 'u32le-prefix':
      return ', its length before it as u32';
    case 'nul':
      return ', up to a NUL';
    case 'unknown':
      return ', its length unknown';
    default:
      return `, ${sizePolicy.fixed} bytes`;
  }
}

/** Kotlin's names where they are known, else what the role makes of a parameter. */
function importNames({ type, parameterNames, role }: PlannedImport): (string | null)[] {
  return type.params.map((_, index) => {
    const named = parameterNames?.[index];
    if (named !== undefined && named !== null) return named;
    if (index === role?.pointer) return 'pointer';
    if (index === role?.size) return 'size';
    return index === role?.callId ? 'callId' : null;
  });
}

function signature({ params, results }: FunctionType, names: readonly (string | null)[]): string {
  const parameters = params.map((type, index) => {
    const name = names[index];
    return ` (param ${name === null || name === undefined ? '' : `${identifier(name)} `}${type})`;
  });
  const result = results.length === 0 ? '' : ` (result ${results.join(' ')})`;
  return parameters.join('') + result;
}

/** An identifier of the text format (core spec §6.3.5): other characters become underscores. */
function identifier(name: string): string {
  return `$${name.replace(/[^0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]/g, '_')}`;
}

/** A string of the text format (core spec §6.3.3). */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
