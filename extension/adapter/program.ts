import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type {
  CapturedBuffer,
  ConditionRequest,
  DecodeRequest,
  FieldCondition,
} from '../../protocol/boundary.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { inspectionFrom } from './inspection.ts';

/** How the debug adapter is started: the editor's own Node, so that none need be on the PATH (design.md §3). */
export interface AdapterProgram {
  command: string;
  /** Absolute path of dist/debug-adapter.js. */
  script: string;
  env: NodeJS.ProcessEnv;
}

/** `process.execPath` is Electron in desktop VS Code and Node in a remote one; the variable makes both run scripts. */
export function adapterProgram(script: string): AdapterProgram {
  return { command: process.execPath, script, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } };
}

/** The child's end, where it is not success. `message` is a sentence for the user. */
export class AdapterCommandError extends Error {
  override readonly name = 'AdapterCommandError';
}

interface CommandRun {
  /** The subcommand and its argument. */
  parameters: string[];
  /** Standard input; empty when left out. */
  input?: string;
  signal?: AbortSignal;
  onLine: (line: string) => void;
}

/** Runs one of the adapter's subcommands to its end; its standard output is taken line by line. */
function runCommand(program: AdapterProgram, run: CommandRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, [program.script, ...run.parameters], {
      env: program.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(run.signal && { signal: run.signal }),
    });
    let stderr = '';
    // A child that ends before it has read its input says why on its standard error.
    child.stdin.on('error', () => undefined).end(run.input ?? '');
    createInterface({ input: child.stdout }).on('line', run.onLine);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000);
    });
    child.on('error', (error) => {
      reject(
        error.name === 'AbortError'
          ? error
          : new AdapterCommandError(`The debug adapter could not be started (${error.message}).`),
      );
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else {
        const said = stderr.trim().split('\n').at(-1);
        const how = signal ?? `exit code ${code ?? 'unknown'}`;
        const command = run.parameters[0] ?? '';
        reject(new AdapterCommandError(said ? said : `The debug adapter's “${command}” ended with ${how}.`));
      }
    });
  });
}

/**
 * What is in the guest and what stands in the way of running it (`debug-adapter.js inspect JSON`).
 * @param configuration a launch configuration, or the part of it that there is
 * @throws AdapterCommandError with a sentence for the user
 */
export async function inspect(
  program: AdapterProgram,
  configuration: object,
  signal?: AbortSignal,
): Promise<Inspection> {
  let last = '';
  await runCommand(program, {
    parameters: ['inspect', JSON.stringify(configuration)],
    ...(signal && { signal }),
    onLine: (line) => {
      if (line.trim()) last = line;
    },
  });
  return inspectionFrom(last);
}

/**
 * Finds or downloads a WasmEdge of the given version (`debug-adapter.js provide-wasmedge VERSION`).
 * @param progress receives what the set-up says, line by line
 */
export async function provideWasmedge(
  program: AdapterProgram,
  version: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await runCommand(program, {
    parameters: ['provide-wasmedge', version],
    ...(signal && { signal }),
    onLine: (line) => {
      if (line.trim()) progress(line.trim());
    },
  });
}

/**
 * Decodes a kept buffer with another decoder (`debug-adapter.js decode`).
 * @throws AdapterCommandError with a sentence for the user
 */
export async function redecode(
  program: AdapterProgram,
  { buffer, decoder, call }: DecodeRequest,
): Promise<CapturedBuffer> {
  const request: DecodeRequest = { buffer, decoder };
  if (call) request.call = { sequence: call.sequence, callId: call.callId, export: call.export };
  let answer = '';
  await runCommand(program, {
    parameters: ['decode'],
    input: `${JSON.stringify(request)}\n`,
    onLine: (line) => {
      answer += line;
    },
  });
  return JSON.parse(answer) as CapturedBuffer;
}

/**
 * The condition of a filter that a part of a decoded buffer has its value (`debug-adapter.js condition`).
 * @throws AdapterCommandError with a sentence for the user where there is none
 */
export async function fieldCondition(
  program: AdapterProgram,
  request: ConditionRequest,
): Promise<FieldCondition> {
  let answer = '';
  await runCommand(program, {
    parameters: ['condition'],
    input: `${JSON.stringify(request)}\n`,
    onLine: (line) => {
      answer += line;
    },
  });
  return JSON.parse(answer) as FieldCondition;
}
