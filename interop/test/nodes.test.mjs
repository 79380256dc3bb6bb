// Two servers that share a Redis, and clients on both: what one publishes all get, in one order, whatever dies.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { API_KEY, Server } from '../kit/server.mjs';
import { Redis } from '../kit/redis.mjs';
import { Balancer } from '../kit/balancer.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { eventually } from '../kit/deadline.mjs';

const config = (redis) => `
client:
  allowed_origins: ["http://localhost:*"]
  allow_anonymous_connect_without_token: true
  channel_position_check_delay: 2s
http_api: {key: ${API_KEY}}
http_stream: {enabled: true}
health: {enabled: true}
engine: {type: redis, redis: {address: "${redis.url}"}}
channel:
  namespaces:
  - name: news
    history_size: 10000
    history_ttl: 10m
    force_recovery: true
    presence: true
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
    allow_publish_for_client: true
    allow_publish_for_anonymous: true
    allow_presence_for_client: true
    allow_presence_for_anonymous: true
`;

let redis, a, b, balancer;
before(async () => {
  redis = await Redis.start();
  [a, b] = await Promise.all([Server.startWith(config(redis)), Server.startWith(config(redis))]);
  balancer = await Balancer.start();
  await balancer.add(a.port);
  await balancer.add(b.port);
});
after(async () => {
  balancer?.close();
  await Promise.all([a?.stop(), b?.stop()]);
  await redis?.kill();
});

const numbers = (subscription) => subscription.tape.items.map(({ data }) => data.n);

for (const protocol of protocols) {
  test(`${protocol.name}: what clients of both servers publish in turn arrives on both once, in one order`, async () => {
    const here = new Clients(protocol, a.url);
    const there = new Clients(protocol, b.url);
    const channel = fresh('news');
    const readers = [];
    for (const clients of [here, there]) {
      for (let i = 0; i < 3; i++) readers.push(await clients.subscribed(await clients.connected(), channel));
    }
    const [first, , , other] = readers;
    const publishing = [];
    for (let n = 0; n < 300; n++) publishing.push((n % 2 ? here : there).publish(n % 2 ? first : other, { n }));
    await Promise.all(publishing);
    for (const { tape } of readers) await tape.count(300);
    const order = numbers(first);
    assert.equal(new Set(order).size, 300);
    for (const reader of readers) {
      assert.deepEqual(numbers(reader), order);
      assert.deepEqual(reader.tape.items.map(({ offset }) => offset), order.map((_, i) => i + 1));
    }
    const { clients } = await other.presence();
    assert.equal(Object.keys(clients).length, 6, 'presence knows the clients of both servers');
    here.closeAll();
    there.closeAll();
    await eventually(() => a.api.call('presence_stats', { channel }), ({ num_clients }) => num_clients === 0, 'all have left');
  });
}

test('the clocks of two servers are an hour apart: nobody notices', async () => {
  const library = '/usr/lib/' + { x64: 'x86_64', arm64: 'aarch64' }[process.arch] + '-linux-gnu/faketime/libfaketime.so.1';
  if (!existsSync(library)) throw new Error("libfaketime isn't installed: apt-get install faketime");
  const ahead = await Server.startWith(config(redis), { LD_PRELOAD: library, FAKETIME: '+1h', FAKETIME_DONT_FAKE_MONOTONIC: '1' });
  try {
    await eventually(() => ahead.output.includes('event=started'), Boolean, 'its log');
    const [, stamp] = /time=(\S+) .*event=started/.exec(ahead.output);
    assert.ok(Date.parse(stamp) - Date.now() > 3_500_000, 'its clock is ahead');
    const here = new Clients(protocols[0], ahead.url);
    const there = new Clients(protocols[0], b.url);
    const channel = fresh('news');
    const readers = [];
    for (const clients of [here, there]) {
      for (let i = 0; i < 3; i++) readers.push(await clients.subscribed(await clients.connected(), channel));
    }
    for (let n = 1; n <= 100; n++) await (n % 2 ? ahead : b).api.publish(channel, { n });
    for (const reader of readers) {
      await reader.tape.count(100);
      assert.deepEqual(numbers(reader), Array.from({ length: 100 }, (_, i) => i + 1));
    }
    for (const server of [ahead, b]) {
      assert.equal((await server.api.call('presence_stats', { channel })).num_clients, 6);
      assert.equal((await server.api.call('history', { channel, limit: 200 })).publications.length, 100);
      assert.equal((await server.api.call('info')).nodes.length, 3);
    }
    // who was there comes here, and the other way round, though each has been an hour ago for the other
    for (const [server, before] of [[b, readers[0]], [ahead, readers[3]]]) {
      const clients = server === b ? there : here;
      const { offset } = before.tape.items[89];
      const { epoch } = await server.api.call('history', { channel });
      const client = await clients.connected();
      const moved = await clients.subscribed(client, channel, { since: { offset, epoch } });
      await moved.tape.count(10);
      assert.deepEqual(numbers(moved), Array.from({ length: 10 }, (_, i) => i + 91));
      assert.equal(moved.arrivals.items[0].recovered, true);
    }
    here.closeAll();
    there.closeAll();
  } finally {
    await ahead.stop();
  }
});

test('a server is killed: its clients go on at the other, and nothing is lost', async () => {
  const clients = new Clients(protocols[0], balancer.url);
  const channel = fresh('news');
  const readers = [];
  for (let i = 0; i < 20; i++) readers.push(await clients.subscribed(await clients.connected(), channel));
  let published = 0;
  let goesOn = true;
  const load = (async () => {
    while (goesOn) await b.api.publish(channel, { n: ++published });
  })();
  await readers[0].tape.count(50);
  await a.kill();
  await Promise.all(readers.map(({ arrivals }) => arrivals.count(2, 20_000)));
  goesOn = false;
  await load;
  for (const reader of readers) {
    await reader.tape.count(published);
    assert.deepEqual(numbers(reader), Array.from({ length: published }, (_, i) => i + 1));
    assert.equal(reader.arrivals.items[1].recovered, true);
  }
  clients.closeAll();
  await a.up();
});

test('Redis is killed and comes back empty: clients stay, publishing fails, and all are told of the new stream', async () => {
  const clients = new Clients(protocols[0], b.url);
  const channel = fresh('news');
  const reader = await clients.subscribed(await clients.connected(), channel);
  const publisher = await clients.connected();
  await a.api.publish(channel, { n: 1 });
  await reader.tape.count(1);

  await redis.kill();
  const health = async () => (await fetch(`${b.page}/health`)).text();
  await eventually(health, (text) => text.includes('degraded'), 'the health of a server without its broker');
  await assert.rejects(publisher.publish(channel, { n: 0 }), ({ code, temporary }) => code === 100 && temporary);
  await assert.rejects(a.api.publish(channel, { n: 0 }), ({ code }) => code === 100);
  assert.equal(reader.client.state, 'connected');
  assert.equal(reader.state, 'subscribed');

  await redis.up();
  await eventually(health, (text) => text === '{}', 'its health with the broker');
  await reader.arrivals.count(2, 20_000);
  const { wasRecovering, recovered } = reader.arrivals.items[1];
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
  await eventually(() => a.api.publish(channel, { n: 2 }).catch((error) => error), ({ offset }) => offset === 1, 'a to publish');
  await reader.tape.count(2);
  assert.deepEqual(numbers(reader), [1, 2]);
  clients.closeAll();
});
