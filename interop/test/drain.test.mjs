// A server is replaced by another under load: its clients move over at the configured rate, and miss nothing before they do.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Balancer } from '../kit/balancer.mjs';
import { Clients, protocols } from '../kit/sdk.mjs';
import { eventually, record, within } from '../kit/deadline.mjs';

const CLIENTS = 200;
const RATE = 40; // shutdown.rate of drain.yaml

let balancer, old, next;
before(async () => {
  balancer = await Balancer.start();
  old = await Server.start('drain.yaml');
  await balancer.add(old.port);
});
after(async () => {
  balancer?.close();
  await Promise.all([old?.stop(), next?.stop()]);
});

test('a rolling restart: clients move at the configured rate, and each has had all of it until then', async (t) => {
  const clients = new Clients(protocols[0], balancer.url);
  t.after(() => clients.closeAll());
  const everyone = [];
  for (let i = 0; i < CLIENTS; i++) {
    const client = await clients.connected();
    const subscription = await clients.subscribed(client, 'news');
    everyone.push({ subscription, left: record(client, 'connecting', ({ code }) => ({ code, at: performance.now() })) });
  }
  next = await Server.start('drain.yaml');
  await balancer.add(next.port);

  // publishes on the old server for as long as it takes calls, over a connection that it has had before
  let published = 0;
  let draining = true;
  const load = (async () => {
    while (draining) {
      try {
        await old.api.publish('news', { n: published + 1 });
        published++;
      } catch {
        return; // it takes no more
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await everyone[0].subscription.tape.count(20);

  const asked = performance.now();
  const stopped = old.stop();
  await eventually(() => balancer.isReady(old.port), (ready) => !ready, 'the old server is not ready any more');
  assert.equal(everyone.some(({ left }) => left.items.length > 0), false, 'nobody was sent away before that');
  await within(stopped, 'the end of the old server', 40_000);
  draining = false;
  await load;
  await Promise.all(everyone.map(({ subscription }) => subscription.arrivals.count(2, 20_000)));

  const ends = everyone.map(({ left }) => left.items[0]);
  assert.deepEqual(new Set(ends.map(({ code }) => code)), new Set([3001]));
  const at = ends.map((end) => end.at).sort((a, b) => a - b);
  assert.ok(at[0] - asked >= 1000, 'the grace was kept');
  for (let i = 0; i < at.length; i++) {
    const inASecond = at.filter((time) => time >= at[i] && time < at[i] + 1000).length;
    assert.ok(inASecond <= RATE * 1.25, `${inASecond} in the second from ${Math.round(at[i] - at[0])} ms on`);
  }
  for (const { subscription } of everyone) {
    const numbers = subscription.tape.items.map(({ data }) => data.n);
    numbers.forEach((n, i) => assert.equal(n, i + 1));
    assert.ok(numbers.length >= 20);
  }
  assert.ok(published > everyone[0].subscription.tape.items.length - 1);
  await next.api.publish('news', { n: 'from the next' });
  for (const { subscription } of everyone) {
    await subscription.tape.until((items) => items.at(-1).data.n === 'from the next', 'a publication of the next server');
  }
});
