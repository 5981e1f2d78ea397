/**
 * Keeps file descriptors 1 and 2 blocking, as the guest needs them: libuv sets O_NONBLOCK on a pipe as soon as JavaScript
 * looks at `process.stdout` or `process.stderr` (a worker's start does, and `console.log` in a host module), and a guest
 * that prints faster than the adapter reads would then get EAGAIN from `fd_write`, which Kotlin throws as an exception.
 * What JavaScript prints keeps its place among what the guest prints, too.
 */
export function keepStandardStreamsBlocking(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Node has no public name for libuv's uv_stream_set_blocking; a file or a terminal has no such handle and needs none.
    const { _handle: handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => number } };
    handle?.setBlocking?.(true);
  }
}
