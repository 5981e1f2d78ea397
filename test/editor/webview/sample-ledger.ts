import type {
  BufferSummary,
  Call,
  CallOrder,
  CallStatus,
  CallSummary,
  CapturedBuffer,
  CapturedSizePolicy,
  DecodedNode,
  Direction,
  HandedOverBuffer,
  OfferedDecoder,
} from '../../../protocol/boundary.ts';
import type { TypedValue } from '../../../protocol/values.ts';
import type { StoppedGuest } from '../../../extension/calls/stopped-guest.ts';
import { KeptCall } from '../../../extension/calls/kept-call.ts';
import { KeptLedger } from '../../../extension/calls/kept-ledger.ts';
import type {
  CallsPage,
  FingerprintsPage,
  Ledger,
  LedgerCall,
  WantedCall,
} from '../../../extension/calls/ledger.ts';

const i32 = (value: number): TypedValue => ({ type: 'i32', value });

/** A captured buffer, decoded as UTF-8 and, where it is JSON, as a tree. */
export function buffer(
  direction: Direction,
  bytes: Uint8Array,
  options: Partial<CapturedBuffer> & { sizePolicy?: CapturedSizePolicy } = {},
): CapturedBuffer {
  const data = Buffer.from(bytes);
  const text = options.text ?? data.toString('utf8');
  const tree = text.length < 100_000 && !options.isBeginning ? jsonTree(text) : undefined;
  return {
    direction,
    address: direction === 'argument' ? 0 : 0x110,
    size: bytes.length,
    captured: bytes.length,
    sizePolicy: direction === 'argument' ? 'host' : 'param',
    data: data.toString('base64'),
    decoder: tree ? 'json' : 'utf-8',
    decoderReason: tree ? 'auto: the bytes are a JSON object' : 'auto: the bytes are valid UTF-8 text',
    text,
    ...(tree && { tree }),
    preview: text.length > 80 ? `${text.slice(0, 79)}…` : text,
    edited: false,
    memoryReference: `${direction}-1`,
    ...options,
  };
}

function jsonTree(text: string): DecodedNode | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  return node('', JSON.parse(text) as unknown, 0);
}

/** @param start byte at which the value begins, where it is written as JSON.stringify does */
function node(name: string, value: unknown, start: number): DecodedNode {
  const range: [number, number] = [start, start + Buffer.byteLength(JSON.stringify(value))];
  if (typeof value !== 'object' || value === null)
    return { name, value: JSON.stringify(value), type: value === null ? 'null' : typeof value, range };
  const entries = Object.entries(value);
  let at = start + 1;
  const children = entries.map(([key, child]) => {
    if (!Array.isArray(value)) at += Buffer.byteLength(JSON.stringify(key)) + 1;
    const made = node(key, child, at);
    at = (made.range?.[1] ?? at) + 1;
    return made;
  });
  const kind = Array.isArray(value) ? 'array' : 'object';
  return { name, value: `${kind} of ${entries.length}`, type: kind, range, children };
}

/** @param index among the call's buffers of its direction */
export function handedOver(captured: CapturedBuffer, index = 0): HandedOverBuffer {
  const { direction, address, size, preview, sizePolicy, edited, memoryReference } = captured;
  return { direction, index, address, size, preview, sizePolicy, edited, memoryReference };
}

interface SampleCall {
  export: string;
  argument?: CapturedBuffer;
  result?: CapturedBuffer;
  status?: CallStatus;
  parent?: number;
  more?: Partial<Call>;
}

/** Calls as an adapter would answer them, without an adapter: what is tested here is the view. */
export class SampleLedger implements Ledger {
  readonly made: Call[] = [];
  guest?: StoppedGuest;
  private listed: KeptLedger | null = null;
  /** Buffers that a call shows when they are asked for, by memory reference. */
  readonly others = new Map<string, CapturedBuffer>();

