// What a client missed while it was cut off: each publication once, in order, or the plain truth that some are gone.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { next, record } from '../kit/deadline.mjs';

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const numbers = (subscription) => subscription.tape.items.map(({ data }) => data.n);

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`recovery, ${protocol.name}`, () => {
    let clients;
    let proxy;
    before(async () => {
      proxy = await Proxy.before(server.port);
      clients = new Clients(protocol, proxy.url);
    });
    after(() => {
      clients.closeAll();
      proxy.close();
    });

    /** Cuts everything, does something meanwhile, and waits until the subscription stands again. */
    async function cutDuring(subscription, work) {
      const lost = next(subscription, 'subscribing');
      proxy.cut();
      await lost;
      await work();
      const back = next(subscription, 'subscribed');
      proxy.mend();
      return back;
    }

    test('what was published during a cut arrives once and in order, in thirty rounds', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      let n = 0;
      for (let round = 0; round < 30; round++) {
        await server.api.publish(channel, { n: ++n });
        const { wasRecovering, recovered } = await cutDuring(subscription, async () => {
          for (let i = 0; i < round; i++) await server.api.publish(channel, { n: ++n });
        });
        assert.equal(wasRecovering, true);
        assert.equal(recovered, true);
      }
      await subscription.tape.count(n);
      assert.deepEqual(numbers(subscription), upTo(n));
      assert.deepEqual(subscription.tape.items.map(({ offset }) => offset), upTo(n));
    });

    test('nothing is lost or doubled while publishing goes on through the cuts', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      let publishing = true;
      let n = 0;
      const publisher = (async () => {
        while (publishing) await server.api.publish(channel, { n: ++n });
      })();
      for (let round = 0; round < 20; round++) {
        await subscription.tape.until((items) => items.length >= round * 3, 'some publications');
        await cutDuring(subscription, async () => {});
      }
      publishing = false;
      await publisher;
      await subscription.tape.count(n);
      assert.deepEqual(numbers(subscription), upTo(n));
    });

    test('several subscriptions of one connection all recover', async () => {
      const client = await clients.connected();
      const channels = upTo(6).map(() => fresh('chat'));
      const subscriptions = [];
      for (const channel of channels) subscriptions.push(await clients.subscribed(client, channel));
      await cutDuring(subscriptions[0], async () => {
        for (let n = 1; n <= 20; n++) await server.api.call('broadcast', { channels, data: { n } });
      });
      for (const subscription of subscriptions) {
        await subscription.tape.count(20);
        assert.deepEqual(numbers(subscription), upTo(20));
      }
    });

    test('recovered publications of 600 KB in all arrive', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      await cutDuring(subscription, async () => {
        for (let n = 2; n <= 61; n++) await server.api.publish(channel, { n, pad: 'x'.repeat(10_000) });
      });
      await subscription.tape.count(61);
      assert.deepEqual(numbers(subscription), upTo(61));
    });

    test('a client that missed nothing is told so', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      const { recovered, hasRecoveredPublications } = await cutDuring(subscription, async () => {});
      assert.equal(recovered, true);
      assert.equal(hasRecoveredPublications, false);
    });

    test('a client that missed more than 300 is told that it did not recover', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      const context = await cutDuring(subscription, async () => {
        for (let n = 2; n <= 302; n++) await server.api.publish(channel, { n });
      });
      assert.equal(context.wasRecovering, true);
      assert.equal(context.recovered, false);
      assert.equal(Number(context.streamPosition.offset), 302);
      await server.api.publish(channel, { n: 303 });
      await subscription.tape.count(2);
      assert.deepEqual(numbers(subscription), [1, 303]);
    });

    test('exactly 300 missed publications are recovered', async () => {
      const channel = fresh('chat');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      const { recovered } = await cutDuring(subscription, async () => {
        for (let n = 2; n <= 301; n++) await server.api.publish(channel, { n });
      });
      assert.equal(recovered, true);
      await subscription.tape.count(301);
      assert.deepEqual(numbers(subscription), upTo(301));
    });

    test('history that was trimmed or removed is not recovered, and nobody pretends', async () => {
      for (const drop of [
        async (channel) => { for (let n = 2; n <= 30; n++) await server.api.publish(channel, { n }); }, // 20 are kept
        async (channel) => {
          await server.api.publish(channel, { n: 2 });
          await server.api.call('history_remove', { channel });
        },
      ]) {
        const channel = fresh('ask');
        const subscription = await clients.subscribed(await clients.connected(), channel, { recoverable: true });
        await server.api.publish(channel, { n: 1 });
        await subscription.tape.count(1);
        const { wasRecovering, recovered } = await cutDuring(subscription, () => drop(channel));
        assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
      }
    });

    test('only those who ask recover, where it is not forced', async () => {
      const channel = fresh('ask');
      const client = await clients.connected();
      const plain = await clients.subscribed(client, channel);
      assert.equal(plain.arrivals.items[0].recoverable, false);
      assert.equal(plain.arrivals.items[0].streamPosition, undefined);
      const positioned = await clients.subscribed(await clients.connected(), channel, { positioned: true });
      assert.equal(positioned.arrivals.items[0].positioned, true);
      assert.equal(Number(positioned.arrivals.items[0].streamPosition.offset), 0);
      await cutDuring(plain, () => server.api.publish(channel, { n: 1 }));
      await server.api.publish(channel, { n: 2 });
      await plain.tape.count(1);
      assert.deepEqual(numbers(plain), [2]);
    });

    test('a subscription can start from a position that the application kept', async () => {
      const channel = fresh('chat');
      for (let n = 1; n <= 9; n++) await server.api.publish(channel, { n });
      const { epoch } = await server.api.call('history', { channel });
      const subscription = clients.watch(await clients.connected(), channel, { since: { offset: 4, epoch } });
      subscription.subscribe();
      await subscription.tape.count(5);
      assert.deepEqual(numbers(subscription), [5, 6, 7, 8, 9]);
      assert.equal(subscription.arrivals.items[0].recovered, true);
    });

    test('a position of another epoch is not recovered', async () => {
      const channel = fresh('chat');
      await server.api.publish(channel, { n: 1 });
      const subscription = await clients.subscribed(await clients.connected(), channel, { since: { offset: 0, epoch: 'other' } });
      assert.equal(subscription.arrivals.items[0].recovered, false);
      assert.deepEqual(numbers(subscription), []);
    });

    test('a client that loads its own state is refused with 112 until its position is good', async () => {
      const channel = fresh('chat');
      for (let n = 1; n <= 5; n++) await server.api.publish(channel, { n });
      const { epoch } = await server.api.call('history', { channel });
      const positions = [{ offset: 2, epoch: 'gone' }, { offset: 3, epoch }];
      let loads = 0;
      const subscription = clients.watch(await clients.connected(), channel, { getState: async () => positions[loads++] });
      subscription.subscribe();
      await subscription.tape.count(2);
      assert.equal(loads, 2);
      assert.equal(subscription.arrivals.items.length, 1);
      assert.deepEqual(numbers(subscription), [4, 5]);
    });

    test('in cache mode the newest publication comes back, and only that', async () => {
      const channel = fresh('cache');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { n: 1 });
      await subscription.tape.count(1);
      const { recovered } = await cutDuring(subscription, async () => {
        for (let n = 2; n <= 7; n++) await server.api.publish(channel, { n });
      });
      assert.equal(recovered, true);
      await server.api.publish(channel, { n: 8 });
      await subscription.tape.count(3);
      assert.deepEqual(numbers(subscription), [1, 7, 8]);
    });

    test('a subscription that the server ended recovers when the application subscribes again', async () => {
      const channel = fresh('chat');
      const client = await clients.connected();
      const subscription = await clients.subscribed(client, channel);
      const ended = record(subscription, 'unsubscribed');
      await server.api.call('unsubscribe', { user: '', channel });
      const [{ code }] = await ended.count(1);
      assert.equal(code, 2000);
      await server.api.publish(channel, { n: 1 });
      subscription.subscribe();
      await subscription.ready(8000);
      await subscription.tape.count(1);
      assert.deepEqual(numbers(subscription), [1]);
    });
  });
}
