/** What the ledger knows of every call, as one typed array a property: 60 bytes a call, none of them objects. */
function allocate(capacity: number) {
  return {
    /** The host's id. */
    callId: new BigInt64Array(capacity),
    startMicros: new Float64Array(capacity),
    /** NaN while running. */
    durationMicros: new Float64Array(capacity),
    /** References into the record store: the newest of the call's records, and of each buffer's; 0: none. */
    lastRecord: new Float64Array(capacity),
    argument: new Float64Array(capacity),
    result: new Float64Array(capacity),
    /** Sequence of the outer call plus 1; 0: none. */
    parent: new Uint32Array(capacity),
    crossings: new Uint32Array(capacity),
    /** Index of the export in its run's plan. */
    exportIndex: new Uint16Array(capacity),
    /** See CallState. */
    state: new Uint8Array(capacity),
    /** Findings. */
    problems: new Uint8Array(capacity),
  };
}

export type CallColumns = ReturnType<typeof allocate>;

export const CallState = { running: 0, returned: 1, trapped: 2, cancelled: 3, exited: 4 } as const;

export function newColumns(): CallColumns {
  return allocate(256);
}

/** Columns with room for `count` calls: the same, or copies of at least twice the size. */
export function withRoom(columns: CallColumns, count: number): CallColumns {
  const capacity = columns.state.length;
  if (count <= capacity) return columns;
  const grown = allocate(Math.max(count, capacity * 2));
  grown.callId.set(columns.callId);
  grown.startMicros.set(columns.startMicros);
  grown.durationMicros.set(columns.durationMicros);
  grown.lastRecord.set(columns.lastRecord);
  grown.argument.set(columns.argument);
  grown.result.set(columns.result);
  grown.parent.set(columns.parent);
  grown.crossings.set(columns.crossings);
  grown.exportIndex.set(columns.exportIndex);
  grown.state.set(columns.state);
  grown.problems.set(columns.problems);
  return grown;
}
