// Deltas through the SDK, and through npm fossil-delta on what comes over the wire.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { applyDelta } from 'fossil-delta';
import { Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, Socket, fresh, protocols } from '../kit/sdk.mjs';
import { Tape, next } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

/** A document of which each revision changes a little: Latin, Cyrillic, Han and emoji. */
const revision = (n) => ({
  n,
  title: `Дверь № ${n % 7}, ${'открыта закрыта'.slice(n % 8, 8 + n % 7)}`,
  signs: '🚪🗝🔑🔐🏠'.repeat(3).slice((n % 5) * 2),
  body: Array.from({ length: 12 }, (_, i) => `${i}: петля скрипит на ветру, 門が開く ${i === n % 12 ? n : ''}`),
});

for (const protocol of protocols) {
  describe(`delta, ${protocol.name}`, () => {
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

    test('the SDK makes every revision of the patches, in a channel with history', async () => {
      const channel = fresh('delta');
      const subscription = await clients.subscribed(await clients.connected(), channel, { delta: 'fossil' });
      const whole = await clients.subscribed(await clients.connected(), channel);
      for (let n = 1; n <= 100; n++) await server.api.publish(channel, revision(n));
      const got = await subscription.tape.count(100);
      assert.deepEqual(got.map(({ data }) => data), Array.from({ length: 100 }, (_, i) => revision(i + 1)));
      assert.deepEqual((await whole.tape.count(100)).map(({ data }) => data), got.map(({ data }) => data));
      const stats = { deltas: subscription._deltaNumDelta, full: subscription._deltaNumFull };
      assert.deepEqual(stats, { deltas: 99, full: 1 });
      assert.ok(subscription._deltaBytesReceived < subscription._deltaBytesDecoded / 3,
        `${subscription._deltaBytesReceived} of ${subscription._deltaBytesDecoded} bytes`);
    });

    test('what was missed is recovered as patches, and goes on with patches', async () => {
      const channel = fresh('delta');
      const subscription = await clients.subscribed(await clients.connected(), channel, { delta: 'fossil' });
      let n = 0;
      for (let round = 0; round < 5; round++) {
        await server.api.publish(channel, revision(++n));
        const lost = next(subscription, 'subscribing');
        proxy.cut();
        await lost;
        for (let i = 0; i < 4; i++) await server.api.publish(channel, revision(++n));
        const back = next(subscription, 'subscribed');
        proxy.mend();
        assert.equal((await back).recovered, true);
      }
      await server.api.publish(channel, revision(++n));
      const got = await subscription.tape.count(n);
      assert.deepEqual(got.map(({ data }) => data), Array.from({ length: n }, (_, i) => revision(i + 1)));
      assert.ok(subscription._deltaNumDelta > 10, `${subscription._deltaNumDelta} patches`);
    });

    test('in cache mode the newest comes whole and the next as its patch', async () => {
      const channel = fresh('delta_cache');
      await server.api.publish(channel, revision(1));
      await server.api.publish(channel, revision(2));
      const subscription = await clients.subscribed(await clients.connected(), channel, { delta: 'fossil' });
      await server.api.publish(channel, revision(3));
      const got = await subscription.tape.count(2);
      assert.deepEqual(got.map(({ data }) => data), [revision(2), revision(3)]);
      assert.deepEqual([subscription._deltaNumFull, subscription._deltaNumDelta], [1, 1]);
    });

    test('only what is published as a delta is patched where the namespace does not say so', async () => {
      const channel = fresh('delta_asked');
      const subscription = await clients.subscribed(await clients.connected(), channel, { delta: 'fossil' });
      for (let n = 1; n <= 6; n++) await server.api.publish(channel, revision(n), { delta: n % 2 === 0 });
      const got = await subscription.tape.count(6);
      assert.deepEqual(got.map(({ data }) => data.n), [1, 2, 3, 4, 5, 6]);
      assert.deepEqual([subscription._deltaNumFull, subscription._deltaNumDelta], [3, 3]);
    });

    test('what a client publishes is patched too', async () => {
      const channel = fresh('delta');
      const subscription = await clients.subscribed(await clients.connected(), channel, { delta: 'fossil' });
      for (let n = 1; n <= 5; n++) await clients.publish(subscription, revision(n));
      const got = await subscription.tape.count(5);
      assert.deepEqual(got.map(({ data }) => data.n), [1, 2, 3, 4, 5]);
      assert.equal(subscription._deltaNumDelta, 4);
    });
  });
}

test('npm fossil-delta makes the documents of what is on the wire', async () => {
  const channel = fresh('delta');
  const socket = new Socket(server.url);
  const tape = new Tape();
  socket.on('message', (message) => String(message).split('\n').filter(Boolean).forEach((line) => tape.push(JSON.parse(line))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ id: 1, connect: {} }));
  socket.send(JSON.stringify({ id: 2, subscribe: { channel, delta: 'fossil' } }));
  await tape.until((items) => items.some(({ id }) => id === 2), 'the subscribe reply');
  const letters = [...'абвгдеЁя漢字門🚪🗝é"\\\n\t az'];
  let seed = 20260914;
  const random = (below) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % below; };
  const text = (length) => Array.from({ length }, () => letters[random(letters.length)]).join('');
  const sent = [];
  let document = text(200);
  for (let i = 0; i < 300; i++) {
    const at = random(document.length);
    document = Array.from(document).toSpliced(at, random(8), ...text(random(8))).join('') || text(200);
    sent.push(document);
    await server.api.publish(channel, document);
  }
  const pushes = await tape.until((items) => items.filter(({ push }) => push?.pub).length >= sent.length, 'all')
    .then((items) => items.filter(({ push }) => push?.pub).map(({ push }) => push.pub));
  let base;
  let patches = 0;
  pushes.forEach(({ data, delta }, i) => {
    assert.equal(typeof data, 'string');
    base = delta ? Buffer.from(applyDelta(base, Buffer.from(data))) : Buffer.from(data);
    if (delta) patches++;
    assert.equal(JSON.parse(String(base)), sent[i]);
  });
  assert.ok(patches > 250, `${patches} patches`);
  socket.close();
});
