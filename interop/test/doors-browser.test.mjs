// One page in a real browser, that goes through each door in turn with nothing but its URL changed.
import { after, afterEach, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { launch, prepareWeb } from '../kit/browser.mjs';
import { enter } from '../kit/doors.mjs';

const MESSAGES = 1000;
let server;
let browser;
let publishers;
before(async () => {
  prepareWeb();
  [server, browser] = await Promise.all([Server.dev(), launch()]);
  publishers = new Clients(protocols[0], server.url);
});
after(async () => {
  publishers?.closeAll();
  await browser?.close();
  await server?.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

for (const door of ['websocket', 'http_stream', 'sse', 'eventsource']) {
  test(`through ${door}: a thousand messages once and in order, while the connection is cut three times`, async () => {
    const proxy = await Proxy.before(server.port);
    const origin = new URL(proxy.url.replace('ws', 'http')).origin;
    const channel = fresh('chat');
    const page = await enter(await browser.newContext(), origin, door, channel);
    const subscription = await publishers.subscribed(await publishers.connected(), channel);
    let n = 0;
    const publish = async (count) => {
      await Promise.all(Array.from({ length: count }, () => publishers.publish(subscription, { n: ++n })));
    };
    for (let cut = 1; cut <= 3; cut++) {
      await publish(200);
      proxy.cut();
      await publish(100);
      proxy.mend();
      await page.waitForFunction((times) => globalThis.opened === times, cut + 1);
    }
    await publish(MESSAGES - n);
    await page.waitForFunction((count) => globalThis.heard.length >= count, MESSAGES);
    const [heard, recovered] = await page.evaluate(() => [globalThis.heard, globalThis.recovered]);
    assert.deepEqual(heard, Array.from({ length: MESSAGES }, (_, i) => i + 1));
    assert.deepEqual(recovered, [true, true, true]);
    proxy.close();
  });
}

for (const door of ['http_stream', 'sse']) {
  test(`a page whose WebSocket is blocked falls back on ${door}`, async () => {
    const channel = fresh('chat');
    const page = await enter(await browser.newContext(), server.page, door, channel, '&blocked');
    assert.equal(await page.evaluate(() => globalThis.transport), door);
    const subscription = await publishers.subscribed(await publishers.connected(), channel);
    await publishers.publish(subscription, { n: 1 });
    await page.waitForFunction(() => globalThis.heard.length === 1);
  });
}
