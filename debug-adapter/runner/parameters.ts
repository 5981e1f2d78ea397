import type { WasmValue } from 'wasmedge-napi';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { ValueType } from '../../protocol/values.ts';
import type { CallFrame, ImportFrame } from './frames.ts';
import { unsigned } from './values.ts';

/** What a parameter of an import means to its role. */
export type Meaning = 'pointer' | 'size' | 'callId';

/** A parameter of an import or export, as expressions and lists show it. */
export interface Parameter {
  index: number;
  type: ValueType;
  /** Its name in Kotlin, else its meaning, else its index. */
  name: string;
  meaning: Meaning | null;
  /** Pointers and sizes as unsigned numbers. */
  value: WasmValue | undefined;
}

function meaningOf(role: RoleAssignment | undefined, index: number): Meaning | null {
  if (!role) return null;
  if (index === role.pointer) return 'pointer';
  if (index === role.callId) return 'callId';
  return index === role.size ? 'size' : null;
}

export function parametersOf(frame: CallFrame | ImportFrame): Parameter[] {
  const role = frame.kind === 'import' ? frame.planned.role : undefined;
  return frame.planned.type.params.map((type, index) => {
    const meaning = meaningOf(role, index);
    const given = frame.params[index];
    const value =
      (meaning === 'pointer' || meaning === 'size') && typeof given === 'number' ? unsigned(given) : given;
    const name = frame.planned.parameterNames?.[index] ?? meaning ?? String(index);
    return { index, type, name, meaning, value };
  });
}

/**
 * The `params` of expressions: by index, by name, and by meaning.
 * @param correct replaces a parameter, or throws; undefined where assigning is no use
 */
export function paramsObject(
  frame: CallFrame | ImportFrame,
  correct?: (parameter: Parameter, value: unknown) => void,
): object {
  const params: Record<string, unknown> = {};
  for (const parameter of parametersOf(frame)) {
    for (const key of new Set([String(parameter.index), parameter.name, parameter.meaning])) {
      if (key === null) continue;
      if (!correct) {
        params[key] = parameter.value;
        continue;
      }
      Object.defineProperty(params, key, {
        // Each parameter is listed once: by its name.
        enumerable: key === parameter.name,
        get: () => parameter.value,
        set: (value: unknown) => {
          correct(parameter, value);
          parameter.value = value as WasmValue;
        },
      });
    }
  }
  return params;
}
