// Connections and subscriptions that expire, and a backend that is asked whether they go on.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, SECRET, Server } from '../kit/server.mjs';
import { Backend } from '../kit/backend.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { inSeconds, sign } from '../kit/token.mjs';
import { eventually, next, record } from '../kit/deadline.mjs';

const config = (url) => `
client:
  token: {hmac_secret_key: ${SECRET}}
  expired_close_delay: 1s
  expired_sub_close_delay: 1s
  presence_update_interval: 1s
  proxy:
    connect: {enabled: true, endpoint: ${url}/connect, emulated_headers: [X-User]}
    refresh: {enabled: true, endpoint: ${url}/refresh, timeout: 300ms, include_connection_meta: true, circuit_breaker: {failures: 0}}
http_api: {key: ${API_KEY}}
channel:
  proxy:
    subscribe: {endpoint: ${url}/subscribe}
    sub_refresh: {endpoint: ${url}/sub_refresh, timeout: 300ms, circuit_breaker: {failures: 0}}
  namespaces:
    - name: room
      presence: true
      subscribe_proxy_enabled: true
      sub_refresh_proxy_enabled: true
      allow_presence_for_subscriber: true
`;

// past the expiry, past the grace behind it
const TOO_LATE_MILLIS = 3500;

/** Ways to fail; the connection or subscription lives on, and the backend is asked again in a minute. */
const failures = {
  'answers with an error': () => ({ error: { code: 1000, message: 'not now' } }),
  'answers 500': (_, response) => { response.writeHead(500).end(); },
  'answers nonsense': () => ({ result: { expire_at: 'tomorrow' } }),
  'does not answer in time': () => new Promise(() => {}),
};

