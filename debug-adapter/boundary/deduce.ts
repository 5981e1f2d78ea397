import type { Role } from '../../protocol/boundary.ts';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { BoundaryConfiguration } from '../../protocol/launch.ts';
import { type BoundaryImport, importName, isWasi } from './boundary-import.ts';
import { configuredRole } from './configured-roles.ts';
import { type NameEvidence, roleByName } from './import-names.ts';
import { type Assigned, type ParameterRoles, assignByNames, assignByOrder } from './parameters.ts';
import { signatureText } from './signature.ts';

export interface DeductionInput {
  /** The guest's function imports, WASI's among them or not: they are never taken. */
  imports: readonly BoundaryImport[];
  configuration: BoundaryConfiguration;
  /** Whether exports take call ids, by their parameters' names; null where those are not known. */
  callIds: boolean | null;
  /** The guest is called with an argument, so that some import must hand it over: then less evidence is enough. */
  hasArguments: boolean;
  /** Addresses of the guest's memory are i64. */
  memory64?: boolean;
}

export interface Deduction {
  storeArgument: RoleAssignment | null;
  returnResult: RoleAssignment | null;
  /** What was found and how, one line each, for the console at launch. */
  notes: string[];
}

interface Candidate {
  from: BoundaryImport;
  roles: ParameterRoles;
  how: string;
  named: boolean;
  rank: number;
}

function expectsBuffers({ callIds, hasArguments }: DeductionInput): boolean {
  return callIds === true || hasArguments;
}

/** Whether the evidence is enough: see NameEvidence. */
function isEnough(
  evidence: NameEvidence,
  roles: ParameterRoles,
  named: boolean,
  input: DeductionInput,
): boolean {
  if (evidence.strength === 'weak') return named && roles.callId !== undefined;
  if (named)
    return (
      evidence.strength === 'forum' ||
      evidence.saysBuffer ||
      roles.callId !== undefined ||
      expectsBuffers(input)
    );
  // One number without a name may be any result's value; a pointer is meant only where the name speaks of a buffer.
  if (evidence.role === 'returnResult' && roles.callId === undefined) return evidence.saysBuffer;
  if (expectsBuffers(input)) return true;
  // The forum's words in the forum's order: a store, or something that a buffer's word or size makes clear.
  const clear = evidence.role === 'storeArgument' || evidence.saysBuffer || roles.size !== undefined;
  return evidence.strength === 'forum' && clear;
}

function candidate(
  each: BoundaryImport,
  role: Role,
  input: DeductionInput,
): Candidate | { doubt: string } | null {
  if (isWasi(each.module)) return null;
  const evidence = roleByName(each.name);
  if (evidence?.role !== role) return null;
  const { params, results } = each.type;
  // A role answers nothing; one number may be declared and is then answered with 0.
  if (params.length === 0 || results.length > (evidence.strength === 'forum' ? 1 : 0)) return null;
  const memory64 = input.memory64 ?? false;
  const byNames = assignByNames(
    each.type,
    each.parameterNames ?? [],
    memory64,
    evidence.strength === 'forum' && input.callIds === true,
  );
  const assigned: Assigned | null = byNames ?? assignByOrder(each.type, role, memory64, input.callIds);
  if (!assigned) return null;
  if ('problem' in assigned) return evidence.strength === 'weak' ? null : { doubt: assigned.problem };
  const named = byNames !== null;
  if (!isEnough(evidence, assigned.roles, named, input)) return null;
  const rank =
    { forum: 4, related: 2, weak: 0 }[evidence.strength] + (assigned.roles.callId === undefined ? 0 : 1);
  return { from: each, named, rank, ...assigned };
}

function deduceRole(role: Role, input: DeductionInput, notes: string[]): RoleAssignment | null {
  const candidates: Candidate[] = [];
  for (const each of input.imports) {
    const found = candidate(each, role, input);
    if (!found) continue;
    if ('doubt' in found) {
      notes.push(
        `Boundary: ${importName(each)} may be ${role}, but ${found.doubt}: "boundary" in launch.json decides.`,
      );
    } else candidates.push(found);
  }
  const best = Math.max(...candidates.map(({ rank }) => rank));
  const [chosen, ...others] = candidates.filter(({ rank }) => rank === best);
  if (!chosen) return null;
  if (others.length > 0) {
    const names = [chosen, ...others].map(({ from }) => importName(from)).join(' and ');
    notes.push(`Boundary: ${names} may each be ${role}: "boundary" in launch.json decides.`);
    return null;
  }
  const source = chosen.named && chosen.from.declaredAt !== undefined ? ` in ${chosen.from.declaredAt}` : '';
  const assignment: RoleAssignment = {
    role,
    import: importName(chosen.from),
    ...chosen.roles,
    reason: `by its name and ${chosen.how}${source}`,
  };
  if (role === 'returnResult') assignment.sizePolicy = chosen.roles.size === undefined ? 'unknown' : 'param';
  return assignment;
}

function policyText(assignment: RoleAssignment): string {
  const policy = assignment.sizePolicy;
  if (policy === undefined || policy === 'param') return '';
  if (policy === 'unknown') {
    return ' The length of a result is not known: 256 bytes are captured ("size" in "boundary" changes that).';
  }
  return ` The length of a result is known by ${typeof policy === 'string' ? policy : `its fixed ${policy.fixed} bytes`}.`;
}

/** One line for the console: which import has the role, what its parameters are, and how that was found. */
function noteOf(assignment: RoleAssignment, from: BoundaryImport): string {
  const meanings = from.type.params.map((_, i) =>
    i === assignment.pointer
      ? 'pointer'
      : i === assignment.size
        ? 'size'
        : i === assignment.callId
          ? 'callId'
          : (from.parameterNames?.[i] ?? '_'),
  );
  const innermost =
    assignment.callId === undefined ? ' Without a call id, the innermost running call is meant.' : '';
  const answers =
    from.type.results.length > 0 ? ` It is answered with ${from.type.results.map(() => 0).join(', ')}.` : '';
  return (
    `Boundary: ${assignment.role} is ${signatureText(importName(from), from.type, meanings)}, ` +
    `${assignment.reason}.${policyText(assignment)}${innermost}${answers}`
  );
}

/**
 * Finds which imports store arguments and return results, each role on its own: as `configuration` says, else by the
 * import's name and its parameters' names, else in the forum's order (design.md §5). WASI is never taken.
 *
 * @throws UserError `bad-configuration` where `configuration` names an import or parameters that the guest has not.
 */
export function deduceBoundary(input: DeductionInput): Deduction {
  const notes: string[] = [];
  const { imports } = input;
  const explicit = {
    storeArgument: configuredRole('storeArgument', input),
    returnResult: configuredRole('returnResult', input),
  };
  const taken = new Set(Object.values(explicit).map((assignment) => assignment?.import));
  const free = { ...input, imports: imports.filter((each) => !taken.has(importName(each))) };
  const deduction: Deduction = {
    storeArgument: explicit.storeArgument ?? deduceRole('storeArgument', free, notes),
    returnResult: explicit.returnResult ?? deduceRole('returnResult', free, notes),
    notes,
  };
  const found = [deduction.storeArgument, deduction.returnResult].flatMap((assignment) => {
    const from = imports.find((each) => importName(each) === assignment?.import);
    return assignment && from ? [noteOf(assignment, from)] : [];
  });
  notes.unshift(...found);
  return deduction;
}
