// History on the disk: the server is killed under load and started again, and every client has everything, in order and once.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_KEY, Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { Load, eventSource, hubSource, numbers, upTo } from '../kit/crowd.mjs';
import { sign } from '../kit/token.mjs';

const KEY = 'the secret of publishers and subscribers';
const TOKEN = sign({ mercure: { publish: ['*'] } }, KEY);

const config = (folder) => `
client:
  allowed_origins: ["http://localhost:*"]
  insecure: true
  recovery_max_publication_limit: 100000
  history_max_publication_limit: 100000
http_api: {key: ${API_KEY}}
uni_sse: {enabled: true}
health: {enabled: true}
persistence: {path: "${folder}"}
mercure:
  enabled: true
  anonymous: true
  publisher_jwt: {key: ${KEY}}
  subscriber_jwt: {key: ${KEY}}
  retention: {history: persistent}
channel:
  namespaces:
  - name: news
    history: persistent
    history_size: 100000
    history_ttl: 10m
    force_recovery: true
`;

let server;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-history-'));
  server = await Server.startWith(config(folder));
});
after(() => server?.stop());

/** An update that says by its identifier that it is the same, when it is sent again. */
async function update(topic, n) {
  const response = await fetch(`${server.page}/.well-known/mercure`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: new URLSearchParams({ topic, data: n, id: `urn:${topic}:${n}`, retry: 100 }),
  });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
}

async function crowd(channel) {
  const all = [];
  const closing = [];
  for (const protocol of protocols) {
    const clients = new Clients(protocol, server.url);
    for (let i = 0; i < 5; i++) all.push(await clients.subscribed(await clients.connected(), channel));
    closing.push(() => clients.closeAll());
  }
  const sources = [1, 2, 3].map(() => eventSource(server.page, channel));
  await Promise.all(sources.map(({ begins }) => begins.count(1)));
  closing.push(() => sources.forEach((source) => source.close()));
  return { all, sources, close: () => closing.forEach((close) => close()) };
}

for (const [how, end] of [['killed', () => server.kill()], ['stopped', () => server.stop()]]) {
  test(`a server that is ${how} twice under load goes on where it was: SDKs and EventSources have everything once, in order`, async (t) => {
    const channel = fresh('news');
    const people = await crowd(channel);
    t.after(() => people.close());
    const publishing = Load.through([server], channel, 0);
    t.after(() => publishing.stop());
    await people.all[0].tape.count(100);
    const { epoch } = await server.api.call('history', { channel });
    for (let round = 1; round <= 2; round++) {
      const before = people.all[0].tape.items.length;
      await end();
      await server.up();
      await Promise.all(people.all.map(({ arrivals }) => arrivals.count(round + 1, 30_000)));
      await Promise.all(people.sources.map(({ begins }) => begins.count(round + 1, 30_000)));
      await people.all[0].tape.count(before + 100, 30_000);
    }
    const published = await publishing.end();
    assert.deepEqual(publishing.refusals, []);
    for (const { tape, arrivals } of people.all) {
      await tape.count(published, 30_000);
      assert.deepEqual(numbers({ tape }), upTo(published));
      assert.deepEqual(tape.items.map(({ offset }) => offset), upTo(published));
      for (const { wasRecovering, recovered } of arrivals.items.slice(1)) assert.deepEqual([wasRecovering, recovered], [true, true]);
    }
    for (const source of people.sources) {
      await source.tape.count(published, 30_000);
      assert.deepEqual(numbers(source), upTo(published));
      for (const { recovered } of source.begins.items.slice(1)) assert.equal(recovered, true);
    }
    const kept = await server.api.call('history', { channel, limit: -1 });
    assert.equal(kept.epoch, epoch);
    assert.deepEqual(kept.publications.map(({ data }) => data.n), upTo(published));
  });
}

test("a hub that is killed twice under load goes on where it was: Mercure's EventSources have everything once, in order", async (t) => {
  const topic = `books-${process.pid}`;
  const url = `${server.page}/.well-known/mercure?${new URLSearchParams({ topic })}`;
  const sources = [await hubSource(url), await hubSource(url)];
  t.after(() => sources.forEach((source) => source.close()));
  const publishing = new Load((n) => update(topic, n), 0);
  t.after(() => publishing.stop());
  await sources[0].tape.count(100);
  for (let round = 1; round <= 2; round++) {
    const before = publishing.count;
    await server.kill();
    await server.up();
    await Promise.all(sources.map(({ opens }) => opens.count(round + 1, 30_000)));
    await Promise.all(sources.map(({ tape }) => tape.count(before + 50, 30_000)));
  }
  const published = await publishing.end();
  for (const { tape, gaps } of sources) {
    await tape.count(published, 30_000);
    assert.deepEqual(tape.items, upTo(published));
    assert.equal(gaps, 0);
  }
});
