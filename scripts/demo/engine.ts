import { UserError } from '../../debug-adapter/errors.ts';
import { locateWasmEdge, type LocatedWasmEdge } from '../../debug-adapter/wasmedge/locate.ts';
import { provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { DEFAULT_ENGINE_VERSION, requestedVersion } from '../../debug-adapter/wasmedge/version.ts';

/** The WasmEdge that a session will find; set up first where there is none. */
export async function findOrProvideWasmEdge(): Promise<LocatedWasmEdge> {
  try {
    return locateWasmEdge();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const version = requestedVersion(undefined, process.env) ?? DEFAULT_ENGINE_VERSION;
    return provideWasmEdge(version, console.log);
  }
}