  add({ export: name, argument, result, status = 'returned', parent, more }: SampleCall): Call {
    const sequence = this.made.length;
    const callId = sequence + 1;
    const call: Call = {
      sequence,
      callId,
      export: name,
      status,
      startMicros: 1200 + sequence * 480,
      ...(status !== 'running' && { durationMicros: 61 + ((sequence * 37) % 900) }),
      problems: 0,
      params: argument ? [i32(argument.size), i32(callId)] : [i32(100)],
      returns: argument ? [] : [i32(5050)],
      crossings: [
        ...(argument
          ? [
              {
                import: 'host.callHostToStoreArgumentData',
                role: 'storeArgument' as const,
                params: [i32(argument.address), i32(callId)],
                results: [],
                startMicros: 1210 + sequence * 480,
                durationMicros: 3,
              },
            ]
          : []),
        ...(result
          ? [
              {
                import: 'host.callHostToReturnResultData',
                role: 'returnResult' as const,
                params: [i32(result.address), i32(result.size), i32(callId)],
                results: [],
                startMicros: 1240 + sequence * 480,
                durationMicros: 2,
              },
            ]
          : []),
      ],
      buffers: [argument, result].flatMap((captured) => (captured ? [handedOver(captured)] : [])),
      findings: [],
      ...(parent !== undefined && { parent }),
      ...(argument && { argument }),
      ...(result && { result }),
      ...more,
    };
    call.problems = call.findings.length;
    this.made.push(call);
    return call;
  }

  calls(start: number, count: number, query?: string, sort?: CallOrder): Promise<CallsPage> {
    return this.kept().calls(start, count, query, sort);
  }

  fingerprints(start: number, count: number): Promise<FingerprintsPage> {
    return this.kept().fingerprints(start, count);
  }

  findProblem(from: number, direction: 'next' | 'previous'): Promise<number | null> {
    return this.kept().findProblem(from, direction);
  }

  call(sequence: number, { decoders, buffers }: WantedCall = {}): Promise<LedgerCall> {
    const call = this.made[sequence];
    if (!call) return Promise.reject(new Error(`There is no call ${sequence}.`));
    const decoded = { ...call };
    for (const direction of ['argument', 'result'] as const) {
      const wanted = call.buffers.find(
        (handed) => handed.direction === direction && handed.index === buffers?.[direction],
      );
      const captured = this.others.get(wanted?.memoryReference ?? '') ?? call[direction];
      if (captured) decoded[direction] = captured;
      if (decoders?.[direction] === 'hex' && captured)
        decoded[direction] = {
          ...captured,
          decoder: 'hex',
          decoderReason: 'chosen here',
          text: Buffer.from(captured.data, 'base64').toString('hex'),
        };
    }
    return Promise.resolve({ call: decoded });
  }

  decoders(): Promise<OfferedDecoder[]> {
    return Promise.resolve([
      { id: 'auto', label: 'Automatic' },
      { id: 'utf-8', label: 'UTF-8 text', group: 'Text' },
      { id: 'json', label: 'JSON', group: 'Structured values' },
      { id: 'hex', label: 'Hexadecimal', group: 'Bytes' },
      { id: 'shift_jis', label: 'shift_jis text', group: 'Text' },
    ]);
  }

  locate(): Promise<null> {
    return Promise.resolve(null);
  }

  /** A memory in which the buffers of the ledger lie, and which gives back what is written into it. */
  standStill(memory: Buffer): void {
    this.guest = {
      read: (address, count) => Promise.resolve(Buffer.from(memory.subarray(address, address + count))),
      write: (address, bytes) => {
        memory.set(bytes, address);
        const call = this.made.at(-1);
        const direction = call?.result ? 'result' : 'argument';
        const before = call?.[direction];
        if (!call || !before) return Promise.reject(new Error('No call has a buffer.'));
        const now = memory.subarray(before.address, before.address + before.captured);
        const { address: begins, original = before.data } = before;
        call[direction] = buffer(direction, now, { address: begins, original, edited: true });
        return Promise.resolve();
      },
      assign: (target, value) => {
        const text = JSON.parse(value) as string;
        const { address = 0, captured = 0 } = this.made.at(-1)?.[target] ?? {};
        const bytes = Buffer.from(text);
        if (bytes.length > captured)
          return Promise.reject(
            new Error(`“${text}” takes ${bytes.length} bytes, but the guest was told ${captured}.`),
          );
        return this.guest?.write(address, bytes) ?? Promise.reject(new Error('The guest is gone.'));
      },
    };
  }

  /** Lists and finds as the ledger of an ended session does; made anew where calls have come since. */
  private kept(): KeptLedger {
    if (this.listed?.size.calls !== this.made.length)
      this.listed = new KeptLedger(
        this.made.map(summaryOf),
        new Map(this.made.map((call) => [call.sequence, new KeptCall(call)])),
        [],
        () => Promise.reject(new Error('not asked for')),
      );
    return this.listed;
  }
}

