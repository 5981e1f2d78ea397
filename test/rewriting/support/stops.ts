import { Engine, type Instance } from 'wasmedge-napi';
import type { Rewritten } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { STOP_MODULE, stopModule } from '../../../debug-adapter/kotlin/rewriting/stop-module.ts';
import { library } from '../../../wasmedge-napi/test/support/engine.ts';

/** An engine whose rewritten guests stop at `onStop`. */
export function stoppingEngine(onStop: (site: number) => void): Engine {
  library();
  const engine = new Engine();
  const { module, name } = STOP_MODULE.import;
  const host = engine.createHostModule(module);
  host.addFunction(name, { params: ['i32'], results: [] }, (site) => onStop(Number(site)));
  engine.register(host);
  return engine;
}

/** Lets a rewritten guest reach the engine's stop function. */
export function connectStops(engine: Engine, instance: Instance, { exports }: Rewritten): void {
  const made = engine.instantiate(engine.load(stopModule()));
  instance.table(exports.stopTable).set(0, made.table(STOP_MODULE.table).get(0));
}

export function arm(instance: Instance, { exports, memory }: Rewritten, site: number, armed: boolean): void {
  instance.memory(exports.memory).write(memory.sitesAt + site, Uint8Array.of(armed ? 1 : 0));
}
