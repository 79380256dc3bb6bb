// The server's HTTP API, seen by the clients that it concerns.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { Clients, fresh, protocols, refusal } from '../kit/sdk.mjs';
import { sign } from '../kit/token.mjs';
import { eventually, next } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`the HTTP API, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());
    const user = (name) => clients.connected({ token: sign({ sub: name }) });

    test('publish tells offset and epoch, and reaches the subscribers', async () => {
      const channel = fresh('chat');
      const chat = await clients.subscribed(await user('alice'), channel);
      const first = await server.api.publish(channel, { n: 1 }, { tags: { a: 'b' } });
      const second = await server.api.publish(channel, { n: 2 });
      assert.equal(first.offset, 1);
      assert.equal(second.offset, 2);
      assert.equal(first.epoch, second.epoch);
      const [publication] = await chat.tape.count(2);
      assert.deepEqual(publication.tags, { a: 'b' });
      assert.equal(publication.info, undefined);
      const { publications } = await chat.history({ limit: 10 });
      assert.equal(publications.length, 2);
    });

    test('skip_history reaches the subscribers without an offset, and is not kept', async () => {
      const channel = fresh('chat');
      const chat = await clients.subscribed(await user('alice'), channel);
      await server.api.publish(channel, { n: 1 });
      await server.api.publish(channel, { n: 2 }, { skip_history: true });
      await server.api.publish(channel, { n: 3 });
      await chat.tape.count(3);
      assert.deepEqual(chat.tape.items.map(({ offset, data }) => [data.n, offset || 0]), [[1, 1], [2, 0], [3, 2]]);
      assert.equal((await chat.history({ limit: 10 })).publications.length, 2);
    });

    test('the same idempotency key publishes once', async () => {
      const channel = fresh('chat');
      const chat = await clients.subscribed(await user('alice'), channel);
      const once = await server.api.publish(channel, { n: 1 }, { idempotency_key: 'k' });
      const again = await server.api.publish(channel, { n: 1 }, { idempotency_key: 'k' });
      assert.deepEqual(again, once);
      await server.api.publish(channel, { n: 2 });
      await chat.tape.count(2);
      assert.deepEqual(chat.tape.items.map(({ data }) => data.n), [1, 2]);
    });

    test('broadcast publishes to each channel, and answers for each', async () => {
      const channels = [fresh('chat'), fresh('plain')];
      const client = await user('alice');
      const subscriptions = [];
      for (const channel of channels) subscriptions.push(await clients.subscribed(client, channel));
      const { responses } = await server.api.call('broadcast', { channels: [...channels, 'nowhere:x'], data: { n: 1 } });
      assert.equal(responses[0].result.offset, 1);
      assert.ok(responses[1].result);
      assert.equal(responses[2].error.code, 102);
      for (const { tape } of subscriptions) assert.deepEqual((await tape.count(1))[0].data, { n: 1 });
    });

    test('history pages like the clients\', history_remove empties it', async () => {
      const channel = fresh('chat');
      const chat = await clients.subscribed(await user('alice'), channel);
      for (let n = 1; n <= 5; n++) await clients.publish(chat, { n });
      const all = await server.api.call('history', { channel, limit: 3 });
      assert.deepEqual(all.publications.map(({ data }) => data.n), [1, 2, 3]);
      assert.equal(all.publications[0].info.user, 'alice');
      assert.equal(all.offset, 5);
      const back = await server.api.call('history', { channel, limit: 2, reverse: true });
      assert.deepEqual(back.publications.map(({ data }) => data.n), [5, 4]);
      const rest = await server.api.call('history', { channel, limit: 9, since: { offset: 3, epoch: all.epoch } });
      assert.deepEqual(rest.publications.map(({ offset }) => offset), [4, 5]);
      assert.equal(await refusal(server.api.call('history', { channel, limit: 9, since: { offset: 3, epoch: 'x' } })), 112);
      await server.api.call('history_remove', { channel });
      assert.equal((await chat.history({ limit: 10 })).publications.length, 0);
    });

    test('presence and presence_stats tell what clients are told', async () => {
      const channel = fresh('chat');
      const alice = await clients.subscribed(await clients.connected({ token: sign({ sub: 'alice', info: { x: 1 } }) }), channel);
      await clients.subscribed(await user('bob'), channel);
      const { presence } = await server.api.call('presence', { channel });
      const mine = (await alice.presence()).clients;
      assert.deepEqual(Object.keys(presence).sort(), Object.keys(mine).sort());
      assert.deepEqual(Object.values(presence).map(({ user: name }) => name).sort(), ['alice', 'bob']);
      assert.deepEqual(Object.values(presence).find(({ user: name }) => name === 'alice').conn_info, { x: 1 });
      const stats = await server.api.call('presence_stats', { channel });
      assert.deepEqual(stats, { num_clients: 2, num_users: 2 });
    });

    test('channels lists what is subscribed to, by pattern', async () => {
      const channel = fresh('chat');
      await clients.subscribed(await user('alice'), channel);
      await clients.subscribed(await user('bob'), channel);
      await clients.subscribed(await user('bob'), fresh('plain'));
      const { channels } = await server.api.call('channels', { pattern: 'chat:*' });
      assert.equal(channels[channel].num_clients, 2);
      assert.ok(Object.keys(channels).every((name) => name.startsWith('chat:')));
    });

    test('info counts connections', async () => {
      const { nodes: [before] } = await server.api.call('info');
      await user('alice');
      await user('alice');
      // the node's own numbers may be some time old
      const { nodes: [node] } = await eventually(() => server.api.call('info'),
        ({ nodes }) => nodes[0].num_clients === before.num_clients + 2, 'two more connections');
      assert.ok(node.uid && node.name && node.version);
      for (const key of ['num_users', 'num_channels', 'uptime']) assert.equal(typeof node[key], 'number', key);
    });

    test('disconnect ends every connection of a user, and of nobody else', async () => {
      const [one, two, other] = [await user('dora'), await user('dora'), await user('emil')];
      const ends = [next(one, 'disconnected'), next(two, 'disconnected')];
      await server.api.call('disconnect', { user: 'dora' });
      for (const { code, reason } of await Promise.all(ends)) {
        assert.equal(code, 3503);
        assert.ok(reason.length > 0);
      }
      assert.equal(other.state, 'connected');
    });

    test('disconnect can choose one connection, and its own code and reason', async () => {
      const [one, two] = [clients.create({ token: sign({ sub: 'fay' }) }), await user('fay')];
      const connected = next(one, 'connected');
      one.connect();
      const { client } = await connected;
      const end = next(one, 'disconnected');
      await server.api.call('disconnect', { user: 'fay', client, disconnect: { code: 4567, reason: 'moved out' } });
      const { code, reason } = await end;
      assert.deepEqual({ code, reason }, { code: 4567, reason: 'moved out' });
      assert.equal(two.state, 'connected');
    });

    test('a disconnect with a code that allows it brings the client back', async () => {
      const client = await user('gus');
      for (const code of [3011, 4001]) {
        const lost = next(client, 'connecting');
        await server.api.call('disconnect', { user: 'gus', disconnect: { code, reason: 'come back' } });
        assert.equal((await lost).code, code);
        await client.ready(8000);
      }
    });

    test('unsubscribe ends a user\'s subscription, and others\' go on', async () => {
      const channel = fresh('chat');
      const alice = await clients.subscribed(await user('alice'), channel);
      const bob = await clients.subscribed(await user('bob'), channel);
      const ended = next(alice, 'unsubscribed');
      await server.api.call('unsubscribe', { user: 'alice', channel });
      assert.equal((await ended).code, 2000);
      await server.api.publish(channel, { n: 1 });
      await bob.tape.count(1);
      assert.deepEqual(alice.tape.items, []);
      assert.equal((await bob.presenceStats()).numClients, 1);
    });
  });
}

test('a wrong or missing key is 401, the key may stand in two headers', async () => {
  for (const headers of [{}, { 'X-API-Key': 'wrong' }, { Authorization: 'apikey wrong' }, { Authorization: `Bearer ${API_KEY}` }]) {
    assert.equal((await server.api.post('info', {}, headers)).status, 401);
  }
  for (const headers of [{ 'X-API-Key': API_KEY }, { Authorization: `apikey ${API_KEY}` }]) {
    assert.equal((await server.api.post('info', {}, headers)).status, 200);
  }
});

test('a call must be a POST of JSON', async () => {
  const headers = { 'X-API-Key': API_KEY };
  assert.equal((await fetch(`${server.page}/api/info`, { headers })).status, 405);
  assert.equal((await fetch(`${server.page}/api/info`, { method: 'POST', headers, body: '{"a":' })).status, 400);
});

test('errors are answers with status 200', async () => {
  const errors = [
    ['publish', { channel: 'nowhere:x', data: {} }, 102],
    ['publish', { channel: 'chat:x' }, 107],
    ['publish', { data: {} }, 107],
    ['history', { channel: 'plain:x', limit: 1 }, 108],
    ['presence', { channel: 'plain:x' }, 108],
    ['history', { channel: 'nowhere:x', limit: 1 }, 102],
  ];
  for (const [method, params, code] of errors) {
    const response = await server.api.post(method, params);
    assert.equal(response.status, 200, method);
    assert.equal((await response.json()).error.code, code, `${method} ${JSON.stringify(params)}`);
  }
});

test('with X-Centrifugo-Error-Mode: transport the status tells the error', async () => {
  const response = await server.api.post('publish', { channel: 'nowhere:x', data: {} },
    { 'X-API-Key': API_KEY, 'X-Centrifugo-Error-Mode': 'transport' });
  assert.equal(response.status, 404);
});
