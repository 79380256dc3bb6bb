// Readers that stop reading. Each policy keeps its promise, and nobody else is held up.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, Socket, fresh, protocols } from '../kit/sdk.mjs';
import { record } from '../kit/deadline.mjs';

const BIG = 'x'.repeat(48_000);
// What TCP's buffers on both sides take before the server can see that nobody reads: up to 6 MB here.
const BIG_ONES = 180;
const SMALL_ONES = 80;
const ALL = BIG_ONES + SMALL_ONES;

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`slow consumers, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    /** Subscribes a reader that stops and one that doesn't, overtakes the first, and lets it read again. */
    async function overtake(namespace) {
      const channel = fresh(namespace);
      const sockets = [];
      class Stoppable extends Socket {
        constructor(...args) {
          super(...args);
          sockets.push(this);
        }
      }
      const slowClient = await clients.connected({ websocket: Stoppable });
      const slow = await clients.subscribed(slowClient, channel);
      const healthy = await clients.subscribed(await clients.connected(), channel);
      slow.skips = record(slowClient, 'message', ({ data }) => protocol.unpack(data).skipped);
      slow.interruptions = record(slow, 'subscribing');
      slow.losses = record(slowClient, 'connecting');

      await server.api.publish(channel, { n: 0 });
      await slow.tape.count(1);
      sockets[0].pause();
      for (let n = 1; n <= BIG_ONES; n++) await server.api.publish(channel, { n, pad: BIG });
      for (let n = BIG_ONES + 1; n <= ALL; n++) await server.api.publish(channel, { n });
      await healthy.tape.count(ALL + 1, 20_000);
      assert.deepEqual(numbers(healthy), Array.from({ length: ALL + 1 }, (_, n) => n));
      sockets[0].resume();
      await slow.tape.until((items) => items.at(-1).data.n === ALL, 'the newest publication', 20_000);
      return slow;
    }

    const numbers = ({ tape }) => tape.items.map(({ data }) => data.n);
    const gaps = (all) => all.slice(1).map((n, i) => n - all[i] - 1).filter((gap) => gap > 0);
    const assertRising = (all) => all.slice(1).forEach((n, i) => assert.ok(n > all[i], `${n} came after ${all[i]}`));
    const sum = (values) => values.reduce((total, value) => total + value, 0);

    test('recover: the reader is unsubscribed with 2500 and recovers every publication', async () => {
      const slow = await overtake('slow_recover');
      assert.deepEqual(numbers(slow), Array.from({ length: ALL + 1 }, (_, n) => n));
      assert.ok(slow.interruptions.items.length > 0, 'the reader was never overtaken');
      for (const { code } of slow.interruptions.items) assert.equal(code, 2500);
      for (const { recovered } of slow.arrivals.items.slice(1)) assert.equal(recovered, true);
      assert.deepEqual(slow.losses.items, [], 'the connection was lost');
    });

    test('latest: the reader jumps to the newest, without a word and without a disconnect', async () => {
      const slow = await overtake('slow_latest');
      const all = numbers(slow);
      assertRising(all);
      assert.ok(gaps(all).length > 0, 'the reader was never overtaken');
      assert.deepEqual(slow.interruptions.items, []);
      assert.deepEqual(slow.losses.items, []);
      assert.deepEqual(slow.skips.items, []);
    });

    test('skip: the reader goes on with the oldest that is left, and is told how many it lost', async () => {
      const slow = await overtake('slow_skip');
      const all = numbers(slow);
      assertRising(all);
      const lost = sum(gaps(all));
      assert.ok(lost > 0, 'the reader was never overtaken');
      assert.equal(sum(slow.skips.items.map(({ count }) => count)), lost);
      for (const { channel } of slow.skips.items) assert.equal(channel, slow.channel);
      // what is left: the window's 64 newest all arrive
      assert.deepEqual(all.slice(-60), Array.from({ length: 60 }, (_, i) => ALL - 59 + i));
      assert.deepEqual(slow.losses.items, []);
    });

    test('disconnect: the connection is closed with 3008, and the client comes back and recovers', async () => {
      const slow = await overtake('slow_disconnect');
      assert.equal(slow.losses.items.length, 1);
      // 3008 doesn't wait for the reader: its close frame may not fit into a full socket, then the SDK says 1
      assert.ok([3008, 1].includes(slow.losses.items[0].code), `ended with ${slow.losses.items[0].code}`);
      const [, { wasRecovering, recovered }] = slow.arrivals.items;
      assert.equal(wasRecovering, true);
      const all = numbers(slow);
      assertRising(all);
      // 300 publications can be recovered; who missed more is told so, and only then there is a gap
      assert.equal(gaps(all).length > 0, !recovered);
    });

    test('a slow reader does not cost the others their pings or their replies', async () => {
      const sockets = [];
      class Stoppable extends Socket {
        constructor(...args) { super(...args); sockets.push(this); }
      }
      const channel = fresh('slow_latest');
      await clients.subscribed(await clients.connected({ websocket: Stoppable }), channel);
      const other = await clients.connected();
      const losses = record(other, 'connecting');
      const talk = await clients.subscribed(other, fresh('chat'));
      sockets[0].pause();
      for (let n = 1; n <= 100; n++) {
        await server.api.publish(channel, { n, pad: BIG });
        await clients.publish(talk, { n });
      }
      await talk.tape.count(100);
      assert.deepEqual(losses.items, []);
      sockets[0].terminate();
    });
  });
}
