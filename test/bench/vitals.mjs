// Loaded into the adapter before its own code (NODE_OPTIONS=--import): whoever connects to the socket that BENCH_VITALS
// names gets what the adapter holds after a full garbage collection, as JSON. Its children are not to load it.
import net from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';

const socketPath = process.env.BENCH_VITALS;
delete process.env.BENCH_VITALS;
delete process.env.NODE_OPTIONS;
v8.setFlagsFromString('--expose_gc');
const collectGarbage = vm.runInNewContext('gc');

net
  .createServer((socket) => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const handles = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length;
    socket.end(JSON.stringify({ heapBytes: heapUsed, arrayBufferBytes: arrayBuffers, handles }));
  })
  .listen(socketPath)
  .unref();
