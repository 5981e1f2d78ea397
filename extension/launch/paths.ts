import path from 'node:path';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Relative paths in a launch configuration are meant from the workspace folder: the adapter's own working directory is
 * nothing that a user knows. Values of the wrong type are left for the adapter to complain about.
 */
export function withAbsolutePaths<T extends Record<string, unknown>>(
  configuration: T,
  folder: string | undefined,
): T {
  if (folder === undefined) return configuration;
  const absolute = (value: unknown): unknown =>
    typeof value === 'string' && value !== '' ? path.resolve(folder, value) : value;
  const result: Record<string, unknown> = { ...configuration };
  for (const key of ['program', 'host', 'stdin', 'trace'])
    if (configuration[key] !== undefined) result[key] = absolute(configuration[key]);
  if (isRecord(configuration['ledger']) && configuration['ledger']['save'] !== undefined)
    result['ledger'] = { ...configuration['ledger'], save: absolute(configuration['ledger']['save']) };
  if (isRecord(configuration['preopens']))
    result['preopens'] = Object.fromEntries(
      Object.entries(configuration['preopens']).map(([guest, host]) => [guest, absolute(host)]),
    );
  if (isRecord(configuration['wasmedge']) && configuration['wasmedge']['library'] !== undefined)
    result['wasmedge'] = {
      ...configuration['wasmedge'],
      library: absolute(configuration['wasmedge']['library']),
    };
  if (Array.isArray(configuration['calls']))
    result['calls'] = configuration['calls'].map((call: unknown) =>
      isRecord(call) && isRecord(call['argument']) && call['argument']['file'] !== undefined
        ? { ...call, argument: { ...call['argument'], file: absolute(call['argument']['file']) } }
        : call,
    );
  return result as T;
}
