import assert from 'node:assert/strict';
import test from 'node:test';
import { performance } from 'node:perf_hooks';
import { ChangeNotifier } from '../../debug-adapter/session/changes.ts';

test('changes are told soon, a flush at once, and nothing twice', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  let sent = 0;
  const notifier = new ChangeNotifier(() => (sent += 1));
  notifier.changed();
  notifier.changed();
  assert.equal(sent, 0);
  now += 100;
  t.mock.timers.tick(100);
  assert.equal(sent, 1);
  notifier.flush();
  assert.equal(sent, 1, 'nothing has changed');
  notifier.changed();
  notifier.flush();
  assert.equal(sent, 2);
  now += 1000;
  t.mock.timers.tick(1000);
  assert.equal(sent, 2);
});

test('never more than 20 in a second, with room for stops and the end', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const times: number[] = [];
  const notifier = new ChangeNotifier(() => times.push(now));
  for (let i = 0; i < 5000; i++) {
    notifier.changed();
    // A stop every 7 ms or so in the middle of it.
    if (i > 2000 && i < 3000 && i % 7 === 0) notifier.flush();
    now += 1;
    t.mock.timers.tick(1);
  }
  notifier.changed();
  notifier.flush(true);
  assert.equal(times.at(-1), now, 'the last change is told at once');
  for (const [index, time] of times.entries()) {
    const within = times.slice(index).filter((other) => other - time <= 1000).length;
    assert.ok(within <= 20, `${within} within a second from ${time}`);
  }
  assert.ok(times.length > 60, `${times.length} in 5 seconds`);
});
