// An issuer that changes its keys while clients are connected; the server is never told, and never restarted.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Server } from '../kit/server.mjs';
import { Clients, protocols } from '../kit/sdk.mjs';
import { algorithms, keyPair, signed } from '../kit/keys.mjs';
import { inSeconds } from '../kit/token.mjs';
import { eventually, next, record } from '../kit/deadline.mjs';

const generation = (n) => Object.fromEntries(Object.entries(algorithms).map(([alg, options]) => [alg, keyPair(`${alg}-${n}`, ...options)]));
const [old, fresh] = [generation(1), generation(2)];

let published = old;
let requests = 0;
let issuer;
let server;
const all = [];
before(async () => {
  issuer = createServer((_, response) => {
    requests++;
    response.end(JSON.stringify({ keys: Object.values(published).map(({ jwk }) => jwk) }));
  }).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  server = await Server.startWith(`
client:
  token: {jwks_public_endpoint: "http://127.0.0.1:${issuer.address().port}/keys"}
  expired_close_delay: 60s
  expired_sub_close_delay: 60s
channel: {namespaces: [{name: closed}]}
prometheus: {enabled: true}
`);
});
after(async () => { all.forEach((clients) => clients.closeAll()); await server?.stop(); issuer?.close(); });

/** A client that holds a token of the old key, which expires soon, and gets the next one from whatever is published. */
async function holder(clients, alg) {
  const claims = () => ({ sub: alg, exp: inSeconds(published === old ? 4 : 600) });
  const channel = `$closed:${alg}`;
  const token = () => signed(alg, published[alg], claims());
  const channelToken = () => signed(alg, published[alg], { ...claims(), channel });
  const client = await clients.connected({ token: token(), getToken: async () => token() });
  const breaks = record(client, 'connecting');
  const subscription = await clients.subscribed(client, channel, { token: channelToken(), getToken: async () => channelToken() });
  const ends = record(subscription, 'subscribing');
  return { alg, client, subscription, breaks, ends };
}

/** Refreshes of connections and subscriptions that the server has accepted, while nobody does anything else. */
async function accepted() {
  const text = await (await fetch(`${server.page}/metrics`)).text();
  const count = (name) => Number(text.match(new RegExp(`^cardea_${name.replace(/[{}]/g, '\\$&')} ([0-9.]+)$`, 'm'))?.[1] ?? 0);
  return count('commands_total{method="refresh"}') + count('commands_total{method="sub_refresh"}') - count('errors_total{code="100"}');
}

test('clients go on over a change of the keys, with every algorithm, and old tokens are worth nothing then', { timeout: 100_000 }, async () => {
  const holders = [];
  for (const protocol of protocols) {
    const clients = new Clients(protocol, server.url);
    all.push(clients);
    holders.push(...await Promise.all(Object.keys(algorithms).map((alg) => holder(clients, alg))));
  }
  assert.equal(requests, 1); // one for all that came

  const unexpired = signed('ES256', old.ES256, { sub: 'late' });
  published = fresh;
  // the SDK asks for new tokens, and brings them again where the server has asked the issuer a moment ago
  await eventually(accepted, (count) => count >= 2 * holders.length, 'all tokens renewed', 50_000);

  await Promise.all(Object.entries(fresh).map(([alg, pair]) => all[0].connected({ token: signed(alg, pair, { sub: 'new' }) })));
  const late = all[1].create({ token: unexpired });
  const ended = record(late, 'disconnected');
  late.connect();
  assert.equal((await ended.count(1, 30_000))[0].code, 3500);

  for (const { alg, client, subscription, breaks, ends } of holders) {
    assert.equal(client.state, 'connected', alg);
    assert.equal(subscription.state, 'subscribed', alg);
    assert.deepEqual([breaks.items, ends.items], [[], []], alg);
  }
  assert.ok(requests <= 6, `${requests} requests`);
});

test('a signature with PSS is refused, as by Centrifugo', async () => {
  const client = all[0].create({ token: signed('PS256', published.RS256, { sub: 'alice' }) });
  const ended = next(client, 'disconnected');
  client.connect();
  assert.equal((await ended).code, 3500);
});
