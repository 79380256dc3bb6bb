// The SDK over WebTransport, in a real browser, against the server that ./cardea dev starts.
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { launch, launchMortal, open } from '../kit/browser.mjs';
import { prepare } from '../kit/webtransport.mjs';
import { eventually } from '../kit/deadline.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.dev(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

let rooms = 0;
const room = () => `chat:wt${process.pid}-${++rooms}`;

async function page(protocol) {
  const page = await open(browser, `${server.page}/connection/webtransport/certificates`);
  await prepare(page, protocol);
  return page;
}

// By itself, the SDK 5.7.4 hands on what comes in several chunks at once in another order than it came in, and closes a Protobuf
// connection when a chunk ends inside of a message.
const byNumber = (a, b) => a - b;

for (const [protocol, count] of [['json', 200], ['protobuf', 10]]) {
  describe(`one stream, ${protocol}`, () => {
    test('what is published is read once, by the publisher and by others', async () => {
      const tab = await page(protocol);
      const result = await tab.evaluate(async ([channel, count]) => {
        const clients = [connect(), connect()];
        const heard = clients.map(() => []);
        const subs = clients.map((client) => client.newSubscription(channel));
        subs.forEach((sub, i) => sub.on('publication', ({ data }) => heard[i].push(read(data).n)));
        const subscribed = subs.map((sub) => new Promise((resolve) => { sub.on('subscribed', resolve); }));
        subs.forEach((sub) => sub.subscribe());
        clients.forEach((client) => client.connect());
        await Promise.all(subscribed);
        for (let n = 1; n <= count; n++) subs[n % 2].publish(write({ n, text: 'ä'.repeat(n % 50) }));
        const until = Date.now() + 10_000;
        while (heard.some((list) => list.length < count) && Date.now() < until) await new Promise((r) => setTimeout(r, 10));
        const history = await subs[0].history({ limit: count });
        clients.forEach((client) => client.disconnect());
        return { heard, history: history.publications.map((p) => read(p.data).n), log: clients[0].log };
      }, [room(), count]);
      const published = Array.from({ length: count }, (_, i) => i + 1);
      assert.deepEqual(result.history.sort(byNumber), published);
      for (const list of result.heard) assert.deepEqual(list.sort(byNumber), published);
      assert.deepEqual(result.log.map(([event]) => event), ['connecting', 'connected', 'disconnected']);
      assert.equal(result.log[1][2], 'webtransport');
    });
  });
}

test('long messages arrive whole, in both directions', async () => {
  const tab = await page('json');
  const sums = await tab.evaluate(async (channel) => {
    const client = connect();
    const sub = client.newSubscription(channel);
    const heard = [];
    sub.on('publication', ({ data }) => heard.push(read(data)));
    sub.subscribe();
    client.connect();
    await sub.ready(10_000);
    const sent = Array.from({ length: 30 }, (_, i) => String.fromCharCode(97 + (i % 26)).repeat(50_000 + i));
    for (const text of sent) await sub.publish(write(text));
    const until = Date.now() + 10_000;
    while (heard.length < sent.length && Date.now() < until) await new Promise((r) => setTimeout(r, 10));
    client.disconnect();
    return [sent.length, heard.filter((text, i) => text === sent[i]).length];
  }, room());
  assert.equal(sums[1], sums[0]);
});

