import type { LaunchInput } from '../../protocol/launch.ts';
import { DapClient, type ClientOptions } from '../support/dap-client.ts';
import { configure, ended, type SessionOptions } from '../support/session.ts';

/** Filters that stop nothing while all goes well. */
export const NO_STOPS: SessionOptions = { filters: ['traps', 'uncaughtExceptions'] };

/**
 * Runs a configuration to its end and says how long its calls took, in µs of the runner's own clock: from the beginning
 * of the first to the end of the last, with everything that recording costs meanwhile.
 */
export async function callMicros(
  configuration: LaunchInput,
  wasmedge: string,
  options: SessionOptions = NO_STOPS,
): Promise<number> {
  return withAdapter(wasmedge, {}, async (client) => {
    await configure(client, configuration, options);
    const exitCode = await ended(client);
    if (exitCode !== 0) throw new Error(`The guest ended with ${exitCode}: ${client.output('stderr')}`);
    const { total, calls } = await client.boundary('boundary/calls', { start: 0, count: 1 });
    const [first] = calls;
    const [last] = (await client.boundary('boundary/calls', { start: total - 1, count: 1 })).calls;
    if (first === undefined || last?.durationMicros === undefined) {
      throw new Error('The ledger has no finished call.');
    }
    return last.startMicros + last.durationMicros - first.startMicros;
  });
}

/** An adapter for one version of WasmEdge, ended afterwards whatever happens. */
export async function withAdapter<T>(
  wasmedge: string,
  options: ClientOptions,
  use: (client: DapClient) => Promise<T>,
): Promise<T> {
  const client = await DapClient.start({
    ...options,
    env: { ...options.env, WASMEDGE_VERSION: wasmedge },
  });
  try {
    const result = await use(client);
    await client.request('disconnect', { terminateDebuggee: true });
    await client.exit();
    return result;
  } finally {
    client.kill();
  }
}
