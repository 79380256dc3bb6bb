import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols, refusal } from '../kit/sdk.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { sign } from '../kit/token.mjs';
import { eventually, record } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`presence, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());
    const user = (name) => clients.connected({ token: sign({ sub: name }) });

    test('presence lists each connection, its stats count connections and users', async () => {
      const channel = fresh('chat');
      const alice = await clients.subscribed(await user('alice'), channel);
      await clients.subscribed(await user('alice'), channel);
      await clients.subscribed(await user('bob'), channel);
      const users = Object.values((await alice.presence()).clients).map(({ user: name }) => name).sort();
      assert.deepEqual(users, ['alice', 'alice', 'bob']);
      const { numClients, numUsers } = await alice.presenceStats();
      assert.deepEqual({ numClients, numUsers }, { numClients: 3, numUsers: 2 });
    });

    test('joins and leaves are told, one\'s own join too', async () => {
      const channel = fresh('chat');
      const alice = clients.watch(await user('alice'), channel);
      const [joins, leaves] = [record(alice, 'join', ({ info }) => info.user), record(alice, 'leave', ({ info }) => info.user)];
      alice.subscribe();
      await joins.count(1);
      const bob = await clients.subscribed(await user('bob'), channel);
      const carol = await user('carol');
      await clients.subscribed(carol, channel);
      await joins.count(3);
      bob.unsubscribe();
      await leaves.count(1);
      carol.disconnect();
      await leaves.count(2);
      assert.deepEqual(joins.items, ['alice', 'bob', 'carol']);
      assert.deepEqual(leaves.items, ['bob', 'carol']);
      const { numClients } = await alice.presenceStats();
      assert.equal(numClients, 1);
    });

    test('joins come only to those who ask, where they are not forced', async () => {
      const channel = fresh('ask');
      const silent = clients.watch(await user('alice'), channel);
      const curious = clients.watch(await user('bob'), channel, { joinLeave: true });
      const [unasked, asked] = [record(silent, 'join'), record(curious, 'join')];
      for (const subscription of [silent, curious]) {
        subscription.subscribe();
        await subscription.ready(8000);
      }
      await clients.subscribed(await user('carol'), channel);
      await asked.until((items) => items.some(({ info }) => info.user === 'carol'), 'carol');
      await server.api.publish(channel, {});
      await silent.tape.count(1);
      assert.deepEqual(unasked.items, []);
    });

    test('presence is 108 where it is off, 103 where it is not allowed', async () => {
      const plain = await clients.subscribed(await user('alice'), fresh('plain'));
      assert.equal(await refusal(plain.presence()), 108);
      assert.equal(await refusal(plain.presenceStats()), 108);
      const listen = await clients.subscribed(await user('alice'), fresh('listen'));
      assert.equal(await refusal(listen.presence()), 103);
      assert.equal(await refusal(listen.presenceStats()), 103);
    });
  });

  describe(`history, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    async function filled(count) {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      for (let n = 1; n <= count; n++) await server.api.publish(channel, { n });
      return subscription;
    }
    const numbers = ({ publications }) => publications.map(({ data }) => protocol.unpack(data).n);
    const offsets = ({ publications }) => publications.map(({ offset }) => Number(offset));

    test('a limit counts from the oldest, and in reverse from the newest', async () => {
      const chat = await filled(10);
      assert.deepEqual(numbers(await chat.history({ limit: 3 })), [1, 2, 3]);
      assert.deepEqual(numbers(await chat.history({ limit: 3, reverse: true })), [10, 9, 8]);
      assert.deepEqual(numbers(await chat.history({ limit: -1 })), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    test('without a limit only the position comes', async () => {
      const chat = await filled(4);
      const position = await chat.history();
      assert.deepEqual(position.publications, []);
      assert.equal(Number(position.offset), 4);
      assert.match(position.epoch, /^.{4,}$/);
    });

    test('since pages through it, forwards and backwards', async () => {
      const chat = await filled(10);
      const { epoch } = await chat.history();
      const seen = [];
      for (let offset = 0; ;) {
        const page = await chat.history({ limit: 4, since: { offset, epoch } });
        if (page.publications.length === 0) break;
        seen.push(...offsets(page));
        offset = Number(page.publications.at(-1).offset);
      }
      assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      assert.deepEqual(offsets(await chat.history({ limit: 3, since: { offset: 5, epoch }, reverse: true })), [4, 3, 2]);
    });

    test('since of another epoch is 112, reverse from offset 0 is 107', async () => {
      const chat = await filled(3);
      const { epoch } = await chat.history();
      assert.equal(await refusal(chat.history({ limit: 5, since: { offset: 1, epoch: 'another' } })), 112);
      assert.equal(await refusal(chat.history({ limit: 5, since: { offset: 0, epoch }, reverse: true })), 107);
    });

    test('only as many are kept as the namespace says, and one call returns 300 at most', async () => {
      const listen = fresh('ask');
      for (let n = 1; n <= 25; n++) await server.api.publish(listen, { n });
      const { publications, offset } = await server.api.call('history', { channel: listen, limit: -1 });
      assert.equal(offset, 25);
      assert.deepEqual(publications.map(({ data }) => data.n), Array.from({ length: 20 }, (_, i) => i + 6));
      const chat = await filled(310);
      assert.equal((await chat.history({ limit: -1 })).publications.length, 300);
      assert.equal((await chat.history({ limit: 305 })).publications.length, 300);
    });

    test('history is 108 where there is none, 103 where it is not allowed', async () => {
      const plain = await clients.subscribed(await clients.connected(), fresh('plain'));
      assert.equal(await refusal(plain.history({ limit: 1 })), 108);
      const listen = await clients.subscribed(await clients.connected({ token: sign({ sub: 'alice' }) }), fresh('listen'));
      assert.equal(await refusal(listen.history({ limit: 1 })), 103);
    });

    test('tags and the publisher are kept', async () => {
      const channel = fresh('chat');
      const chat = await clients.subscribed(await clients.connected({ token: sign({ sub: 'alice' }) }), channel);
      await clients.publish(chat, { n: 1 });
      await server.api.publish(channel, { n: 2 }, { tags: { colour: 'red' } });
      const { publications } = await chat.history({ limit: 5 });
      assert.equal(publications[0].info.user, 'alice');
      assert.deepEqual(publications[1].tags, { colour: 'red' });
      const [, second] = await chat.tape.count(2);
      assert.deepEqual(second.tags, { colour: 'red' });
    });
  });
}

test('presence ends with a connection that is cut off', async () => {
  const proxy = await Proxy.before(server.port);
  const clients = new Clients(protocols[0], proxy.url);
  const channel = fresh('chat');
  await clients.subscribed(await clients.connected(), channel);
  const ask = () => server.api.call('presence_stats', { channel });
  assert.equal((await ask()).num_clients, 1);
  proxy.cut();
  await eventually(ask, ({ num_clients: n }) => !n, 'nobody is present');
  clients.closeAll();
  proxy.close();
});
