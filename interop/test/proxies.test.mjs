import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, SECRET, Server } from '../kit/server.mjs';
import { Backend, failures } from '../kit/backend.mjs';
import { Clients, Socket, fresh, protocols, refusal, unsubscription } from '../kit/sdk.mjs';
import { sign } from '../kit/token.mjs';
import { eventually, next, record } from '../kit/deadline.mjs';

const config = (url) => `
client:
  token: {hmac_secret_key: ${SECRET}}
  proxy:
    connect:
      enabled: true
      endpoint: ${url}/connect
      timeout: 500ms
      http_headers: [Cookie]
      emulated_headers: [Authorization]
      http: {static_headers: {X-Server: cardea}}
      circuit_breaker: {failures: 0}
    disconnect: {enabled: true, endpoint: ${url}/disconnect, include_connection_meta: true}
http_api: {key: ${API_KEY}}
channel:
  proxy:
    subscribe: {endpoint: ${url}/subscribe, timeout: 500ms, circuit_breaker: {failures: 0}}
    publish: {endpoint: ${url}/publish, timeout: 500ms, include_connection_meta: true, circuit_breaker: {failures: 0}}
  namespaces:
    - name: room
      presence: true
      history_size: 10
      history_ttl: 1m
      subscribe_proxy_enabled: true
      publish_proxy_enabled: true
      allow_presence_for_subscriber: true
      allow_history_for_subscriber: true
    - name: feed
rpc:
  proxy:
    endpoint: ${url}/rpc
    timeout: 500ms
    circuit_breaker: {failures: 0}
    http:
      status_to_code_transforms:
        - {status_code: 404, to_error: {code: 404, message: no such method}}
        - {status_code: 403, to_disconnect: {code: 4403, reason: forbidden}}
  without_namespace: {proxy_enabled: true}
  namespaces:
    - {name: binary, proxy_enabled: true, proxy_name: binary}
  ping: {enabled: true}
proxies:
  - {name: binary, endpoint: "${url}/binary", binary_encoding: true}
`;

/** A browser sends its cookies; here the test does. */
class SocketWithCookie extends Socket {
  constructor(url, subprotocols) {
    super(url, subprotocols, { headers: { Cookie: 'session=of-alice', 'X-Other': 'not passed on' } });
  }
}

