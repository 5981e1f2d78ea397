import type { ClientFeatures } from './context.ts';

/** A place in a source. */
interface Place {
  line?: number | undefined;
  column?: number | undefined;
}

/** A place as the client counts it, which may be from 0, of one that counts from 1. */
export function toClient<P extends Place>(client: ClientFeatures, place: P): P {
  return moved(place, client.linesStartAt1 ? 0 : -1, client.columnsStartAt1 ? 0 : -1);
}

/** The other way round. */
export function fromClient<P extends Place>(client: ClientFeatures, place: P): P {
  return moved(place, client.linesStartAt1 ? 0 : 1, client.columnsStartAt1 ? 0 : 1);
}

function moved<P extends Place>(place: P, lines: number, columns: number): P {
  const { line, column } = place;
  return {
    ...place,
    ...(line !== undefined && { line: line + lines }),
    ...(column !== undefined && { column: column + columns }),
  };
}
