// Two servers that share a Redis, and clients on both: what one publishes all get, in one order, whatever dies.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { Redis } from '../kit/redis.mjs';
import { Balancer } from '../kit/balancer.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { numbers } from '../kit/crowd.mjs';
import { clocksApart, killedUnderLoad, publishInTurn } from '../kit/pair.mjs';
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

for (const protocol of protocols) {
  test(`${protocol.name}: what clients of both servers publish in turn arrives on both once, in one order`,
    () => publishInTurn(protocol, a, b, true));
}

test('the clocks of two servers are an hour apart: nobody notices', () => clocksApart(config(redis), b));

test('a server is killed: its clients go on at the other, and nothing is lost', () => killedUnderLoad(a, b, balancer));

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
