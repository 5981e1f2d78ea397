import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod';
import type { DecodedNode } from '../../protocol/boundary.ts';
import { MAX_DEPTH, MAX_NODES } from '../boundary/decoders/tree.ts';
import { ANSWER_LIMIT, type DecodeAnswer, type DecodeJob, type OwnDecoder } from './messages.ts';

const node: z.ZodType<DecodedNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    value: z.string(),
    type: z.string(),
    range: z.tuple([z.number(), z.number()]).optional(),
    children: z.array(node).optional(),
  }),
) as z.ZodType<DecodedNode>;

const answerSchema = z.object({
  text: z.string().optional(),
  tree: node.optional(),
  error: z.string().optional(),
});
/** How long a decoder may take for one buffer, the start of its process and the compilation of a format included. */
const TIME_LIMIT_MS = { module: 3000, kaitai: 15_000 };
/** The memory that its JavaScript objects may take, in MiB. */
const MEMORY_LIMIT = 256;
/** A process that nobody asks ends itself after this. */
const IDLE_MS = 30_000;
/** A decoder that was ended so often is not run again before it changes. */
const MOST_ENDED = 3;

/** Runs decoders that a person wrote, each in a process of its own that is ended where it does not answer. */
export class DecoderProcesses {
  readonly #script: string;
  readonly #byFile = new Map<string, DecoderProcess>();

  /** @param script absolute path of dist/decoder-process.js */
  constructor(script: string) {
    this.#script = script;
  }

  /**
   * What the decoder makes of a buffer; where it fails, `error` says how. Buffers of one decoder are decoded one after the
   * other.
   *
   * @throws where `signal` is aborted
   */
  async decode(job: DecodeJob, signal?: AbortSignal): Promise<DecodeAnswer> {
    const { file } = job.decoder;
    const known = this.#byFile.get(file) ?? new DecoderProcess(this.#script, job.decoder);
    this.#byFile.set(file, known);
    const size = Buffer.from(job.data, 'base64').length;
    const answer = await known.decode(job, signal);
    return answer.tree ? { ...answer, tree: bounded(answer.tree, size) } : answer;
  }

  /** Ends all of them. */
  close(): void {
    for (const each of this.#byFile.values()) each.end();
    this.#byFile.clear();
  }
}

/** The process of one decoder. It is started when it is needed, and again when the decoder's file has changed. */
class DecoderProcess {
  readonly #script: string;
  readonly #decoder: OwnDecoder;
  #child: ChildProcess | null = null;
  #changed = 0;
  #ended = 0;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #atExit = () => this.end();

  constructor(script: string, decoder: OwnDecoder) {
    this.#script = script;
    this.#decoder = decoder;
  }

  decode(job: DecodeJob, signal?: AbortSignal): Promise<DecodeAnswer> {
    const next = this.#last.then(() => this.#decode(job, signal));
    this.#last = next.catch(() => undefined);
    return next;
  }

  end(): void {
    clearTimeout(this.#idle);
    process.removeListener('exit', this.#atExit);
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  async #decode(job: DecodeJob, signal?: AbortSignal): Promise<DecodeAnswer> {
    signal?.throwIfAborted();
    const { kind, file } = this.#decoder;
    const name = path.basename(file);
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined)
      return { error: `There is no file ${file}: correct “${kind}” in launch.json.` };
    if (changed !== this.#changed) {
      this.end();
      this.#changed = changed;
      this.#ended = 0;
    }
    if (this.#ended >= MOST_ENDED) {
      return { error: `${name} was ended ${MOST_ENDED} times, so it is not run again until it is changed.` };
    }
    clearTimeout(this.#idle);
    const outcome = await ask(this.#started(), job, TIME_LIMIT_MS[kind], signal);
    if (typeof outcome === 'object') {
      this.#ended = 0;
      this.#idle = setTimeout(() => this.end(), IDLE_MS).unref();
      return 'error' in outcome && outcome.text === undefined && !outcome.tree
        ? { error: `${name}: ${outcome.error ?? ''}.`.replace(/\.\.$/, '.') }
        : outcome;
    }
    this.end();
    signal?.throwIfAborted();
    this.#ended += 1;
    return { error: `${name} ${outcome}` };
  }

  #started(): ChildProcess {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return this.#child;
    // Nothing of the adapter's environment but what finding programs takes.
    const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
    if (process.env['PATH'] !== undefined) env['PATH'] = process.env['PATH'];
    const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_LIMIT}`, this.#script], {
      env,
      cwd: path.dirname(this.#decoder.file),
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    // The adapter's end does not wait for it.
    child.unref();
    child.stdin?.on('error', () => undefined);
    process.once('exit', this.#atExit);
    this.#child = child;
    return child;
  }
}

/** The answer, or how the decoder failed to give one, as the end of a sentence. */
function ask(
  child: ChildProcess,
  job: DecodeJob,
  limitMs: number,
  signal?: AbortSignal,
): Promise<DecodeAnswer | string> {
  return new Promise((resolve) => {
    const answers = child.stdio[3] as Readable;
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (outcome: DecodeAnswer | string) => {
      clearTimeout(timer);
      answers.off('data', received);
      child.off('exit', exited).off('error', failed);
      signal?.removeEventListener('abort', aborted);
      resolve(outcome);
    };
    const received = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ANSWER_LIMIT)
        done(`answered with more than ${ANSWER_LIMIT / 1024 / 1024} MiB and was ended.`);
      else if (chunk.at(-1) === 0x0a) done(parsed(Buffer.concat(chunks).toString('utf8')));
    };
    const exited = () => done('ended its process (by itself, or because it took too much memory).');
    const failed = (error: Error) => done(`could not be started: ${error.message}.`);
    const aborted = () => done('was cancelled.');
    const timer = setTimeout(
      () => done(`did not answer in ${limitMs / 1000} seconds and was ended.`),
      limitMs,
    );
    answers.on('data', received);
    child.on('exit', exited).on('error', failed);
    signal?.addEventListener('abort', aborted);
    (child.stdin as Writable).write(`${JSON.stringify(job)}\n`);
  });
}

function parsed(line: string): DecodeAnswer | string {
  try {
    const checked = answerSchema.safeParse(JSON.parse(line));
    if (checked.success) return checked.data as DecodeAnswer;
  } catch {
    // What is no JSON, or nested deeper than the stack: said below.
  }
  return 'answered with a tree that is none: its nodes need name, value and type as text.';
}

/** A tree as others can rely on it: bounded, and with ranges inside the buffer and the parent's. */
function bounded(tree: DecodedNode, size: number): DecodedNode {
  let nodes = 0;
  const copy = (
    { name, value, type, range, children }: DecodedNode,
    within: [number, number],
    depth: number,
  ) => {
    nodes += 1;
    const node: DecodedNode = { name, value: value.slice(0, 1000), type };
    const inside =
      range?.every(Number.isInteger) &&
      within[0] <= range[0] &&
      range[0] <= range[1] &&
      range[1] <= within[1];
    if (range && inside) node.range = range;
    if (children && depth < MAX_DEPTH) {
      const kept: DecodedNode[] = [];
      for (const child of children) {
        if (nodes >= MAX_NODES) break;
        kept.push(copy(child, node.range ?? within, depth + 1));
      }
      if (kept.length < children.length) {
        kept.push({ name: '…', value: `${children.length - kept.length} more`, type: 'omitted' });
      }
      node.children = kept;
    }
    return node;
  };
  return copy(tree, [0, size], 0);
}
