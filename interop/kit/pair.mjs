// What two servers promise together, whatever broker they share.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { API_KEY, Server } from './server.mjs';
import { Clients, fresh, protocols } from './sdk.mjs';
import { Balancer } from './balancer.mjs';
import { Load, numbers, upTo } from './crowd.mjs';
import { eventually } from './deadline.mjs';

const allowed = `
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
    allow_publish_for_client: true
    allow_publish_for_anonymous: true
    allow_presence_for_client: true
    allow_presence_for_anonymous: true
`;

/** Of servers that share a broker; `broker` is what they are told of it. */
export const pairConfig = (broker) => `
client:
  allowed_origins: ["http://localhost:*"]
  allow_anonymous_connect_without_token: true
  channel_position_check_delay: 2s
http_api: {key: ${API_KEY}}
health: {enabled: true}
${broker}
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

/** Two of them, and a balancer before them. */
export async function startPair(broker) {
  const config = pairConfig(broker);
  const [a, b] = await Promise.all([Server.startWith(config), Server.startWith(config)]);
  const balancer = await Balancer.start();
  await balancer.add(a.port);
  await balancer.add(b.port);
  const stop = async () => {
    balancer.close();
    await Promise.all([a.stop(), b.stop()]);
  };
  return { a, b, balancer, stop };
}

const health = async (server) => (await fetch(`${server.page}/health`)).text();

/** The broker is killed: who is there stays, and whoever publishes is told. */
export async function brokerDies(broker, { a, b }, channel, reader, publisher) {
  await broker.kill();
  await eventually(() => health(b), (text) => text.includes('degraded'), 'the health of a server without its broker');
  await assert.rejects(publisher.publish(channel, { n: 0 }), ({ code, temporary }) => code === 100 && temporary);
  await assert.rejects(a.api.publish(channel, { n: 0 }), ({ code }) => code === 100);
  assert.equal(reader.client.state, 'connected');
  assert.equal(reader.state, 'subscribed');
}

export async function brokerIsBack(broker, { b }) {
  await broker.up();
  await eventually(() => health(b), (text) => text === '{}', 'its health with the broker');
}

/** The subscription was told that its stream is another one. */
export async function hasBegunAnew(reader) {
  await reader.arrivals.count(2, 20_000);
  const { wasRecovering, recovered } = reader.arrivals.items[1];
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
}

/** Three subscribers at each of two servers, those of the first one first. */
async function subscribers(here, there, channel) {
  const readers = [];
  for (const clients of [here, there]) {
    for (let i = 0; i < 3; i++) readers.push(await clients.subscribed(await clients.connected(), channel));
  }
  return readers;
}

/** Clients of both publish in turn: it arrives on both once, in one order. `isContiguous`: offsets are 1, 2, 3. */
export async function publishInTurn(protocol, a, b, isContiguous) {
  const here = new Clients(protocol, a.url);
  const there = new Clients(protocol, b.url);
  const channel = fresh('news');
  try {
    const readers = await subscribers(here, there, channel);
    const [first, , , other] = readers;
    const publishing = [];
    for (let n = 0; n < 300; n++) publishing.push((n % 2 ? here : there).publish(n % 2 ? first : other, { n }));
    await Promise.all(publishing);
    for (const { tape } of readers) await tape.count(300);
    const order = numbers(first);
    assert.equal(new Set(order).size, 300);
    const offsets = first.tape.items.map(({ offset }) => offset);
    offsets.slice(1).forEach((offset, i) => assert.ok(offset > offsets[i], 'offsets increase'));
    if (isContiguous) assert.deepEqual(offsets, upTo(300));
    for (const reader of readers) {
      assert.deepEqual(numbers(reader), order);
      assert.deepEqual(reader.tape.items.map(({ offset }) => offset), offsets);
    }
    const { clients } = await other.presence();
    assert.equal(Object.keys(clients).length, 6, 'presence knows the clients of both servers');
  } finally {
    here.closeAll();
    there.closeAll();
  }
  await eventually(() => a.api.call('presence_stats', { channel }), ({ num_clients }) => num_clients === 0, 'all have left');
}

/** A third server whose clock is an hour ahead: nobody notices. */
export async function clocksApart(config, b) {
  const library = '/usr/lib/' + { x64: 'x86_64', arm64: 'aarch64' }[process.arch] + '-linux-gnu/faketime/libfaketime.so.1';
  if (!existsSync(library)) throw new Error("libfaketime isn't installed: apt-get install faketime");
  const ahead = await Server.startWith(config, { LD_PRELOAD: library, FAKETIME: '+1h', FAKETIME_DONT_FAKE_MONOTONIC: '1' });
  const here = new Clients(protocols[0], ahead.url);
  const there = new Clients(protocols[0], b.url);
  try {
    await eventually(() => ahead.output.includes('event=started'), Boolean, 'its log');
    const [, stamp] = /time=(\S+) .*event=started/.exec(ahead.output);
    assert.ok(Date.parse(stamp) - Date.now() > 3_500_000, 'its clock is ahead');
    const channel = fresh('news');
    const readers = await subscribers(here, there, channel);
    for (let n = 1; n <= 100; n++) await (n % 2 ? ahead : b).api.publish(channel, { n });
    for (const reader of readers) {
      await reader.tape.count(100);
      assert.deepEqual(numbers(reader), upTo(100));
    }
    for (const server of [ahead, b]) {
      assert.equal((await server.api.call('presence_stats', { channel })).num_clients, 6);
      assert.equal((await server.api.call('history', { channel, limit: 200 })).publications.length, 100);
      await eventually(() => server.api.call('info'), ({ nodes }) => nodes.length === 3, 'three servers');
    }
    // who was there comes here, and the other way round, though each has been an hour ago for the other
    for (const [server, before] of [[b, readers[0]], [ahead, readers[3]]]) {
      const clients = server === b ? there : here;
      const { offset } = before.tape.items[89];
      const { epoch } = await server.api.call('history', { channel });
      const client = await clients.connected();
      const moved = await clients.subscribed(client, channel, { since: { offset, epoch } });
      await moved.tape.count(10);
      assert.deepEqual(numbers(moved), upTo(100).slice(90));
      assert.equal(moved.arrivals.items[0].recovered, true);
    }
  } finally {
    here.closeAll();
    there.closeAll();
    await ahead.stop();
  }
}

/** The first of two servers behind a balancer is killed under load: its clients go on at the other, and nothing is lost. */
export async function killedUnderLoad(a, b, balancer) {
  const clients = new Clients(protocols[0], balancer.url);
  const channel = fresh('news');
  let load;
  try {
    const readers = [];
    for (let i = 0; i < 20; i++) readers.push(await clients.subscribed(await clients.connected(), channel));
    load = Load.through([b], channel);
    await readers[0].tape.count(50);
    await a.kill();
    await Promise.all(readers.map(({ arrivals }) => arrivals.count(2, 20_000)));
    const published = await load.end();
    for (const reader of readers) {
      await reader.tape.count(published);
      assert.deepEqual(numbers(reader), upTo(published));
      assert.equal(reader.arrivals.items[1].recovered, true);
    }
  } finally {
    load?.stop();
    clients.closeAll();
    await a.up();
  }
}
