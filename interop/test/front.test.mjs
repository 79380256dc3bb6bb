// The reverse proxies that the documentation configures, from its own files, in front of every door; a browser behind HTTP/2.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Front, fronts } from '../kit/front.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { launch, prepareWeb } from '../kit/browser.mjs';
import { enter, hub, pageDoors } from '../kit/doors.mjs';

let server;
let browser;
let publishers;
before(async () => {
  prepareWeb();
  const origins = { CARDEA_CLIENT_ALLOWED_ORIGINS: 'https://localhost:* http://localhost:*' }; // what browsers see is the proxy
  [server, browser] = await Promise.all([Server.dev({ ...hub, ...origins }), launch()]);
  publishers = new Clients(protocols[0], server.url);
});
after(async () => {
  publishers?.closeAll();
  await browser?.close();
  await server?.stop();
});

for (const kind of fronts) {
  describe(`behind ${kind.name}`, () => {
    let front;
    before(async () => { front = await Front.before(server.port, kind); });
    after(() => front?.stop());

    for (const door of pageDoors.filter((name) => !name.startsWith('webtransport'))) { // that is UDP, which goes past them
      test(`${door} passes, and what is published is heard at once`, async () => {
        const channel = fresh('chat');
        const context = await browser.newContext({ ignoreHTTPSErrors: true });
        const page = await enter(context, front.origin, door, channel);
        const subscription = await publishers.subscribed(await publishers.connected(), channel);
        for (let n = 1; n <= 20; n++) {
          await publishers.publish(subscription, { n });
          await page.waitForFunction((count) => globalThis.heard.length === count, n);
        }
        const spoken = await page.evaluate(async () => {
          await fetch('/icon.svg');
          return performance.getEntriesByType('resource').at(-1).nextHopProtocol;
        });
        assert.equal(spoken, 'h2');
        await context.close();
      });
    }

    test('what is the server\'s own business stays inside', async () => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      for (const path of ['/api/info', '/metrics']) {
        assert.equal((await context.request.get(front.origin + path)).status(), 404);
      }
      await context.close();
    });
  });
}
