import { z } from 'zod';
import { launchSchema } from '../protocol/launch.ts';

/** The parts of JSON Schema that zod writes for a launch configuration. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minimum?: number;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

/** What launch.json may hold, as the editor's JSON schema (draft 7): the input side, where defaults may be left out. */
export function launchJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(launchSchema, { io: 'input', target: 'draft-7' });
  return withoutNoise(schema) as JsonSchema;
}

/** Bounds of JavaScript's safe integers say nothing to a person, and an empty default is none. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => !isNoise(key, part))
      .map(([key, part]) => [key, withoutNoise(part)]),
  );
}

function isNoise(key: string, value: unknown): boolean {
  if (key === 'maximum' || key === 'minimum') return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  return key === 'propertyNames';
}
