// The Mercure hub with EventSource, in a browser and in Node, in both versions; and beside all other doors, on the mapped namespace.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { Server, API_KEY } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { launch } from '../kit/browser.mjs';
import { browserish, door } from '../kit/doors.mjs';
import { Clients, Socket, protocols } from '../kit/sdk.mjs';
import { Tape, within } from '../kit/deadline.mjs';
import { sign } from '../kit/token.mjs';

const KEY = 'the secret of publishers and subscribers';
const CONFIG = `
client: {insecure: true, allowed_origins: ["*"]}
http_api: {key: ${API_KEY}}
http_stream: {enabled: true}
sse: {enabled: true}
uni_sse: {enabled: true}
uni_http_stream: {enabled: true}
uni_websocket: {enabled: true}
channel:
  namespaces:
    - {name: news, history_size: 100, history_ttl: 10m, force_recovery: true}
mercure:
  enabled: true
  anonymous: true
  publisher_jwt: {key: ${KEY}}
  subscriber_jwt: {key: ${KEY}}
  namespace: news
`;
const TOKEN = sign({ mercure: { publish: ['*'], subscribe: ['*'] } }, KEY);

let server;
let proxy;
let cuttable;
before(async () => {
  server = await Server.startWith(CONFIG);
  proxy = await Proxy.before(server.port);
  cuttable = new URL(proxy.url.replace('ws', 'http')).origin;
});
after(async () => {
  proxy?.close();
  await server?.stop();
});

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const hubAt = (origin, query) => `${origin}/.well-known/mercure?${new URLSearchParams(query)}`;

async function publish(fields) {
  const response = await fetch(`${server.page}/.well-known/mercure`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: new URLSearchParams(fields),
  });
  assert.equal(response.status, 200);
  return response.text();
}

/** Publishes 1000 updates, and cuts all connections three times meanwhile. `first` waits until the first has arrived. */
async function publishThroughCuts(topic, first) {
  for (let n = 1; n <= 1000; n++) {
    await publish({ topic, data: n, ...(n === 1 && { retry: 50 }) });
    if (n === 1) await first();
    if (n % 250 === 0 && n < 1000) {
      proxy.cut();
      proxy.mend();
    }
  }
}

/** An EventSource that is open, with the tape of its messages. */
async function opened(url, read) {
  const source = new EventSource(url);
  source.tape = new Tape();
  source.gaps = 0;
  source.onmessage = ({ data }) => source.tape.push(read(data));
  source.addEventListener('cardea-gap', () => source.gaps++);
  await within(new Promise((resolve) => { source.onopen = resolve; }), 'the stream\'s begin');
  return source;
}

for (const [version, query, topic] of [['0.x', { topic: 'books/{id}' }, 'books/1'], ['1.0', { match_urlpattern: '/books/:id' }, '/books/1']]) {
  test(`a browser's EventSource gets each of 1000 updates once and in order while it is cut three times, ${version}`, async () => {
    const browser = await launch();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(`${cuttable}/nothing/here`); // a page of the hub's own origin, whatever it says
      await page.evaluate((url) => {
        globalThis.got = [];
        globalThis.gaps = 0;
        globalThis.opens = 0;
        const source = new EventSource(url);
        source.onopen = () => { globalThis.opens++; };
        source.onmessage = ({ data }) => globalThis.got.push(Number(data));
        source.addEventListener('cardea-gap', () => { globalThis.gaps++; });
      }, hubAt(cuttable, query));
      await page.waitForFunction(() => globalThis.opens === 1);
      await publishThroughCuts(topic, () => page.waitForFunction(() => globalThis.got.length === 1));
      await page.waitForFunction(() => globalThis.got.at(-1) === 1000);
      assert.deepEqual(await page.evaluate(() => globalThis.got), upTo(1000));
      const [gaps, opens] = await page.evaluate(() => [globalThis.gaps, globalThis.opens]);
      assert.equal(gaps, 0);
      assert.ok(opens > 1, `opened ${opens} times`);
    } finally {
      await browser.close();
    }
  });

  test(`the package eventsource gets each of 1000 updates once and in order while it is cut three times, ${version}`, async () => {
    const source = await opened(hubAt(cuttable, query), Number);
    try {
      await publishThroughCuts(topic, () => source.tape.count(1));
      assert.deepEqual(await source.tape.count(1000, 20_000), upTo(1000));
      assert.equal(source.gaps, 0);
    } finally {
      source.close();
    }
  });
}

test('requests as PHP applications make them are understood, public and private', async () => {
  const topic = 'https://example.com/orders/1';
  const subscriber = sign({ mercure: { subscribe: ['https://example.com/orders/{id}'] } }, KEY);
  const anybody = await opened(hubAt(server.page, { topic }), String);
  const owner = await opened(hubAt(server.page, { topic, authorization: subscriber }), String);
  try {
    // fields as http_build_query writes them: spaces as +, an empty one left out, the token in the header
    for (const body of [
      'topic=https%3A%2F%2Fexample.com%2Forders%2F1&data=%7B%22state%22%3A%22in+the+post%22%7D&private=on&id=urn%3Auuid%3A1',
      'topic=https%3A%2F%2Fexample.com%2Forders%2F1&topic=https%3A%2F%2Fexample.com%2Forders&data=caf%C3%A9+%26+bar&type=message&retry=100',
    ]) {
      const response = await fetch(`${server.page}/.well-known/mercure`, {
        method: 'POST', body, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' },
      });
      assert.equal(response.status, 200);
      assert.match(await response.text(), /^urn:uuid:/);
    }
    assert.deepEqual(await owner.tape.count(2), ['{"state":"in the post"}', 'caf\u00e9 & bar']);
    assert.deepEqual(await anybody.tape.count(1), ['caf\u00e9 & bar']);
  } finally {
    anybody.close();
    owner.close();
  }
});

