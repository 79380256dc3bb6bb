// Two servers that share a NATS, and clients on both: what one publishes all get, in one order, whatever dies.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { Nats } from '../kit/nats.mjs';
import { Balancer } from '../kit/balancer.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { numbers } from '../kit/crowd.mjs';
import { clocksApart, killedUnderLoad, publishInTurn } from '../kit/pair.mjs';
import { eventually } from '../kit/deadline.mjs';

const allowed = `
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
    allow_publish_for_client: true
    allow_publish_for_anonymous: true
    allow_presence_for_client: true
    allow_presence_for_anonymous: true
`;
const config = (nats) => `
client:
  allowed_origins: ["http://localhost:*"]
  allow_anonymous_connect_without_token: true
  channel_position_check_delay: 2s
http_api: {key: ${API_KEY}}
health: {enabled: true}
broker: {enabled: true, type: nats, nats: {url: "${nats.url}"}}
channel:
  namespaces:
  - name: news
    history_size: 10000
    history_ttl: 10m
    force_recovery: true
    presence: true${allowed}
  - name: live
    presence: true${allowed}
`;

let nats, a, b, balancer;
before(async () => {
  nats = await Nats.start();
  [a, b] = await Promise.all([Server.startWith(config(nats)), Server.startWith(config(nats))]);
  balancer = await Balancer.start();
  await balancer.add(a.port);
  await balancer.add(b.port);
});
after(async () => {
  balancer?.close();
  await Promise.all([a?.stop(), b?.stop()]);
  await nats?.kill();
});

for (const protocol of protocols) {
  test(`${protocol.name}: over NATS, what clients of both servers publish in turn arrives on both once, in one order`,
    () => publishInTurn(protocol, a, b, false));
}

test('over NATS, a channel without history has what each publisher said in its order', async () => {
  const clients = new Clients(protocols[0], a.url);
  const channel = fresh('live');
  const reader = await clients.subscribed(await clients.connected(), channel);
  for (let n = 1; n <= 50; n++) await b.api.publish(channel, { n });
  await reader.tape.count(50);
  assert.deepEqual(numbers(reader), Array.from({ length: 50 }, (_, i) => i + 1));
  clients.closeAll();
});

test('over NATS, the clocks of two servers are an hour apart: nobody notices', () => clocksApart(config(nats), b));

test('over NATS, a server is killed: its clients go on at the other, and nothing is lost', () => killedUnderLoad(a, b, balancer));

test('NATS is killed: clients stay, publishing fails, and it goes on with what NATS had, or as another stream if that is gone', async () => {
  const clients = new Clients(protocols[0], b.url);
  const channel = fresh('news');
  const reader = await clients.subscribed(await clients.connected(), channel);
  const publisher = await clients.connected();
  await a.api.publish(channel, { n: 1 });
  await reader.tape.count(1);
  const health = async () => (await fetch(`${b.page}/health`)).text();
  const isOut = async () => {
    await nats.kill();
    await eventually(health, (text) => text.includes('degraded'), 'the health of a server without its broker');
    await assert.rejects(publisher.publish(channel, { n: 0 }), ({ code, temporary }) => code === 100 && temporary);
    await assert.rejects(a.api.publish(channel, { n: 0 }), ({ code }) => code === 100);
    assert.equal(reader.client.state, 'connected');
    assert.equal(reader.state, 'subscribed');
  };
  const isBack = async () => {
    await nats.up();
    await eventually(health, (text) => text === '{}', 'its health with the broker');
  };
  const publish = (n) => eventually(() => a.api.publish(channel, { n }).catch((error) => error), ({ offset }) => offset > 0, 'a to publish');

  await isOut();
  await isBack();
  await publish(2);
  await reader.tape.count(2);
  assert.equal(reader.arrivals.items.length, 1, 'nobody had to subscribe again');

  await isOut();
  await nats.empty();
  await isBack();
  await reader.arrivals.count(2, 20_000);
  const { wasRecovering, recovered } = reader.arrivals.items[1];
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
  await publish(3);
  await reader.tape.count(3);
  assert.deepEqual(numbers(reader), [1, 2, 3]);
  clients.closeAll();
});