describe('the end of a session', () => {
  test('a client that breaks the rules is told why, in words, and the page lives on', async () => {
    const tab = await page('json');
    const result = await tab.evaluate(async () => {
      const transport = new WebTransport(endpoint());
      await transport.ready;
      const stream = await transport.createBidirectionalStream();
      const writer = stream.writable.getWriter();
      await writer.write(new TextEncoder().encode('this is not JSON\n'));
      const reader = stream.readable.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
      const { closeCode, reason } = await transport.closed;
      return { text, closeCode, reason };
    });
    assert.equal(result.text, '{"push":{"disconnect":{"code":3501,"reason":"bad request"}}}\n');
    assert.deepEqual([result.closeCode, result.reason], [3501, 'bad request']);
  });

  test('the server stops and comes back: pages reconnect and recover', async () => {
    const tab = await page('json');
    const channel = room();
    await tab.evaluate(async (channel) => {
      globalThis.client = connect();
      globalThis.sub = client.newSubscription(channel);
      globalThis.heard = [];
      sub.on('publication', ({ data }) => heard.push(data.n));
      sub.subscribe();
      client.connect();
      await sub.ready(10_000);
      await sub.publish({ n: 1 });
    }, channel);
    await server.stop();
    await tab.waitForFunction(() => client.state === 'connecting');
    assert.deepEqual(await tab.evaluate(() => client.log.filter(([event]) => event === 'connecting').at(-1)), ['connecting', 3001, 'shutdown']);
    await server.up();
    // another certificate: the page has to fetch its hash again
    const fresh = await page('json');
    assert.ok(await fresh.evaluate(async () => { const client = connect(); client.connect(); await client.ready(10_000); return true; }));
    assert.deepEqual(tab.errors, []);
    assert.equal(await tab.evaluate(() => document.readyState), 'complete'); // its tab didn't crash
  });

  test('whoever leaves is gone at once', async () => {
    const tab = await page('json');
    const watcher = await page('json');
    const channel = room();
    await watcher.evaluate(async (channel) => {
      globalThis.left = [];
      const client = connect();
      const sub = client.newSubscription(channel);
      sub.on('leave', ({ info }) => left.push(info.client));
      sub.subscribe();
      client.connect();
      await sub.ready(10_000);
    }, channel);
    const ids = await tab.evaluate(async (channel) => {
      const ids = [];
      for (let i = 0; i < 4; i++) {
        const client = connect();
        client.on('connected', (context) => ids.push(context.client));
        const sub = client.newSubscription(channel);
        sub.subscribe();
        client.connect();
        await sub.ready(10_000);
        client.disconnect();
      }
      return ids;
    }, channel);
    await watcher.waitForFunction(() => left.length === 4);
    assert.deepEqual((await watcher.evaluate(() => left)).sort(), ids.sort());
  });

  test('a browser that is killed while messages flow is gone within seconds, though nobody says goodbye', async () => {
    const channel = room();
    const { browser: mortal, kill } = await launchMortal();
    try {
      const tab = await open(mortal, `${server.page}/connection/webtransport/certificates`);
      await prepare(tab, 'json');
      await tab.evaluate(async (channel) => {
        globalThis.heard = 0;
        const client = connect();
        const sub = client.newSubscription(channel);
        sub.on('publication', () => heard++);
        sub.subscribe();
        client.connect();
        await sub.ready(10_000);
      }, channel);
      const clients = async () => (await server.api.call('presence_stats', { channel })).num_clients;
      await server.api.publish(channel, { n: 0 });
      await tab.waitForFunction(() => heard === 1);
      assert.equal(await clients(), 1);
      await kill();
      let n = 0;
      const publishAndCount = async () => {
        await server.api.publish(channel, { n: ++n, text: 'x'.repeat(5000) });
        return clients();
      };
      await eventually(publishAndCount, (count) => count === 0, 'the end of the killed one', 15_000);
    } finally {
      await kill();
    }
  });
});

describe('who is let in', () => {
  const opens = (tab, query) => tab.evaluate(async (query) => {
    const transport = new WebTransport(query.startsWith('http') ? query : endpoint(query));
    return transport.ready.then(() => 'open', () => 'refused');
  }, query);

  test('another path is refused', async () => {
    const tab = await page('json');
    assert.equal(await opens(tab, '/other'), 'refused');
    assert.equal(await opens(tab, ''), 'open');
  });

  test('a page of another origin is refused', async () => {
    const tab = await page('json');
    const hash = await tab.evaluate(async () => (await (await fetch('/connection/webtransport/certificates')).json()).hashes[0].value);
    const url = await tab.evaluate(() => endpoint());
    const other = await tab.context().newPage();
    await other.route('https://elsewhere.test/', (route) => route.fulfill({ contentType: 'text/html', body: 'elsewhere' }));
    await other.goto('https://elsewhere.test/');
    const outcome = await other.evaluate(async ([url, hash]) => {
      const value = Uint8Array.from(atob(hash), (c) => c.charCodeAt(0));
      const transport = new WebTransport(url, { serverCertificateHashes: [{ algorithm: 'sha-256', value }] });
      return transport.ready.then(() => 'open', () => 'refused');
    }, [url, hash]);
    assert.equal(outcome, 'refused');
  });
});
