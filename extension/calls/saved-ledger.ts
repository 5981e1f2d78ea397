import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundarySearching } from '../../protocol/boundary.ts';
import { BOUNDARY_SEARCHING_EVENT } from '../../protocol/dap.ts';
import { AdapterConnection } from '../adapter/connection.ts';
import type { AdapterProgram } from '../adapter/program.ts';
import { LiveLedger } from './ledger.ts';

/** A saved ledger that a process of the debug adapter reads. */
export interface OpenLedger {
  ledger: LiveLedger;
  /** Calls in it. */
  total: number;
  /** Of the process. */
  pid: number | undefined;
  /** Ends the process. */
  close: () => void;
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** The process has ended by itself although it was not closed; `reason` ends a sentence. */
  died: (reason: string) => void;
  /** What it wrote to its standard error. */
  log: (text: string) => void;
}

/**
 * Opens a saved ledger (`debug-adapter.js open FILE`): neither WasmEdge nor the guest is needed, and no code of the
 * workspace is run.
 * @param file absolute path
 * @throws Error with a sentence for the user where it is none; an AbortError where `signal` came first
 */
export async function openSavedLedger(
  program: AdapterProgram,
  file: string,
  { signal, died, log }: OpenOptions,
): Promise<OpenLedger> {
  let isOpen = false;
  let said = '';
  const connection = new AdapterConnection(
    program,
    undefined,
    {
      message: (message) => {
        const event = message as DebugProtocol.Event;
        if (event.event === BOUNDARY_SEARCHING_EVENT) ledger.searching(event.body as BoundarySearching);
      },
      ended: (reason, stderr) => {
        said = stderr.trim().split('\n').at(-1) ?? '';
        if (isOpen) died(reason);
        isOpen = false;
      },
      log,
    },
    ['open', file],
  );
  const ledger = new LiveLedger(connection);
  const close = (): void => {
    isOpen = false;
    connection.dispose();
  };
  // A large file takes a while to read: who does not want to wait need not.
  const aborted = (): void => connection.kill();
  signal?.addEventListener('abort', aborted);
  if (signal?.aborted === true) aborted();
  try {
    await connection.requestStandard('initialize', { adapterID: 'kotlin-wasmedge', pathFormat: 'path' });
    const { total } = await ledger.calls(0, 0);
    isOpen = true;
    return { ledger, total, pid: connection.pid, close };
  } catch (error) {
    close();
    signal?.throwIfAborted();
    throw said === '' ? error : new Error(said);
  } finally {
    signal?.removeEventListener('abort', aborted);
  }
}
