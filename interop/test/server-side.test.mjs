import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols, refusal } from '../kit/sdk.mjs';
import { inSeconds, sign } from '../kit/token.mjs';
import { next, record } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start('server-side.yaml'); });
after(() => server?.stop());

let users = 0;
const newUser = () => `u${process.pid}_${++users}`;

for (const protocol of protocols) {
  describe(`server-side subscriptions, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    /** A user's connection with what its server-side subscriptions tell it. */
    function watch(user, claims = {}, options = {}) {
      const client = clients.create({ token: sign({ sub: user, exp: inSeconds(60), ...claims }), ...options });
      client.tape = record(client, 'publication', ({ channel, data }) => ({ channel, data: protocol.unpack(data) }));
      client.begun = record(client, 'subscribed');
      client.ended = record(client, 'unsubscribed');
      client.joined = record(client, 'join');
      client.left = record(client, 'leave');
      return client;
    }

    async function connected(user, claims) {
      const client = watch(user, claims);
      client.connect();
      await client.ready(8000);
      return client;
    }

    test('the personal channel and those of the token are there from the start', async () => {
      const [user, room, live] = [newUser(), fresh('room'), fresh('live')];
      const client = await connected(user, {
        subs: { [room]: { data: { seat: 7 }, info: { nick: 'x' } }, [live]: {} },
      });
      const begun = (await client.begun.count(3)).toSorted((a, b) => (a.channel < b.channel ? -1 : 1));
      assert.deepEqual(begun.map(({ channel }) => channel), [live, `personal:#${user}`, room].toSorted());
      assert.deepEqual(protocol.unpack(begun.find(({ channel }) => channel === room).data), { seat: 7 });
      assert.equal(begun.find(({ channel }) => channel === live).recoverable, true);

      await server.api.publish(`personal:#${user}`, { n: 1 });
      await server.api.publish(room, { n: 2 });
      assert.deepEqual(await client.tape.count(2), [
        { channel: `personal:#${user}`, data: { n: 1 } },
        { channel: room, data: { n: 2 } },
      ]);
      const { presence } = await server.api.call('presence', { channel: room });
      assert.deepEqual(Object.values(presence).map(({ user: of, chan_info: info }) => [of, info]), [[user, { nick: 'x' }]]);
    });

    test('what was missed is there after the return', async () => {
      const user = newUser();
      const client = await connected(user);
      await server.api.publish(`personal:#${user}`, { n: 1 });
      await client.tape.count(1);
      client.disconnect();
      await server.api.publish(`personal:#${user}`, { n: 2 });
      await server.api.publish(`personal:#${user}`, { n: 3 });
      client.connect();
      await client.ready(8000);
      await server.api.publish(`personal:#${user}`, { n: 4 });
      assert.deepEqual((await client.tape.count(4)).map(({ data }) => data.n), [1, 2, 3, 4]);
      assert.deepEqual((await client.begun.count(2))[1].recovered, true);
    });

    test('the API subscribes and unsubscribes', async () => {
      const [user, room] = [newUser(), fresh('room')];
      const client = await connected(user);
      await server.api.call('subscribe', { user, channel: room, data: { welcome: true } });
      await client.begun.count(2);
      assert.equal(client.begun.items[1].channel, room);
      await client.joined.count(1); // its own
      const other = await connected(newUser(), { channels: [room] });
      await client.joined.count(2);
      await server.api.publish(room, { n: 1 });
      await client.tape.count(1);
      other.disconnect();
      await client.left.count(1);
      await server.api.call('unsubscribe', { user, channel: room });
      assert.equal((await client.ended.count(1))[0].channel, room);
      assert.equal(client.state, 'connected');
    });

    test('the API sends what history has behind a position', async () => {
      const [user, live] = [newUser(), fresh('live')];
      const { epoch } = await server.api.publish(live, { n: 1 });
      await server.api.publish(live, { n: 2 });
      const client = await connected(user);
      await server.api.call('subscribe', { user, channel: live, recover_since: { offset: 1, epoch } });
      await server.api.publish(live, { n: 3 });
      assert.deepEqual((await client.tape.count(2)).map(({ data }) => data.n), [2, 3]);
    });


    test('a channel of an unknown namespace refuses the connection', async () => {
      const client = watch(newUser(), { channels: ['nowhere:x'] });
      const ended = next(client, 'disconnected');
      client.connect();
      assert.equal((await ended).code, 102);
    });

    test('the API lets a connection live on, or ends it', async () => {
      const user = newUser();
      // the application never comes up with a new token
      const client = watch(user, { exp: inSeconds(2) }, { getToken: () => new Promise(() => {}) });
      const moves = record(client, 'connecting');
      client.connect();
      await client.ready(8000);
      await server.api.call('refresh', { user, expire_at: inSeconds(600) });
      await new Promise((resolve) => setTimeout(resolve, 4500));
      assert.equal(client.state, 'connected');
      assert.equal(moves.items.length, 1);
      const gone = next(client, 'connecting', ({ code }) => code === 3005);
      await server.api.call('refresh', { user, expired: true });
      await gone;
      client.disconnect();
    });

    test('many joins come in few messages, and who passes through is not mentioned', async () => {
      const room = fresh('crowd');
      const watcher = await connected(newUser());
      const subscription = await clients.subscribed(watcher, room);
      const [joined, left] = [record(subscription, 'join'), record(subscription, 'leave')];
      await joined.count(1);
      const guests = await Promise.all(Array.from({ length: 20 }, () => connected(newUser())));
      await Promise.all(guests.map((guest) => clients.subscribed(guest, room)));
      await joined.count(21);
      assert.equal(new Set(joined.items.map(({ info }) => info.client)).size, 21);
      const { presence } = await server.api.call('presence', { channel: room });
      assert.equal(Object.keys(presence).length, 21);
      guests.forEach((guest) => guest.disconnect());
      await left.count(20);
      assert.equal(joined.items.length, 21);
    });

    test('a publish too many is refused with 111', async () => {
      const client = await connected(newUser());
      const channel = fresh('limited');
      await client.publish(channel, protocol.pack(1));
      await client.publish(channel, protocol.pack(2));
      assert.equal(await refusal(client.publish(channel, protocol.pack(3))), 111);
      assert.equal(client.state, 'connected');
    });

    test('a user who connects too often is told to come later', async () => {
      const user = newUser();
      for (let i = 0; i < 5; i++) await connected(user);
      const late = watch(user);
      const errors = record(late, 'error');
      late.connect();
      assert.equal((await errors.count(1))[0].error.code, 111);
      assert.equal(late.state, 'connecting'); // it tries again by itself
      late.disconnect();
    });

    test('a call without a proxy is refused with 108, a message that nobody takes ends the connection', async () => {
      const client = await connected(newUser());
      assert.equal(await refusal(client.rpc('nothing', protocol.pack({}))), 108);
      const ended = next(client, 'disconnected');
      await client.send(protocol.pack({}));
      assert.equal((await ended).code, 3508);
    });
  });
}
