import { kotlinFunctionName } from '../kotlin/function-names.ts';
import type { FrameEntry } from './context.ts';
import type { Run } from './run.ts';
import { inlinedFunction } from './sources.ts';

/** `host.callHostToStoreArgumentData`, `greet (callId 7)`, `_start`. */
export function nameOfFrame(run: Run, { frame, part }: FrameEntry): string {
  const { imports, exports } = run.prepared.plan;
  switch (frame.kind) {
    case 'import': {
      const planned = imports[frame.importIndex];
      return planned ? `${planned.module}.${planned.name}` : `import ${frame.importIndex}`;
    }
    case 'call':
      return `${exports[frame.exportIndex]?.name ?? `export ${frame.exportIndex}`} (callId ${frame.callId})`;
    case 'function': {
      const inlined = part === 'inlined' ? inlinedFunction(run, frame) : null;
      if (inlined !== null) return `${inlined} (inlined)`;
      const name = run.prepared.guest.functionName(frame.functionIndex);
      return name === null ? `function ${frame.functionIndex}` : kotlinFunctionName(name);
    }
    case 'entry':
      return frame.name;
  }
}