test('a browser\'s EventSource hears private updates with a cookie, and with a token in the query', async () => {
  const topic = 'https://example.com/mine';
  const browser = await launch();
  try {
    const context = await browser.newContext();
    await context.addCookies([{ name: 'mercureAuthorization', value: TOKEN, url: server.page }]);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${server.page}/nothing/here`);
    const other = await (await browser.newContext()).newPage();
    other.setDefaultTimeout(20_000);
    await other.goto(`${server.page}/nothing/here`);
    for (const [where, urls] of [
      [page, { 'a cookie, 0.x': hubAt(server.page, { topic }), 'a cookie, 1.0': hubAt(server.page, { match: topic }) }],
      [other, { 'the query': hubAt(server.page, { topic, authorization: TOKEN }), nothing: hubAt(server.page, { topic }) }],
    ]) {
      await where.evaluate((all) => {
        globalThis.got = {};
        globalThis.opens = 0;
        for (const [name, url] of Object.entries(all)) {
          globalThis.got[name] = [];
          const source = new EventSource(url);
          source.onopen = () => { globalThis.opens++; };
          source.onmessage = ({ data }) => globalThis.got[name].push(data);
        }
      }, urls);
      await where.waitForFunction(() => globalThis.opens === 2);
    }
    await publish({ topic, data: 'private', private: 'on' });
    await publish({ topic, data: 'public' });
    for (const where of [page, other]) await where.waitForFunction(() => Object.values(globalThis.got).every((got) => got.at(-1) === 'public'));
    assert.deepEqual(await page.evaluate(() => globalThis.got), { 'a cookie, 0.x': ['private', 'public'], 'a cookie, 1.0': ['private', 'public'] });
    assert.deepEqual(await other.evaluate(() => globalThis.got), { 'the query': ['private', 'public'], nothing: ['public'] });
  } finally {
    await browser.close();
  }
});

test('what the hub, the server API and a client publish arrives at subscribers of all doors, in one order', async () => {
  const topic = 'https://example.com/every/door';
  const channel = `news:${topic}`;
  const connect = JSON.stringify({ subs: { [channel]: {} } });
  const heard = {};
  const ends = [];
  try {
    let publisher;
    for (const [transport, protocol] of [['websocket', protocols[0]], ['websocket', protocols[1]],
      ['http_stream', protocols[0]], ['http_stream', protocols[1]], ['sse', protocols[0]]]) {
      const clients = new Clients(protocol, [door(transport, server.page)]);
      clients.defaults = browserish(server.page);
      ends.push(() => clients.closeAll());
      const subscription = await clients.subscribed(await clients.connected(), channel);
      heard[`${transport}, ${protocol.name}`] = [subscription.tape, ({ data }) => data];
      publisher ??= (value) => clients.publish(subscription, value);
    }

    const pushes = (tape) => [tape, ({ pub }) => pub.data];
    const keep = (tape, text) => {
      const push = JSON.parse(text);
      if (push.pub) tape.push(push);
      if (push.connect) tape.connected();
    };
    const awaiting = (start) => within(new Promise((resolve) => {
      const tape = new Tape();
      tape.connected = () => resolve(tape);
      start(tape);
    }), 'the connect push');
    heard['unidirectional events'] = pushes(await awaiting((tape) => {
      const source = new EventSource(`${server.page}/connection/uni_sse?cf_connect=${encodeURIComponent(connect)}`);
      ends.push(() => source.close());
      source.onmessage = ({ data }) => keep(tape, data);
    }));
    heard['unidirectional WebSocket'] = pushes(await awaiting((tape) => {
      const socket = new Socket(`${server.page.replace('http', 'ws')}/connection/uni_websocket?cf_connect=${encodeURIComponent(connect)}`);
      ends.push(() => socket.close());
      socket.on('message', (data) => keep(tape, String(data)));
    }));
    heard['unidirectional lines'] = pushes(await awaiting(async (tape) => {
      const gone = new AbortController();
      ends.push(() => gone.abort());
      try {
        const { body } = await fetch(`${server.page}/connection/uni_http_stream`, { method: 'POST', body: connect, signal: gone.signal });
        let rest = '';
        for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop();
          for (const line of lines) if (line) keep(tape, line);
        }
      } catch (error) {
        if (!gone.signal.aborted) throw error;
      }
    }));
    for (const query of [{ topic }, { match: topic }]) {
      const source = await opened(hubAt(server.page, query), JSON.parse);
      ends.push(() => source.close());
      heard[`Mercure, ${Object.keys(query)}`] = [source.tape, (data) => data];
    }

    await publish({ topic, data: '{"from":"the hub"}' });
    await server.api.publish(channel, { from: 'the API' });
    await publisher({ from: 'a client' });
    const json = [{ from: 'the hub' }, { from: 'the API' }, { from: 'a client' }];
    for (const [where, [tape, read]] of Object.entries(heard)) {
      assert.deepEqual((await tape.count(3)).map(read), json, where);
    }
  } finally {
    for (const end of ends) end();
  }
});
