import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols, refusal, unsubscription } from '../kit/sdk.mjs';
import { inSeconds, sign } from '../kit/token.mjs';
import { eventually, next, record } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`subscribing, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    test('a subscriber gets what is published, until it unsubscribes', async () => {
      const channel = fresh('plain');
      const [listener, other] = [await clients.connected(), await clients.connected()];
      const subscription = await clients.subscribed(listener, channel);
      const witness = await clients.subscribed(other, channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      const ended = next(subscription, 'unsubscribed');
      subscription.unsubscribe();
      assert.equal((await ended).code, 0);
      await eventually(() => server.api.call('channels', { pattern: channel }),
        ({ channels }) => channels[channel].num_clients === 1, 'one subscriber is left');
      await server.api.publish(channel, { n: 2 });
      await witness.tape.count(2);
      assert.deepEqual(subscription.tape.items.map(({ data }) => data), [{ n: 1 }]);
    });

    test('it can subscribe again to the same channel', async () => {
      const channel = fresh('plain');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      for (let n = 1; n <= 5; n++) {
        subscription.unsubscribe();
        subscription.subscribe();
        await subscription.ready(8000);
        await server.api.publish(channel, { n });
        await subscription.tape.count(n);
      }
      assert.deepEqual(subscription.tape.items.map(({ data }) => data.n), [1, 2, 3, 4, 5]);
    });

    const refused = {
      'an unknown namespace': ['nowhere:x', 102],
      'a namespace for users, as anonymous': ['listen:x', 103],
      'a namespace for tokens, without one': ['closed:x', 103],
      'a private channel without a token': ['$chat:x', 103],
      'a name over 255 bytes': [`chat:${'x'.repeat(260)}`, 107],
      'a name that the pattern forbids': ['plain:NOT-SO', 107],
      'a name that is not ASCII': ['chat:été', 107],
    };
    for (const [what, [channel, code]] of Object.entries(refused)) {
      test(`${what} is refused with ${code}, and the connection lives on`, async () => {
        const client = await clients.connected();
        assert.equal(await unsubscription(clients.watch(client, channel)), code);
        await clients.subscribed(client, fresh('plain'));
        assert.equal(client.state, 'connected');
      });
    }

    test('the ninth channel is one too many: 106', async () => {
      const client = await clients.connected();
      for (let i = 0; i < 8; i++) await clients.subscribed(client, fresh('plain'));
      assert.equal(await unsubscription(clients.watch(client, fresh('plain'))), 106);
    });

    test('a subscription token opens a closed channel to its user', async () => {
      const channel = fresh('closed');
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      const subscription = await clients.subscribed(client, channel, { token: sign({ sub: 'alice', channel }) });
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
    });

    test('a subscription token opens a private channel, and gives its info', async () => {
      const channel = `$${fresh('chat')}`;
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      const token = sign({ sub: 'alice', channel, info: { role: 'host' } });
      const subscription = await clients.subscribed(client, channel, { token });
      const [info] = Object.values((await subscription.presence()).clients);
      assert.deepEqual(protocol.unpack(info.chanInfo), { role: 'host' });
    });

    test('a subscription token of another secret is refused with 103', async () => {
      const channel = fresh('closed');
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      const token = sign({ sub: 'alice', channel }, 'another secret');
      assert.equal(await unsubscription(clients.watch(client, channel, { token })), 103);
    });

    for (const [what, claims] of Object.entries({ channel: { sub: 'alice', channel: 'closed:other' }, user: { sub: 'bob' } })) {
      test(`a subscription token for another ${what} ends the connection with 3500`, async () => {
        const channel = fresh('closed');
        const client = await clients.connected({ token: sign({ sub: 'alice' }) });
        const ended = next(client, 'disconnected');
        clients.watch(client, channel, { token: sign({ channel, ...claims }) }).subscribe();
        assert.equal((await ended).code, 3500);
      });
    }

    test('an expired subscription token is renewed by asking for another', async () => {
      const channel = fresh('closed');
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      let asked = 0;
      await clients.subscribed(client, channel, {
        token: sign({ sub: 'alice', channel, exp: inSeconds(-60) }),
        getToken: async () => { asked++; return sign({ sub: 'alice', channel, exp: inSeconds(600) }); },
      });
      assert.equal(asked, 1);
    });

    test('a subscription whose token runs out is refreshed, and nothing else happens', async () => {
      const channel = fresh('closed');
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      let asked;
      const refreshed = new Promise((resolve) => { asked = resolve; });
      const subscription = await clients.subscribed(client, channel, {
        token: sign({ sub: 'alice', channel, exp: inSeconds(2) }),
        getToken: async () => { asked(); return sign({ sub: 'alice', channel, exp: inSeconds(600) }); },
      });
      const interruptions = record(subscription, 'subscribing');
      await refreshed;
      const end = Date.now() + 2000;
      for (let n = 1; Date.now() < end; n++) {
        await server.api.publish(channel, { n });
        await subscription.tape.count(n);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.deepEqual(interruptions.items, []);
    });

    test('a subscription whose token runs out without a new one is ended with 2501', async () => {
      const channel = fresh('closed');
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      const subscription = await clients.subscribed(client, channel, {
        token: sign({ sub: 'alice', channel, exp: inSeconds(2) }),
        getToken: async () => { throw new Error('the backend is down'); },
      });
      assert.equal((await next(subscription, 'subscribing')).code, 2501);
    });

    test('a message of 60 KB and every kind of character arrives as it was sent', async () => {
      const channel = fresh('plain');
      const client = await clients.connected();
      const subscription = await clients.subscribed(client, channel);
      const text = 'Kardea κάρδεα дверь 扉 🚪 \u2028 "quoted" \\ \n\t\u0000'.repeat(700);
      await clients.publish(subscription, { text });
      const [{ data }] = await subscription.tape.count(1);
      assert.equal(data.text, text);
    });

    test('publishing without being allowed is 103, to nowhere 102', async () => {
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      const listen = await clients.subscribed(client, fresh('listen'));
      assert.equal(await refusal(clients.publish(listen, {})), 103);
      assert.equal(await refusal(client.publish('nowhere:x', protocol.pack({}))), 102);
    });

    test('a user who is not subscribed may not publish where only subscribers may', async () => {
      const client = await clients.connected({ token: sign({ sub: 'alice' }) });
      assert.equal(await refusal(client.publish(fresh('chat'), protocol.pack({}))), 103);
    });

    test('a publication says who published it; the publisher gets it too', async () => {
      const channel = fresh('chat');
      const alice = await clients.connected({ token: sign({ sub: 'alice' }) });
      const bob = await clients.connected({ token: sign({ sub: 'bob' }) });
      const [hers, his] = [await clients.subscribed(alice, channel), await clients.subscribed(bob, channel)];
      await clients.publish(hers, { text: 'hello' });
      for (const { tape } of [hers, his]) {
        const [{ info, offset, data }] = await tape.count(1);
        assert.equal(info.user, 'alice');
        assert.equal(offset, 1);
        assert.deepEqual(data, { text: 'hello' });
      }
    });

    test('a thousand messages of four clients reach everyone once and in one order', async () => {
      const channel = fresh('chat');
      const all = [];
      for (let i = 0; i < 4; i++) all.push(await clients.subscribed(await clients.connected(), channel));
      await Promise.all(all.map(async (subscription, who) => {
        for (let n = 0; n < 250; n++) await clients.publish(subscription, { who, n });
      }));
      for (const { tape } of all) await tape.count(1000);
      const said = (subscription) => subscription.tape.items.map(({ offset, data }) => `${offset}:${data.who}/${data.n}`);
      assert.deepEqual(all[0].tape.items.map(({ offset }) => offset), Array.from({ length: 1000 }, (_, i) => i + 1));
      for (const subscription of all) assert.deepEqual(said(subscription), said(all[0]));
      for (let who = 0; who < 4; who++) {
        const mine = all[0].tape.items.filter(({ data }) => data.who === who).map(({ data }) => data.n);
        assert.deepEqual(mine, Array.from({ length: 250 }, (_, n) => n));
      }
    });
  });
}
