import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { root } from '../../scripts/paths.ts';
import type { DapClient, Exchange } from './dap-client.ts';

/** Events whose number and time depend on how fast the machine is; tests of their own look at them. */
const UNSTEADY_EVENTS = new Set(['boundary/changed', 'memory']);

/** Members whose values differ from run to run; the shape of what stands for them does not. */
const UNSTEADY_MEMBERS: Record<string, string> = {
  seq: '',
  request_seq: '',
  startMicros: '<micros>',
  durationMicros: '<micros>',
  systemProcessId: '<pid>',
  version: '<version>',
};

function stableText(text: string): string {
  return text
    .replaceAll(root, '<root>')
    .replace(/WasmEdge 0\.\d+\.\d+ \(found [^)]*\)/g, 'WasmEdge <version> (found <somewhere>)')
    .replace(/WasmEdge 0\.\d+\.\d+/g, 'WasmEdge <version>')
    .replace(/(?:\/[^\s"'/:,]+)+\/libwasmedge\.[\w.]+/g, '<libwasmedge>')
    .replace(/libwasmedge\.so[\d.]*/g, '<libwasmedge>');
}

function stable(value: unknown): unknown {
  if (typeof value === 'string') return stableText(value);
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => UNSTEADY_MEMBERS[key] !== '')
      .map(([key, member]) => [key, UNSTEADY_MEMBERS[key] ?? stable(member)]),
  );
}

function line(exchange: Exchange): string {
  const { message } = exchange;
  if (exchange.from === 'client') {
    return `→ ${exchange.message.command} ${JSON.stringify(stable(exchange.message.arguments ?? {}))}`;
  }
  if (message.type === 'event') {
    const event = message as DebugProtocol.Event;
    return `  • ${event.event} ${JSON.stringify(stable(event.body ?? {}))}`;
  }
  const response = message as DebugProtocol.Response;
  const failed = response.success ? '' : 'ERROR ';
  return `← ${response.command} ${failed}${JSON.stringify(stable(response.body ?? {}))}`;
}

/**
 * The session as text: requests, answers and events in order. The guest's output is put together by category between
 * other messages, as how it is cut into events depends on time.
 */
export function transcript(client: DapClient): string {
  const lines: string[] = [];
  let last: DebugProtocol.OutputEvent['body'] | undefined;
  for (const exchange of client.exchanges) {
    const { message } = exchange;
    const event = message.type === 'event' ? (message as DebugProtocol.Event) : undefined;
    if (event && UNSTEADY_EVENTS.has(event.event)) continue;
    const output = event?.event === 'output' ? (event.body as DebugProtocol.OutputEvent['body']) : undefined;
    if (output && last && output.category === last.category) {
      last = { ...last, output: last.output + output.output };
      lines.pop();
      lines.push(line({ from: 'adapter', message: { ...event, body: last } as DebugProtocol.Event }));
      continue;
    }
    last = output;
    lines.push(line(exchange));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Compares with the golden file of that name beside the tests. One that is not there fails, unless UPDATE_GOLDENS=1 is
 * set: then it is written.
 */
export function assertGolden(name: string, actual: string): void {
  const file = path.join(root, 'test/adapter/goldens', `${name}.golden.txt`);
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.ok(
    existsSync(file),
    `There is no ${file}. Write it with UPDATE_GOLDENS=1, and read it before it is committed.`,
  );
  assert.equal(actual, readFileSync(file, 'utf8'), `${name} differs from its golden transcript`);
}
