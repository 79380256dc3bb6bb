// Three servers that share a Redis, HAProxy before them that gives each connection to the next one, and clients of every door:
// when one server is killed, each goes on at another with the next message.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { API_KEY, Server } from '../kit/server.mjs';
import { Redis } from '../kit/redis.mjs';
import { Front, balanced } from '../kit/front.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { browserish, door } from '../kit/doors.mjs';
import { launch, open } from '../kit/browser.mjs';
import { prepare } from '../kit/webtransport.mjs';
import { Tape, eventually } from '../kit/deadline.mjs';

const config = (redis) => `
client:
  allowed_origins: ["http://localhost:*", "http://127.0.0.1:*"]
  allow_anonymous_connect_without_token: true
  channel_position_check_delay: 2s
  # browsers' EventSource waits for three seconds before it comes back, while hundreds are published
  recovery_max_publication_limit: 20000
http_api: {key: ${API_KEY}}
http_stream: {enabled: true}
sse: {enabled: true}
uni_sse: {enabled: true}
http_server: {http3: {enabled: true, development_certificate: true}}
webtransport: {enabled: true}
health: {enabled: true}
engine: {type: redis, redis: {address: "${redis.url}"}}
channel:
  namespaces:
  - name: news
    history_size: 20000
    history_ttl: 10m
    force_recovery: true
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
`;

let redis, servers, front;
before(async () => {
  redis = await Redis.start();
  servers = await Promise.all([1, 2, 3].map(() => Server.startWith(config(redis))));
  front = await Front.before(servers.map(({ port }) => port), balanced);
});
after(async () => {
  await front?.stop();
  await Promise.all(servers?.map((server) => server.stop()) ?? []);
  await redis?.kill();
});

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const numbers = (tape) => tape.items.map(({ data }) => data.n);

/** Publishes 1, 2, 3 and so on through a server that is there, until it is ended. */
class Load {
  count = 0;
  #goesOn = true;
  #done;

  constructor(channel) {
    this.channel = channel;
    this.#done = this.#run();
  }

