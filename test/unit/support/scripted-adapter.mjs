// A DAP peer for tests of the connection: answers what the test has put into SCRIPT, and can be told to die.
const script = JSON.parse(process.env.SCRIPT ?? '{}');
let buffered = Buffer.alloc(0);

function send(message) {
  const body = Buffer.from(JSON.stringify({ seq: 0, ...message }));
  process.stdout.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
}

process.stdin.on('data', (chunk) => {
  buffered = Buffer.concat([buffered, chunk]);
  for (;;) {
    const end = buffered.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/\d+/.exec(buffered.toString('latin1', 0, end))?.[0]);
    if (buffered.length < end + 4 + length) return;
    const message = JSON.parse(buffered.toString('utf8', end + 4, end + 4 + length));
    buffered = buffered.subarray(end + 4 + length);
    answer(message);
  }
});
process.stdin.on('end', () => process.exit(0));

function answer(request) {
  const step = script[request.command] ?? {};
  if (step.stderr) process.stderr.write(step.stderr);
  if (step.exit !== undefined) process.exit(step.exit);
  if (step.silent) return;
  for (const event of step.before ?? []) send({ type: 'event', ...event });
  send({
    type: 'response',
    request_seq: request.seq,
    command: request.command,
    success: step.success ?? true,
    message: step.message,
    body: step.body ?? { seen: request },
  });
  for (const event of step.after ?? []) send({ type: 'event', ...event });
}