for (const protocol of protocols) {
  describe(`an application behind proxies, ${protocol.name}`, () => {
    let backend, server, clients;

    before(async () => {
      backend = await Backend.start();
      server = await Server.startWith(config(backend.url));
      clients = new Clients(protocol, server.url);
    });
    after(async () => {
      clients?.closeAll();
      await server?.stop();
      await backend?.close();
    });

    const login = (more = {}) => () => ({ result: { user: 'alice', meta: { plan: 'gold' }, ...more } });
    const entered = async (options) => {
      backend.on('/connect', login());
      return clients.connected(options);
    };

    test('the backend says who connects, and what the client is told', async () => {
      backend.on('/connect', login({ data: { hello: 'alice' }, info: { name: 'Alice' } }));
      const client = clients.create({
        data: protocol.pack({ from: 'test' }), name: 'interop', version: '1.2.3', websocket: SocketWithCookie,
        headers: { Authorization: 'Bearer x', 'X-Forged': 'y' },
      });
      const connected = next(client, 'connected');
      client.connect();
      const { client: id, data } = await connected;
      assert.deepEqual(protocol.unpack(data), { hello: 'alice' });
      const { body, headers } = backend.asked.items.findLast((each) => each.path === '/connect');
      assert.deepEqual(body, {
        client: id, transport: 'websocket', protocol: protocol.name.toLowerCase(), encoding: 'json',
        data: { from: 'test' }, name: 'interop', version: '1.2.3',
      });
      assert.equal(headers.cookie, 'session=of-alice');
      assert.equal(headers.authorization, 'Bearer x');
      assert.equal(headers['x-server'], 'cardea');
      assert.equal(headers['x-other'], undefined);
      assert.equal(headers['x-forged'], undefined);
    });

    test('the backend subscribes who connects', async () => {
      const channel = fresh('feed');
      backend.on('/connect', login({ subs: { [channel]: { data: { topic: 'news' } } } }));
      const client = clients.create();
      const subscribed = next(client, 'subscribed');
      const heard = record(client, 'publication', (each) => ({ channel: each.channel, data: protocol.unpack(each.data) }));
      client.connect();
      const { channel: granted, data } = await subscribed;
      assert.equal(granted, channel);
      assert.deepEqual(protocol.unpack(data), { topic: 'news' });
      await server.api.publish(channel, { text: 'hi' });
      assert.deepEqual(await heard.count(1), [{ channel, data: { text: 'hi' } }]);
    });

    test('a client with a token is not asked about', async () => {
      const before = backend.bodies('/connect').length;
      await clients.connected({ token: sign({ sub: 'bob' }) });
      assert.equal(backend.bodies('/connect').length, before);
    });

    test('the backend refuses in its own words', async () => {
      const ended = async (answer) => {
        backend.on('/connect', () => answer);
        const client = clients.create();
        const event = next(client, 'disconnected');
        client.connect();
        const { code, reason } = await event;
        return [code, reason];
      };
      assert.deepEqual(await ended({ error: { code: 1000, message: 'banned' } }), [1000, 'banned']);
      assert.deepEqual(await ended({ disconnect: { code: 4501, reason: 'go away' } }), [4501, 'go away']);
      assert.deepEqual(await ended({}), [3501, 'bad request']); // unknown, and nobody comes in anonymously
    });

    for (const [what, fail] of Object.entries(failures)) {
      test(`a client waits for a backend ${what} and comes in once it is well`, async () => {
        backend.on('/connect', fail);
        const client = clients.create();
        const error = next(client, 'error');
        client.connect();
        assert.equal((await error).error.code, 100);
        backend.on('/connect', login());
        await client.ready(8000);
      });

      test(`a call, a publication and a subscription fail with a backend ${what}`, async () => {
        const client = await entered();
        backend.on('/subscribe', () => ({}));
        const room = await clients.subscribed(client, fresh('room'));
        for (const path of ['/rpc', '/publish', '/subscribe']) backend.on(path, fail);
        assert.equal(await refusal(client.rpc('slow', protocol.pack({}))), 100);
        assert.equal(await refusal(clients.publish(room, 'hi')), 100);
        const other = clients.watch(client, fresh('room'));
        const error = next(other, 'error');
        other.subscribe();
        assert.equal((await error).error.code, 100);
        for (const path of ['/rpc', '/publish', '/subscribe']) backend.on(path, () => ({}));
        await other.ready(8000); // an internal error is tried again
        await clients.publish(other, 'hi');
        assert.equal((await other.tape.count(1))[0].data, 'hi');
      });
    }

    test('the backend answers calls', async () => {
      backend.on('/rpc', ({ method, data, user }) => ({ result: { data: { method, sum: data.a + data.b, user } } }));
      const client = await entered();
      const { data } = await client.rpc('add', protocol.pack({ a: 1, b: 2 }));
      assert.deepEqual(protocol.unpack(data), { method: 'add', sum: 3, user: 'alice' });
      backend.on('/rpc', () => ({ error: { code: 1001, message: 'not today' } }));
      assert.equal(await refusal(client.rpc('add', protocol.pack({}))), 1001);
      backend.on('/rpc', (_, response) => { response.writeHead(404).end(); });
      assert.equal(await refusal(client.rpc('add', protocol.pack({}))), 404);
      assert.equal(await refusal(client.rpc('unknown:add', protocol.pack({}))), 104);
      await client.rpc('ping', protocol.pack({}));
      backend.on('/rpc', (_, response) => { response.writeHead(403).end(); });
      // a code below 4500 lets the SDK come back
      const again = next(client, 'connecting');
      client.rpc('add', protocol.pack({})).catch(() => {});
      assert.equal((await again).code, 4403);
    });

    test('calls are answered in order, and the others wait behind a slow one', async () => {
      const client = await entered();
      backend.on('/rpc', async ({ method }) => {
        if (method === 'slow') await new Promise((resolve) => { setTimeout(resolve, 150); });
        return { result: { data: method } };
      });
      const order = [];
      await Promise.all(['slow', 'fast', 'last'].map(async (method) => {
        await client.rpc(method, protocol.pack({}));
        order.push(method);
      }));
      assert.deepEqual(order, ['slow', 'fast', 'last']);
    });

    test('a binary proxy is sent base64', async () => {
      backend.on('/binary', ({ encoding, b64data }) => ({ result: { data: { encoding, text: Buffer.from(b64data, 'base64').toString() } } }));
      const client = await entered();
      const { data } = await client.rpc('binary:x', protocol.name === 'JSON' ? 'hi' : Buffer.from('"hi"'));
      assert.deepEqual(protocol.unpack(data), { encoding: 'binary', text: '"hi"' });
    });

    test('the backend decides who subscribes, and what others see', async () => {
      const client = await entered();
      const channel = fresh('room');
      backend.on('/subscribe', ({ user, data }) => ({
        result: { info: { role: 'guest' }, data: { user, asked: data }, override: { force_recovery: { value: true } } },
      }));
      const subscription = clients.watch(client, channel, { data: protocol.pack({ seat: 5 }) });
      const subscribed = next(subscription, 'subscribed');
      subscription.subscribe();
      const granted = await subscribed;
      assert.deepEqual(protocol.unpack(granted.data), { user: 'alice', asked: { seat: 5 } });
      assert.equal(granted.recoverable, true);
      const [seen] = Object.values((await subscription.presence()).clients);
      assert.deepEqual(protocol.unpack(seen.chanInfo), { role: 'guest' });
      assert.equal(backend.bodies('/subscribe').at(-1).meta, undefined);

      backend.on('/subscribe', () => ({ error: { code: 403, message: 'members only' } }));
      assert.equal(await unsubscription(clients.watch(client, fresh('room'))), 403);
      backend.on('/subscribe', () => ({ disconnect: { code: 4600, reason: 'caught' } }));
      const ended = next(client, 'disconnected');
      clients.watch(client, fresh('room')).subscribe();
      assert.equal((await ended).code, 4600);
    });

    test('a subscription that the backend limits in time ends', async () => {
      const client = await entered();
      backend.on('/subscribe', () => ({ result: { expire_at: Math.floor(Date.now() / 1000) - 5 } }));
      assert.equal(await unsubscription(clients.watch(client, fresh('room'))), 110);
    });

    test('the backend decides what is published', async () => {
      const client = await entered();
      backend.on('/subscribe', () => ({}));
      const room = await clients.subscribed(client, fresh('room'));
      backend.on('/publish', ({ data }) => ({ result: { data: { ...data, checked: true }, tags: { by: 'us' } } }));
      await clients.publish(room, { text: 'hi' });
      const [publication] = await room.tape.count(1);
      assert.deepEqual(publication.data, { text: 'hi', checked: true });
      assert.deepEqual(publication.tags, { by: 'us' });
      assert.deepEqual(backend.bodies('/publish').at(-1).meta, { plan: 'gold' });
      backend.on('/publish', () => ({ result: { skip_history: true } }));
      await clients.publish(room, { text: 'live' });
      assert.deepEqual((await room.tape.count(2))[1].data, { text: 'live' });
      assert.equal((await room.history({ limit: 10 })).publications.length, 1);
      backend.on('/publish', () => ({ error: { code: 413, message: 'too long' } }));
      assert.equal(await refusal(clients.publish(room, { text: 'x' })), 413);
    });

    test('the backend is told who left, and why', async () => {
      const client = await entered();
      client.disconnect();
      const again = next(client, 'connected');
      client.connect();
      const { client: id } = await again;
      client.disconnect();
      const notice = await eventually(
        () => backend.bodies('/disconnect').find((each) => each.client === id), (found) => found, 'the notice');
      assert.deepEqual(notice, {
        client: id, transport: 'websocket', protocol: protocol.name.toLowerCase(), encoding: 'json',
        user: 'alice', code: 3000, reason: 'connection closed', meta: { plan: 'gold' },
      });
      const other = await entered();
      const ended = next(other, 'disconnected');
      await server.api.call('disconnect', { user: 'alice', disconnect: { code: 4700, reason: 'moved' } });
      await ended;
      await eventually(() => backend.bodies('/disconnect').at(-1), (last) => last.code === 4700, 'the notice');
    });
  });
}