  async #run() {
    while (this.#goesOn) {
      const n = this.count + 1;
      for (let at = n; ; at++) {
        const server = servers[at % servers.length];
        try {
          // the one before may have been carried out, though its answer was lost
          await server.api.publish(this.channel, { n }, { idempotency_key: `${this.channel}-${n}` });
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      this.count = n;
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async end() {
    this.#goesOn = false;
    await this.#done;
    return this.count;
  }

  reaches(count) { return eventually(() => this.count, (n) => n >= count, `${count} publications`, 20_000); }
}

const doors = [['websocket', protocols[0]], ['websocket', protocols[1]], ['http_stream', protocols[0]],
  ['http_stream', protocols[1]], ['sse', protocols[0]]];

/** Three clients of every door, with the servers that they were at. */
async function crowd(channel) {
  const all = [];
  const closing = [];
  for (const [transport, protocol] of doors) {
    const clients = new Clients(protocol, [door(transport, front.origin)]);
    clients.defaults = browserish(front.origin);
    for (let i = 0; i < 3; i++) {
      const client = clients.create();
      const nodes = new Tape();
      client.on('connected', ({ client: id, data }) => nodes.push({ id, data }));
      client.connect();
      await client.ready(8000);
      all.push({ transport, nodes, subscription: await clients.subscribed(client, channel) });
    }
    closing.push(clients);
  }
  return { all, close: () => closing.forEach((clients) => clients.closeAll()) };
}

/** An EventSource, which knows only its last id. */
function eventSource(channel) {
  const connect = encodeURIComponent(JSON.stringify({ subs: { [channel]: {} } }));
  const source = new EventSource(`${front.origin}/connection/uni_sse?cf_connect=${connect}`);
  source.tape = new Tape();
  source.connects = new Tape();
  source.onmessage = ({ data }) => {
    const push = JSON.parse(data);
    if (push.connect) source.connects.push(push.connect);
    if (push.pub) source.tape.push(push.pub);
  };
  return source;
}

async function check({ all }, sources, count) {
  for (const { transport, subscription } of all) {
    await subscription.tape.count(count, 30_000);
    assert.deepEqual(numbers(subscription.tape), upTo(count), transport);
    for (const { wasRecovering, recovered } of subscription.arrivals.items.slice(1)) assert.deepEqual([wasRecovering, recovered], [true, true]);
  }
  for (const source of sources) {
    await source.tape.count(count, 30_000);
    assert.deepEqual(numbers(source.tape), upTo(count), 'EventSource');
  }
}

const connections = async (server) => Object.values((await server.api.call('connections', {})).connections).map(({ client }) => client);

test('a server is killed under load: clients of every door go on at the others', async (t) => {
  const channel = fresh('news');
  const people = await crowd(channel);
  t.after(() => people.close());
  const sources = [1, 2, 3].map(() => eventSource(channel));
  t.after(() => sources.forEach((source) => source.close()));
  await Promise.all(sources.map(({ connects }) => connects.count(1)));
  const there = await connections(servers[0]);
  const moved = people.all.filter(({ nodes }) => there.includes(nodes.items[0].id));
  for (const transport of ['websocket', 'http_stream', 'sse']) {
    assert.ok(moved.some((each) => each.transport === transport), `some ${transport} client is at the server that dies`);
  }
  const movedSources = sources.filter(({ connects }) => there.includes(connects.items[0].client));
  assert.ok(movedSources.length >= 1, 'an EventSource, too');

  const load = new Load(channel);
  t.after(() => load.end());
  await load.reaches(100);
  await servers[0].kill();
  t.after(() => servers[0].up());
  await Promise.all(moved.map(({ nodes }) => nodes.count(2, 30_000)));
  await Promise.all(movedSources.map(({ connects }) => connects.count(2, 30_000)));
  await load.reaches(load.count + 50);
  await check(people, sources, await load.end());
  for (const source of movedSources) assert.equal(source.connects.items[1].subs[channel].recovered, true);
});

test('over WebTransport, a client recovers at another server', async () => {
  const browser = await launch();
  try {
    const channel = fresh('news');
    const [here, there] = await Promise.all(servers.slice(0, 2).map((server) => open(browser, `${server.page}/connection/webtransport/certificates`)));
    await prepare(here);
    await prepare(there);
    const read = (page, since, count) => page.evaluate(async ([channel, since, count]) => {
      const client = connect();
      const sub = client.newSubscription(channel, since ? { since } : {});
      const heard = [];
      const subscribed = new Promise((resolve) => { sub.on('subscribed', resolve); });
      sub.on('publication', ({ data, offset }) => heard.push({ n: data.n, offset }));
      sub.subscribe();
      client.connect();
      const { streamPosition, wasRecovering, recovered } = await subscribed;
      globalThis.finish = async () => {
        const until = Date.now() + 10_000;
        while (heard.length < count && Date.now() < until) await new Promise((resolve) => { setTimeout(resolve, 10); });
        client.disconnect();
        return heard;
      };
      return { streamPosition, wasRecovering, recovered };
    }, [channel, since, count]);
    const { streamPosition: { epoch } } = await read(here, null, 20);
    for (let n = 1; n <= 20; n++) await servers[2].api.publish(channel, { n });
    const first = await here.evaluate(() => globalThis.finish());
    // with its chunks' order, which the SDK doesn't keep here
    assert.deepEqual(first.map(({ n }) => n).sort((a, b) => a - b), upTo(20));
    for (let n = 21; n <= 40; n++) await servers[2].api.publish(channel, { n });
    const back = await read(there, { offset: 20, epoch }, 30);
    assert.deepEqual([back.wasRecovering, back.recovered], [true, true]);
    for (let n = 41; n <= 50; n++) await servers[2].api.publish(channel, { n });
    const second = await there.evaluate(() => globalThis.finish());
    assert.deepEqual(second.map(({ n }) => n).sort((a, b) => a - b), upTo(50).slice(20));
  } finally {
    await browser.close();
  }
});
