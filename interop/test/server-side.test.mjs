import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
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
    function watch(user, claims = {}) {
      const client = clients.create({ token: sign({ sub: user, exp: inSeconds(60), ...claims }) });
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
  });
}
