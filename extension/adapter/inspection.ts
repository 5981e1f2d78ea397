import type { Inspection } from '../../protocol/inspection.ts';

/**
 * Reads the line that `inspect` printed.
 * @throws Error where it is none, with its beginning
 */
export function inspectionFrom(line: string): Inspection {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`The debug adapter's inspection cannot be read: ${line.slice(0, 200) || '(nothing)'}`);
  }
  const inspection = value as Partial<Inspection> | null;
  if (!Array.isArray(inspection?.problems) || !Array.isArray(inspection.exports))
    throw new Error(`The debug adapter's inspection lacks its parts: ${line.slice(0, 200)}`);
  return inspection as Inspection;
}