for (const protocol of protocols) {
  // each test has a user or channel of its own, so that all of them wait at the same time
  describe(`what the backend renews, ${protocol.name}`, { concurrency: true }, () => {
    let backend, server, clients;
    const refresh = new Map();
    const subRefresh = new Map();

    before(async () => {
      backend = await Backend.start();
      backend.on('/connect', (_, __, headers) => ({
        result: { user: headers['x-user'], expire_at: inSeconds(2), meta: { plan: 'gold' } },
      }));
      backend.on('/refresh', (body, response) => refresh.get(body.user)(body, response));
      backend.on('/subscribe', ({ user }) => ({ result: { expire_at: user.startsWith('reader') ? inSeconds(2) : 0 } }));
      backend.on('/sub_refresh', (body, response) => subRefresh.get(body.channel)(body, response));
      server = await Server.startWith(config(backend.url));
      clients = new Clients(protocol, server.url);
    });
    after(async () => {
      clients?.closeAll();
      await server?.stop();
      await backend?.close();
    });

    let count = 0;
    /** A connection that the backend renews as `answer` says. */
    async function connected(answer, kind = 'user') {
      const user = `${kind}${++count}`;
      refresh.set(user, answer);
      const client = clients.create({ headers: { 'X-User': user } });
      client.user = user;
      const connecting = record(client, 'connecting');
      const established = next(client, 'connected');
      client.connect();
      client.id = (await established).client;
      client.lost = { count: () => connecting.items.length - 1, tape: connecting };
      return client;
    }

    const extended = () => ({ result: { expire_at: inSeconds(2) } });
    const forEver = () => ({ result: {} });
    const expired = () => ({ result: { expired: true } });
    const asked = (path, user) => backend.bodies(path).filter((body) => body.user === user);
    const wait = (millis) => new Promise((resolve) => { setTimeout(resolve, millis); });

    test('a connection that is extended goes on, each time', async () => {
      const client = await connected(extended);
      await backend.asked.until(() => asked('/refresh', client.user).length >= 2, 'two refreshes');
      assert.deepEqual(asked('/refresh', client.user)[0], {
        client: client.id, transport: 'websocket', protocol: protocol.name.toLowerCase(), encoding: 'json',
        user: client.user, meta: { plan: 'gold' },
      });
      await wait(1500);
      assert.deepEqual([client.state, client.lost.count()], ['connected', 0]);
    });

    test('one that is renewed for ever is not asked about again', async () => {
      const client = await connected(forEver);
      await wait(TOO_LATE_MILLIS + 2000);
      assert.deepEqual([client.state, client.lost.count(), asked('/refresh', client.user).length], ['connected', 0, 1]);
    });

    test('one that has a token is renewed in the same way, and the SDK is not asked for another', async () => {
      refresh.set('with token', extended);
      let tokens = 0;
      const getToken = () => { tokens++; return sign({ sub: 'with token', exp: inSeconds(60) }); };
      const client = await clients.connected({ token: sign({ sub: 'with token', exp: inSeconds(2) }), getToken });
      await backend.asked.until(() => asked('/refresh', 'with token').length >= 2, 'two refreshes');
      assert.deepEqual([client.state, tokens], ['connected', 0]);
    });

    test('one that is not extended ends, and the SDK comes back as another', async () => {
      const client = await connected(expired);
      await client.lost.tape.count(2);
      assert.equal(client.lost.tape.items[1].code, 3005);
      assert.notEqual((await next(client, 'connected')).client, client.id);
    });

    test('no result is the end, too', async () => {
      const client = await connected(() => ({}));
      await client.lost.tape.count(2);
      assert.equal(client.lost.tape.items[1].code, 3005);
    });

    test("one that is ended in the backend's words stays out", async () => {
      const client = await connected(() => ({ disconnect: { code: 4501, reason: 'banned' } }));
      const { code, reason } = await next(client, 'disconnected');
      assert.deepEqual([code, reason], [4501, 'banned']);
    });

    for (const [what, answer] of Object.entries(failures)) {
      test(`a connection outlives a backend that ${what}`, async () => {
        const client = await connected(answer);
        await wait(TOO_LATE_MILLIS);
        assert.deepEqual([client.state, client.lost.count(), asked('/refresh', client.user).length], ['connected', 0, 1]);
      });
    }

    /** A subscription that the backend renews as `answer` says, on a connection without trouble of its own. */
    async function subscribed(answer) {
      const client = await connected(forEver, 'reader');
      const channel = fresh('room');
      subRefresh.set(channel, answer);
      const subscription = clients.watch(client, channel);
      const subscribing = record(subscription, 'subscribing');
      subscription.subscribe();
      await subscription.ready(8000);
      subscription.lost = { count: () => subscribing.items.length - 1, tape: subscribing };
      return subscription;
    }

    test('a subscription that is extended goes on, with what others see of it', async () => {
      const subscription = await subscribed(() => ({ result: { expire_at: inSeconds(2), info: { seat: 7 } } }));
      const { user, id } = subscription.client;
      await backend.asked.until(() => asked('/sub_refresh', user).length >= 2, 'two refreshes');
      assert.deepEqual(asked('/sub_refresh', user)[0], {
        client: id, transport: 'websocket', protocol: protocol.name.toLowerCase(), encoding: 'json',
        user, channel: subscription.channel,
      });
      const seen = async () => Object.values((await subscription.presence()).clients)[0].chanInfo;
      const info = await eventually(seen, (value) => value?.length !== 0 && value !== undefined, 'what others see');
      assert.deepEqual(protocol.unpack(info), { seat: 7 });
      await wait(1500);
      assert.deepEqual([subscription.state, subscription.lost.count()], ['subscribed', 0]);
    });

    test('one that is not extended ends, and the SDK asks to subscribe again', async () => {
      const subscription = await subscribed(expired);
      await subscription.lost.tape.count(2);
      assert.equal(subscription.lost.tape.items[1].code, 2501);
      await subscription.ready(8000);
      assert.equal(asked('/subscribe', subscription.client.user).length, 2);
      assert.equal(subscription.client.lost.count(), 0);
    });

    for (const [what, answer] of Object.entries(failures)) {
      test(`a subscription outlives a backend that ${what}`, async () => {
        const subscription = await subscribed(answer);
        await wait(TOO_LATE_MILLIS);
        const { user } = subscription.client;
        assert.deepEqual(
          [subscription.state, subscription.lost.count(), asked('/sub_refresh', user).length], ['subscribed', 0, 1]);
      });
    }
  });
}