function summaryOf({
  params,
  returns,
  crossings,
  findings,
  reason,
  argument,
  result,
  ...rest
}: Call): CallSummary {
  const brief = ({ address, size, preview, behindHandle }: CapturedBuffer): BufferSummary => ({
    address,
    size,
    preview,
    ...(behindHandle && { behindHandle }),
  });
  return {
    ...rest,
    ...(argument && { argument: brief(argument) }),
    ...(result && { result: brief(result) }),
  };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A session like the example's: text, JSON, a nested call, numbers, size policies, an exception, a bad pointer. */
export function greeterLedger(): SampleLedger {
  const ledger = new SampleLedger();
  ledger.add({
    export: 'greet',
    argument: buffer('argument', bytes('World')),
    result: buffer('result', bytes('Hello, World!')),
  });
  const order = {
    name: 'Ada',
    items: [
      { sku: 'K-2410', count: 3, price: 12.5 },
      { sku: 'W-0171', count: 1, price: 99 },
    ],
    express: true,
    note: null,
  };
  ledger.add({
    export: 'describeOrder',
    argument: buffer('argument', bytes(JSON.stringify(order))),
    result: buffer('result', bytes(JSON.stringify({ total: 136.5, currency: 'EUR', lines: 2 }))),
  });
  const outer = ledger.add({
    export: 'greetTwice',
    argument: buffer('argument', bytes('Grüße, 世界 🌍')),
    result: buffer(
      'result',
      bytes(
        'Hello, Grüße, 世界 🌍! And again: Hello, Grüße, 世界 🌍! This goes on for longer than a preview can be, so that it is cut.',
      ),
    ),
  });
  ledger.add({
    export: 'greet',
    argument: buffer('argument', bytes('Grüße, 世界 🌍')),
    result: buffer('result', bytes('Hello, Grüße, 世界 🌍!')),
    parent: outer.sequence,
  });
  ledger.add({ export: 'sum' });
  ledger.add({
    export: 'greetPrefixed',
    argument: buffer('argument', bytes('World')),
    result: buffer('result', Buffer.concat([Buffer.from([13, 0, 0, 0]), bytes('Hello, World!')]), {
      sizePolicy: 'u32le-prefix',
      text: 'Hello, World!',
    }),
  });
  ledger.add({
    export: 'greetUnknown',
    argument: buffer('argument', bytes('World')),
    result: buffer('result', Buffer.concat([bytes('Hello, World!'), Buffer.alloc(243, 0)]), {
      sizePolicy: 'unknown',
      text: 'Hello, World!',
      preview: 'Hello, World!',
    }),
  });
  ledger.add({
    export: 'fail',
    argument: buffer('argument', bytes('nobody')),
    status: 'trapped',
    more: {
      reason:
        'An uncaught Kotlin exception left the export “fail”. Catch it in Kotlin, or stop on “Uncaught exceptions” to see where it was thrown.',
    },
  });
  ledger.add({
    export: 'pointOutside',
    argument: buffer('argument', bytes('x')),
    status: 'trapped',
    more: {
      findings: [
        {
          code: 'outside-memory',
          severity: 'error',
          message:
            'host.callHostToReturnResultData got 16 bytes at 0x7ffffff0, outside memory (1.12 MiB, 0x120000).',
          location: { path: '/work/guest/src/wasmWasiMain/kotlin/Guest.kt', line: 42 },
        },
        {
          code: 'argument-unused',
          severity: 'warning',
          message: 'The argument was stored, but nothing was returned.',
        },
      ],
    },
  });
  ledger.add({
    export: 'greet',
    argument: buffer('argument', bytes('Wörld'), { edited: true }),
    status: 'running',
  });
  return ledger;
}

/** Adds a call with two arguments, and a result in two parts. */
export function addJoin(ledger: SampleLedger): Call {
  const argument = (text: string, index: number) =>
    buffer('argument', bytes(text), { memoryReference: `join-argument-${index}` });
  const result = (text: string, index: number) =>
    buffer('result', bytes(text), { memoryReference: `join-result-${index}` });
  const all = [argument('Ada', 0), argument('Lovelace', 1), result('Ada ', 0), result('Lovelace!', 1)];
  const call = ledger.add({ export: 'join' });
  call.buffers = all.map((captured, at) => handedOver(captured, at % 2));
  const [, lastArgument, , lastResult] = all;
  if (lastArgument && lastResult) Object.assign(call, { argument: lastArgument, result: lastResult });
  for (const captured of all) ledger.others.set(captured.memoryReference, captured);
  return call;
}
