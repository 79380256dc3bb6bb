// npm peerjs, unchanged, in a real Chromium: peers of one server, and of two that share a broker.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { freePort, Server } from '../kit/server.mjs';
import { brokers } from '../kit/brokers.mjs';
import { launch, prepareWeb } from '../kit/browser.mjs';
import { CALLS, happens, peer, say } from '../kit/peers.mjs';

let browser;
before(async () => {
  prepareWeb();
  browser = await launch(CALLS);
});
after(() => browser?.close());

describe('one server', () => {
  let server;
  before(async () => { server = await Server.dev({ CARDEA_PEERJS_EXPIRE_TIMEOUT: '500ms' }); });
  after(() => server?.stop());

  test('two peers open a data connection, and what they say arrives', async () => {
    const [ann, bob] = await Promise.all([peer(browser, server, 'ann'), peer(browser, server, 'bob')]);
    await Promise.all([happens(ann, 'open'), happens(bob, 'open')]);
    await say(ann, 'bob', 'hello');
    await happens(bob, 'ann: hello');
    await happens(ann, 'bob: echo hello');
    const all = await ann.evaluate(() => new Promise((resolve) => me.listAllPeers(resolve)));
    assert.deepEqual(all, ['ann', 'bob']);
    await Promise.all([ann.context().close(), bob.context().close()]);
  });

  test('a peer without an id gets one, and one that is taken is refused', async () => {
    const some = await peer(browser, server, undefined, { token: 't' });
    await happens(some, 'open');
    assert.match(await some.evaluate(() => me.id), /^[0-9a-f-]{36}$/);
    const carl = await peer(browser, server, 'carl');
    await happens(carl, 'open');
    const eve = await peer(browser, server, 'carl', { token: 'guess' });
    await happens(eve, 'unavailable-id');
    await Promise.all([some, carl, eve].map((page) => page.context().close()));
  });

  test('a call to nobody fails with peer-unavailable', async () => {
    const ann = await peer(browser, server, 'ann');
    await happens(ann, 'open');
    await say(ann, 'nobody', 'hello');
    await happens(ann, 'peer-unavailable');
    await ann.context().close();
  });

  test('a peer that comes back while its old connection stands is open again', async () => {
    const ann = await peer(browser, server, 'ann');
    await happens(ann, 'open');
    // the old socket stays, and nobody tells the server: a network that was left
    await ann.evaluate(() => {
      me.socket._socket.onclose = me.socket._socket.onmessage = null;
      me.socket._socket = undefined;
      me.socket._disconnected = true;
      me.disconnect();
      me.reconnect();
    });
    await happens(ann, 'open', 2);
    await ann.context().close();
  });
});

for (const { name, start } of brokers) {
  describe(`two servers that share a ${name}`, () => {
    let broker, a, b;
    before(async () => {
      broker = await start();
      const dev = async () => new Server(['dev', '--broker', broker.url], await freePort()).up();
      [a, b] = await Promise.all([dev(), dev()]);
    });
    after(async () => {
      await Promise.all([a?.kill(), b?.kill()]);
      await broker?.kill();
    });

    test(`${name}: peers of both find each other, and again when one server has died`, async () => {
      const [ann, bob] = await Promise.all([peer(browser, a, 'ann'), peer(browser, b, 'bob')]);
      await Promise.all([happens(ann, 'open'), happens(bob, 'open')]);
      await say(ann, 'bob', 'hello');
      await happens(bob, 'ann: hello');
      await happens(ann, 'bob: echo hello');
      await say(bob, 'ann', 'hello to you');
      await happens(ann, 'bob: hello to you');
      const eve = await peer(browser, b, 'ann', { token: 'guess' });
      await happens(eve, 'unavailable-id');
      await b.kill();
      await happens(bob, 'disconnected');
      // said while nobody has it, and heard when it comes back through what would be a load balancer
      await say(ann, 'bob', 'where are you?');
      await bob.evaluate((port) => become(port), a.port);
      await happens(bob, 'open', 2);
      await happens(bob, 'ann: where are you?');
      await happens(ann, 'bob: echo where are you?');
      await Promise.all([ann, bob, eve].map((page) => page.context().close()));
    });
  });
}
