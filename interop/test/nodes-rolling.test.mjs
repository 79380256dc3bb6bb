// Three servers behind HAProxy are replaced one after the other, under load: clients of every door have every publication once.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { Redis } from '../kit/redis.mjs';
import { brokers } from '../kit/brokers.mjs';
import { Front, balanced } from '../kit/front.mjs';
import { fresh } from '../kit/sdk.mjs';
import { Crowd, Load, eventSource, numbers } from '../kit/crowd.mjs';
import { eventually } from '../kit/deadline.mjs';

const config = (broker) => `
client:
  allowed_origins: ["http://localhost:*"]
  allow_anonymous_connect_without_token: true
  channel_position_check_delay: 2s
  recovery_max_publication_limit: 20000
http_api: {key: ${API_KEY}}
http_stream: {enabled: true}
sse: {enabled: true}
uni_sse: {enabled: true}
health: {enabled: true}
shutdown: {grace: 1s, rate: 20, timeout: 15s}
${broker}
channel:
  namespaces:
  - name: news
    history_size: 20000
    history_ttl: 10m
    force_recovery: true
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
`;

for (const { name, start, keys } of brokers) {
  test(`over ${name}: a rolling restart of three servers loses nothing for anybody`, async (t) => {
    const broker = await start();
    t.after(() => broker.kill());
    const servers = await Promise.all([1, 2, 3].map(() => Server.startWith(config(keys(broker)))));
    t.after(() => Promise.all(servers.map((server) => server.kill())));
    const front = await Front.before(servers.map(({ port }) => port), balanced);
    t.after(() => front.stop());
    const channel = fresh('news');
    const crowd = await Crowd.at(front.origin, channel);
    t.after(() => crowd.close());

    const load = Load.through(servers, channel);
    t.after(() => load.stop());
    await load.reaches(50);
    for (const server of servers) {
      await server.stop();
      await server.up();
      await front.has(servers.length);
    }
    await load.reaches(load.count + 50);
    await crowd.hasAll(await load.end());
    for (const { transport, begins } of crowd.readers) assert.ok(begins.items.length > 1, `a ${transport} client has moved`);
  });
}

test('while no server is there at all, an EventSource waits behind HAProxy, and then has everything', async (t) => {
  const redis = await Redis.start();
  t.after(() => redis.kill());
  const server = await Server.startWith(config(brokers[0].keys(redis)));
  t.after(() => server.kill());
  const front = await Front.before([server.port], balanced);
  t.after(() => front.stop());
  const channel = fresh('news');
  const source = eventSource(front.origin, channel);
  t.after(() => source.close());
  await source.begins.count(1);
  await server.api.publish(channel, { n: 1 });
  await source.tape.count(1);

  await server.stop();
  await front.has(0);
  const asked = source.errors.length;
  await eventually(() => source.errors.length, (count) => count >= asked + 2, 'the EventSource to ask in vain', 20_000);
  assert.notEqual(source.readyState, 2, 'it has not given up');
  await server.up();
  await front.has(1);
  await server.api.publish(channel, { n: 2 });
  await source.begins.count(2, 20_000);
  await source.tape.count(2);
  assert.deepEqual(numbers(source), [1, 2]);
  assert.equal(source.begins.items[1].recovered, true);
});
