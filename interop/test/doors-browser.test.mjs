// One page in a real browser, that goes through each door in turn with nothing but its URL changed.
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { launch, prepareWeb } from '../kit/browser.mjs';
import { HUB_KEY, enter, hub, pageDoors } from '../kit/doors.mjs';
import { sign } from '../kit/token.mjs';

const MESSAGES = 1000;
let server;
let browser;
let publishers;
let publisher;
before(async () => {
  prepareWeb();
  // Over UDP nobody is told of a cut, and QUIC gets over a short one: only the missing ping tells.
  const pings = { CARDEA_CLIENT_PING_INTERVAL: '1s', CARDEA_CLIENT_PONG_TIMEOUT: '800ms' };
  [server, browser] = await Promise.all([Server.dev({ ...hub, ...pings }), launch()]);
  publishers = new Clients(protocols[0], server.url);
  publisher = await publishers.connected();
});
after(async () => {
  publishers?.closeAll();
  await browser?.close();
  await server?.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const originOf = (proxy) => new URL(proxy.url.replace('ws', 'http')).origin;

for (const door of pageDoors) {
  test(`through ${door}: a thousand messages once and in order, while the connection is cut three times`, async () => {
    const proxy = await Proxy.ofBoth(server.port);
    const channel = fresh('chat');
    const page = await enter(await browser.newContext(), originOf(proxy), door, channel);
    const subscription = await publishers.subscribed(publisher, channel);
    let n = 0;
    const publish = async (count) => {
      await Promise.all(Array.from({ length: count }, () => publishers.publish(subscription, { n: ++n })));
    };
    const hears = (count) => page.waitForFunction((all) => globalThis.heard.length >= all, count);
    // an EventSource that has heard nothing has no id that it could recover from
    await publish(1);
    await hears(1);
    for (let cut = 1; cut <= 3; cut++) {
      await publish(200);
      proxy.cut();
      await publish(100);
      await page.waitForFunction((times) => globalThis.lost === times, cut);
      proxy.mend();
      await page.waitForFunction((times) => globalThis.opened === times, cut + 1);
      // an EventSource is open before it has read anything: the next cut could reach back beyond the 300 that are kept
      await hears(n);
    }
    await publish(MESSAGES - n);
    await hears(MESSAGES);
    const [heard, recovered] = await page.evaluate(() => [globalThis.heard, globalThis.recovered]);
    assert.deepEqual(heard, upTo(MESSAGES));
    assert.deepEqual(recovered, [true, true, true]);
    proxy.close();
  });
}

describe('through webtransport-datagrams', () => {
  const published = async (from, to, channel) => {
    for (let n = from; n <= to; n++) await publisher.publish(channel, { n });
  };

  test('the newest arrives, the sequence never goes back, and each lost message is counted', async () => {
    const proxy = await Proxy.ofBoth(server.port);
    const channel = fresh('hol');
    const page = await enter(await browser.newContext(), originOf(proxy), 'webtransport-datagrams', channel);
    proxy.loss = 0.1;
    // in short rows: more than the congestion window takes are dropped, and not lost on the way
    for (let newest = 20; newest <= MESSAGES; newest += 20) {
      await published(newest - 19, newest, channel);
      await page.waitForFunction((count) => globalThis.heard.at(-1) === count, newest);
    }
    const [heard, counts] = await page.evaluate(() => [globalThis.heard, globalThis.current.counts]);
    assert.deepEqual(heard, [...new Set(heard)].sort((a, b) => a - b));
    const [{ received, lost }] = counts;
    assert.equal(received, heard.length);
    assert.equal(received + lost, MESSAGES);
    assert.ok(lost > 30 && lost < 300, `${lost} lost of ${MESSAGES}, where one in ten is`);
    proxy.close();
  });

  test('while the connection is cut three times, the newest arrives each time, and nothing old does', async () => {
    const proxy = await Proxy.ofBoth(server.port);
    const channel = fresh('hol');
    const page = await enter(await browser.newContext(), originOf(proxy), 'webtransport-datagrams', channel);
    for (let cut = 1; cut <= 3; cut++) {
      await published(cut * 300 - 299, cut * 300 - 100, channel);
      await page.waitForFunction((newest) => globalThis.heard.at(-1) === newest, cut * 300 - 100);
      proxy.cut();
      await published(cut * 300 - 99, cut * 300, channel);
      await page.waitForFunction((times) => globalThis.lost === times, cut);
      proxy.mend();
      await page.waitForFunction((times) => globalThis.opened === times, cut + 1);
    }
    await published(901, MESSAGES, channel);
    await page.waitForFunction((newest) => globalThis.heard.at(-1) === newest, MESSAGES);
    const heard = await page.evaluate(() => globalThis.heard);
    assert.deepEqual(heard, [...new Set(heard)].sort((a, b) => a - b));
    proxy.close();
  });
});

test('what the hub, the HTTP API and a client publish is heard at all doors, in one order', async () => {
  const channel = fresh('chat');
  const pages = await Promise.all(pageDoors.map(async (door) => enter(await browser.newContext(), server.page, door, channel)));
  const topic = channel.slice('chat:'.length);
  const token = sign({ mercure: { publish: ['*'] } }, HUB_KEY);
  const answer = await fetch(`${server.page}/.well-known/mercure`, {
    method: 'POST', headers: { authorization: `Bearer ${token}` }, body: new URLSearchParams({ topic, data: '{"n":1}' }),
  });
  assert.equal(answer.status, 200);
  await server.api.publish(channel, { n: 2 });
  await publisher.publish(channel, { n: 3 });
  for (const [i, page] of pages.entries()) {
    await page.waitForFunction(() => globalThis.heard.length === 3);
    assert.deepEqual(await page.evaluate(() => globalThis.heard), [1, 2, 3], pageDoors[i]);
  }
});

for (const door of ['http_stream', 'sse']) {
  test(`a page whose WebSocket is blocked falls back on ${door}`, async () => {
    const channel = fresh('chat');
    const page = await enter(await browser.newContext(), server.page, door, channel, '&blocked');
    assert.equal(await page.evaluate(() => globalThis.transport), door);
    await publisher.publish(channel, { n: 1 });
    await page.waitForFunction(() => globalThis.heard.length === 1);
  });
}
