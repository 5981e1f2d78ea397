import type { Role } from '../../protocol/boundary.ts';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import { UserError } from '../errors.ts';
import { didYouMean } from '../near-names.ts';
import { type BoundaryImport, importName, isWasi } from './boundary-import.ts';
import type { DeductionInput } from './deduce.ts';
import { type Meaning } from './parameter-names.ts';
import { type ParameterRoles, assignByNames, assignByOrder, fits } from './parameters.ts';
import { signatureText } from './signature.ts';

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;
const MEANINGS = new Set<string>(['pointer', 'size', 'callId']);

function wrong(message: string): UserError {
  return new UserError('bad-configuration', message, openLaunch);
}

/** The import that `text` names: as `module.name`, or by its name alone where only one has it. */
function findImport(text: string, where: string, imports: readonly BoundaryImport[]): BoundaryImport {
  const exact = imports.find((each) => importName(each) === text);
  const [byName, ...others] = imports.filter(({ name }) => name === text);
  const found = exact ?? (others.length === 0 ? byName : undefined);
  const names = imports.filter(({ module }) => !isWasi(module)).map(importName);
  if (!found) {
    const hint =
      didYouMean(text, names) || (names.length > 0 ? ` It imports ${names.slice(0, 10).join(', ')}.` : '');
    throw wrong(`${where}: the guest imports no function “${text}”.${hint}`);
  }
  if (isWasi(found.module)) {
    throw wrong(`${where}: “${text}” is WASI's own and carries no buffers of calls: name another import.`);
  }
  return found;
}

function explicitParams(
  params: readonly string[],
  where: string,
  found: BoundaryImport,
  memory64: boolean,
): ParameterRoles {
  const { type } = found;
  const signature = signatureText(importName(found), type, found.parameterNames);
  if (params.length !== type.params.length) {
    throw wrong(
      `${where}.params names ${params.length} parameters, but the import is ${signature}: name each one.`,
    );
  }
  params.forEach((param, i) => {
    if (param !== '_' && !MEANINGS.has(param)) {
      throw wrong(
        `${where}.params[${i}] is “${param}”: use "pointer", "size", "callId", or "_" for anything else.`,
      );
    }
    if (param === '_') return;
    if (params.indexOf(param) !== i)
      throw wrong(`${where}.params names "${param}" twice: name each meaning once.`);
    if (!fits(type.params[i], param as Meaning, memory64)) {
      throw wrong(
        `${where}.params[${i}] is "${param}", but that parameter of ${signature} is of another type.`,
      );
    }
  });
  const pointer = params.indexOf('pointer');
  if (pointer < 0)
    throw wrong(`${where}.params names no "pointer": ${signature} needs one to carry a buffer.`);
  const roles: ParameterRoles = { pointer };
  if (params.includes('size')) roles.size = params.indexOf('size');
  if (params.includes('callId')) roles.callId = params.indexOf('callId');
  return roles;
}

/**
 * The role as the launch configuration's `boundary` gives it; null where it does not. Parameters that it leaves out are
 * deduced.
 *
 * @throws UserError `bad-configuration` where the guest has no such import, or its parameters do not fit.
 */
export function configuredRole(
  role: Role,
  { configuration, imports, memory64 = false, callIds }: DeductionInput,
): RoleAssignment | null {
  const entry = configuration[role];
  if (!entry) return null;
  const where = `boundary.${role}`;
  const other = configuration[role === 'storeArgument' ? 'returnResult' : 'storeArgument'];
  if (role === 'returnResult' && other?.import === entry.import) {
    throw wrong(`boundary names ${entry.import} for both roles: an import has one.`);
  }
  const found = findImport(entry.import, where, imports);
  let roles: ParameterRoles;
  let how = '';
  if (entry.params) roles = explicitParams(entry.params, where, found, memory64);
  else {
    const names = found.parameterNames ?? [];
    const assigned =
      assignByNames(found.type, names, memory64, true) ?? assignByOrder(found.type, role, memory64, callIds);
    if (!assigned || 'problem' in assigned) {
      const why = assigned ? `, because ${assigned.problem}` : '';
      const signature = signatureText(importName(found), found.type, names);
      throw wrong(`${where}.params is needed for ${signature}: what its parameters mean is not clear${why}.`);
    }
    roles = assigned.roles;
    how = `, its parameters by ${assigned.how}`;
  }
  const assignment: RoleAssignment = {
    role,
    import: importName(found),
    ...roles,
    reason: `from the launch configuration${how}`,
  };
  if (role === 'returnResult') {
    const size = configuration.returnResult?.size;
    if (size === 'param' && roles.size === undefined) {
      throw wrong(`${where}.size is "param", but none of its parameters is the "size": name it in params.`);
    }
    if (configuration.returnResult?.parts) assignment.parts = true;
    assignment.sizePolicy = size ?? (roles.size === undefined ? 'unknown' : 'param');
  }
  return assignment;
}
