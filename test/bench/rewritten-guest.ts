import { Engine, type Instance } from 'wasmedge-napi';
import { readShape } from '../../debug-adapter/kotlin/rewriting/module-shape.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { library } from '../../wasmedge-napi/test/support/engine.ts';
import { type KotlinGuest, kotlinGuest } from '../rewriting/support/kotlin-plan.ts';

/**
 * One line of JSON, in µs: what a guest takes as it is and rewritten. Of `rewrite`, what rewriting takes: the user's
 * functions with probes, the same with stack and objects, and as `plain` every function of the guest with stack. `accesses`:
 * with stack, and all accesses to memory ready to be watched.
 */
export interface RewrittenTimes {
  rounds: { plain: number; probes: number; stack: number; accesses?: number }[];
}

const ARGUMENT = Buffer.from('World'.repeat(2000));
let argumentSize = 5;

const ROUNDS = 7;
const LOOP = 1_000_000;
const GREETINGS = 2000;
/** Bytes that are written, read one by one and written one by one. */
const LONG = 10_000;
const LONG_GREETINGS = 10;

/** With the host functions that the guests call; the argument is `World`, or as much of it as its size says. */
function instantiate(bytes: Uint8Array): Instance {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const memory = () => new Uint8Array(instance.memory('memory').buffer);
  host.addFunction('note', { params: ['i32'], results: [] }, () => undefined);
  host.addFunction('callHostToStoreArgumentData', { params: ['i32', 'i32'], results: [] }, (pointer) => {
    memory().set(ARGUMENT.subarray(0, argumentSize), Number(pointer));
  });
  host.addFunction(
    'callHostToReturnResultData',
    { params: ['i32', 'i32', 'i32'], results: [] },
    (pointer, size) => void memory().slice(Number(pointer), Number(pointer) + Number(size)),
  );
  engine.register(host);
  engine.register(engine.createWasi({}));
  const instance = engine.instantiate(engine.load(bytes));
  const start = instance.exports.find(({ name }) => name === '_initialize' || name === '_start');
  if (start) instance.func(start.name).call();
  return instance;
}

function micros(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1000;
}

function compare(
  { bytes, functions, throwable }: KotlinGuest,
  work: (instance: Instance) => void,
): RewrittenTimes {
  const plain = instantiate(bytes);
  const probes = instantiate(rewrite(bytes, { functions }).bytes);
  const kept = { functions, stack: { depth: 10_000 }, exceptions: { type: throwable } };
  const stack = instantiate(rewrite(bytes, kept).bytes);
  const watchable = { ...kept, memoryAccesses: true };
  const accesses = instantiate(rewrite(bytes, watchable).bytes);
  for (const each of [plain, probes, stack, accesses]) work(each);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    plain: micros(() => work(plain)),
    probes: micros(() => work(probes)),
    stack: micros(() => work(stack)),
    accesses: micros(() => work(accesses)),
  }));
  return { rounds };
}

const measurements: Record<string, () => Promise<RewrittenTimes>> = {
  loop: async () => {
    const guest = await kotlinGuest('test/guests/language/language.wasm', '', true);
    return compare(guest, (instance) => void instance.func('tightLoop').call(LOOP));
  },
  greet: async () => {
    const guest = await kotlinGuest('examples/greeter/guest.wasm', '', true);
    return compare(guest, (instance) => {
      const greet = instance.func('greet');
      for (let i = 0; i < GREETINGS; i++) greet.call(5, 1);
    });
  },
  bytes: async () => {
    const guest = await kotlinGuest('examples/greeter/guest.wasm', '', true);
    argumentSize = LONG;
    return compare(guest, (instance) => {
      const greet = instance.func('greet');
      for (let i = 0; i < LONG_GREETINGS; i++) greet.call(LONG, 1);
    });
  },
  rewrite: async () => {
    const { bytes, functions, throwable } = await kotlinGuest('test/guests/language/language.wasm', '', true);
    const exceptions = { type: throwable };
    const { bodies, counts, importedFunctions } = readShape(bytes);
    const every = bodies.map((_, i) => ({
      functionIndex: importedFunctions + i,
      probes: [],
      pausePoints: true,
    }));
    const access = { types: Array.from({ length: counts.types }, (_, index) => index) };
    const rounds = Array.from({ length: ROUNDS }, () => {
      const probes = micros(() => rewrite(bytes, { functions }));
      const stack = micros(() => rewrite(bytes, { functions, stack: { depth: 10_000 }, access, exceptions }));
      return {
        probes,
        stack,
        plain: micros(() => rewrite(bytes, { functions: every, stack: { depth: 10_000 } })),
      };
    });
    return { rounds };
  },
};

library();
const kind = process.argv[2] ?? '';
const measured = await measurements[kind]?.();
if (!measured) throw new Error(`There is nothing to measure called “${kind}”.`);
console.log(JSON.stringify(measured));
