// A Mercure hub that three servers have in common, HAProxy before them, and browsers' EventSource: one server is killed under load.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { API_KEY, Server } from '../kit/server.mjs';
import { brokers } from '../kit/brokers.mjs';
import { Front, balanced } from '../kit/front.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { hubSource, upTo } from '../kit/crowd.mjs';
import { eventually, within } from '../kit/deadline.mjs';
import { sign } from '../kit/token.mjs';

const KEY = 'the secret of publishers and subscribers';
const TOKEN = sign({ mercure: { publish: ['*'], subscribe: ['*'] } }, KEY);
const config = (broker) => `
client: {insecure: true, allowed_origins: ["*"]}
http_api: {key: ${API_KEY}}
health: {enabled: true}
${broker}
channel:
  namespaces:
    - {name: news, history_size: 10000, history_ttl: 10m, force_recovery: true}
mercure:
  enabled: true
  anonymous: true
  subscriptions: true
  publisher_jwt: {key: ${KEY}}
  subscriber_jwt: {key: ${KEY}}
  namespace: news
`;

const authorization = { authorization: `Bearer ${TOKEN}` };
const path = '/.well-known/mercure';

/** Posts an update again until a server has taken it: with its name it is published once. */
function publish(servers, fields) {
  let at = Number(fields.data);
  const post = () => fetch(servers[at++ % servers.length].page + path, { method: 'POST', headers: authorization, body: new URLSearchParams(fields) });
  return eventually(() => post().then(({ status }) => status, String), (status) => status === 200, 'a server to take an update', 20_000);
}

for (const { name, start, keys } of brokers) {
  test(`over ${name}: a server is killed, and each EventSource of the hub goes on at another with the next update`, async (t) => {
    const broker = await start();
    t.after(() => broker.kill());
    const servers = await Promise.all([1, 2, 3].map(() => Server.startWith(config(keys(broker)))));
    t.after(() => Promise.all(servers.map((server) => server.kill())));
    const front = await Front.before(servers.map(({ port }) => port), balanced);
    t.after(() => front.stop());
    const channel = fresh('news');
    const topic = channel.slice('news:'.length);

    const readers = [];
    for (let i = 0; i < 6; i++) {
      const source = await hubSource(`${front.origin}${path}?${new URLSearchParams({ topic })}`);
      t.after(() => source.close());
      readers.push(source);
    }
    const clients = new Clients(protocols[0], servers[2].url);
    t.after(() => clients.closeAll());
    const subscriber = await clients.subscribed(await clients.connected(), channel);

    const subscriptions = async (server) => {
      const answer = await fetch(`${server.page}${path}/subscriptions`, { headers: authorization });
      return (await answer.json()).subscriptions.length;
    };
    for (const server of servers) await eventually(() => subscriptions(server), (count) => count === 6, 'the subscriptions of all');

    let count = 0;
    const publishUpTo = async (last) => {
      while (count < last) await publish(servers, { topic, id: `${topic}-${count + 1}`, data: ++count, retry: 100 });
    };
    await publishUpTo(100);
    await Promise.all([servers[0].kill(), publishUpTo(400)]);
    for (const { tape, gaps } of readers) {
      await tape.count(count, 20_000);
      assert.deepEqual(tape.items, upTo(count));
      assert.equal(gaps, 0);
    }
    assert.equal(readers.filter(({ opens }) => opens.items.length > 1).length, 2, 'two of six were at the server that died');
    await subscriber.tape.count(count, 20_000);
    assert.deepEqual(subscriber.tape.items.map(({ data }) => data), upTo(count));

    // what is published in the channel, too, arrives at the subscribers of all
    await servers[1].api.publish(channel, ++count);
    for (const { tape } of readers) await tape.until((items) => items.at(-1) === count, 'what the server API published');

    const late = new EventSource(`${front.origin}${path}?${new URLSearchParams({ topic, lastEventID: 'never was' })}`);
    t.after(() => late.close());
    await within(new Promise((resolve) => { late.addEventListener('cardea-gap', resolve); }), 'the word that something may be missing');
  });
}
