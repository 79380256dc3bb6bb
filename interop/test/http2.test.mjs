// WebSockets over HTTP/2 (RFC 8441): a browser takes the connection that it has, and Node's client says what it is told to.
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { API_KEY, Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { SecureApi, ca, secure } from '../kit/tls.mjs';
import { launch } from '../kit/browser.mjs';
import { Tape, eventually, within } from '../kit/deadline.mjs';

const certificates = fileURLToPath(new URL('../../server/src/test/resources/dev/cardea/server/tls/', import.meta.url));
const CONFIG = `
http_server: {tls: {enabled: true, cert_pem: ${certificates}server-cert.pem, key_pem: ${certificates}server-key.pem}}
client: {insecure: true, allowed_origins: ["https://localhost:*"], ping_interval: 1s, pong_timeout: 800ms}
uni_websocket: {enabled: true}
http_api: {key: ${API_KEY}}
channel:
  namespaces:
    - {name: chat, history_size: 2000, history_ttl: 10m, force_recovery: true}
    - {name: feed, slow_consumer: disconnect}
`;

let server;
let api;
before(async () => {
  server = await Server.startWith(CONFIG);
  api = new SecureApi(`https://localhost:${server.port}`, API_KEY);
});
after(() => server?.stop());

/** A frame of a client (RFC 6455 section 5.2), masked with zeros. */
function frame(opcode, text) {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? [0x80 | opcode, 0x80 | payload.length] : [0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload]);
}

/** Whole frames of the server's, as [opcode, payload]. */
function frames(stream) {
  const tape = new Tape();
  let bytes = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      if (bytes.length < 2) return;
      const short = bytes[1] & 127;
      const from = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < from) return;
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if (bytes.length < from + length) return;
      tape.push([bytes[0] & 15, bytes.subarray(from, from + length)]);
      bytes = bytes.subarray(from + length);
    }
  });
  return tape;
}

describe('Node\'s client', () => {
  let session;
  before(async () => {
    session = connect(`https://localhost:${server.port}`, { ca });
    await within(once(session, 'remoteSettings'), 'the server\'s settings');
  });
  after(() => session?.destroy());

  const ask = (headers = {}, options = {}) => {
    const stream = session.request({
      ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'https', ':path': '/connection/websocket', ':authority': 'localhost',
      'sec-websocket-version': '13', ...headers,
    }, { endStream: false, ...options });
    stream.on('error', () => {});
    return stream;
  };
  const answered = async (stream) => (await within(once(stream, 'response'), 'an answer'))[0];
  const open = async (headers) => {
    const stream = ask(headers);
    const answer = await answered(stream);
    assert.equal(answer[':status'], 200);
    return { stream, answer, tape: frames(stream) };
  };
  const connections = async () => (await api.call('connections', {})).connections?.length ?? 0;

  test('is told that it may', () => assert.equal(session.remoteSettings.enableConnectProtocol, true));

  test('speaks the client protocol, and several WebSockets share its connection', async () => {
    const channel = fresh('chat');
    const all = await Promise.all([open(), open(), open({ 'sec-websocket-protocol': 'other, centrifuge-json' })]);
    assert.deepEqual(all.map(({ answer }) => answer['sec-websocket-protocol']), [undefined, undefined, 'centrifuge-json']);
    for (const { stream } of all) {
      stream.write(frame(1, `{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"${channel}"}}`));
    }
    for (const { tape } of all) await tape.until((items) => items.some(([, text]) => String(text).includes('"subscribe"')), 'the replies');
    const text = 'naïve 💡'.repeat(20_000); // past every window
    await api.publish(channel, { text });
    for (const { tape } of all) {
      const [, payload] = (await tape.until((items) => items.some(([, each]) => each.length > text.length), 'the publication')).at(-1);
      assert.equal(JSON.parse(payload).push.pub.data.text, text);
    }
    for (const { stream } of all) stream.close();
    await eventually(connections, (count) => count === 0, 'no connections');
  });

  test('ends with the closing handshake, and then the stream ends', async () => {
    const { stream, tape } = await open();
    const ended = once(stream, 'end');
    stream.write(frame(8, Buffer.from([3, 232])));
    const [[opcode, payload]] = await tape.count(1);
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, 1000]);
    await within(ended, 'the end of the stream');
    assert.equal(stream.rstCode, 0);
  });

  test('is gone when it ends its stream, or resets it', async () => {
    const ends = [(stream) => stream.end(), (stream) => stream.close(8)];
    for (const end of ends) {
      const { stream, tape } = await open();
      stream.write(frame(1, '{"id":1,"connect":{}}'));
      await tape.count(1);
      assert.equal(await connections(), 1);
      end(stream);
      await eventually(connections, (count) => count === 0, 'no connections');
    }
  });

  test('what breaks WebSocket\'s rules ends that stream, and no other', async () => {
    const [bad, good] = [await open(), await open()];
    bad.stream.write(Buffer.from([0x81, 1, 0x41])); // not masked
    const [[opcode, payload]] = await bad.tape.count(1);
    assert.deepEqual([opcode, payload.readUInt16BE(0)], [8, 1002]);
    good.stream.write(frame(1, '{"id":1,"connect":{}}'));
    await good.tape.count(1);
    good.stream.close();
  });

  test('one that does not read holds up no other, and is cut off', async () => {
    const channel = fresh('feed');
    const [slow, quick] = [await open(), await open()];
    for (const { stream, tape } of [slow, quick]) {
      stream.write(frame(1, `{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"${channel}"}}`));
      await tape.until((items) => items.some(([, text]) => String(text).includes('"subscribe"')), 'the replies');
    }
    slow.stream.pause();
    for (let n = 1; n <= 100; n++) await api.publish(channel, { n, pad: 'x'.repeat(5000) });
    await quick.tape.until((items) => items.filter(([, text]) => String(text).includes('"pub"')).length > 0
      && items.some(([, text]) => String(text).includes('"n":100,')), 'all publications', 20_000);
    await eventually(connections, (count) => count === 1, 'the end of the slow one', 20_000);
    quick.stream.close();
  });

  test('an uncalled-for request is refused with its status, and the connection goes on', async () => {
    const refusals = [
      [{ ':path': '/nothing/here' }, 404], [{ ':path': '/api/publish' }, 404], [{ ':protocol': 'webtransport' }, 501],
      [{ 'sec-websocket-version': '12' }, 400], [{ origin: 'https://elsewhere.test' }, 403], [{ ':path': '%' }, 400],
    ];
    for (const [headers, status] of refusals) {
      const stream = ask(headers);
      assert.equal((await answered(stream))[':status'], status, JSON.stringify(headers));
    }
    const ended = ask({}, { endStream: true });
    assert.equal((await answered(ended))[':status'], 400);
    (await open()).stream.close();
  });
});

describe('Chromium', () => {
  let browser;
  before(async () => { browser = await launch(); });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  after(() => browser?.close());

  test('puts its WebSocket on the connection that it has, and gets a thousand messages while that is cut three times', async () => {
    const proxy = await Proxy.before(server.port);
    const port = new URL(proxy.url).port;
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`https://localhost:${port}/nothing/here`);
    await page.addScriptTag({ content: readFileSync(new URL('../node_modules/centrifuge/dist/centrifuge.js', import.meta.url), 'utf8') });
    const channel = fresh('chat');
    await page.evaluate((channel) => {
      Object.assign(globalThis, { heard: [], recovered: [], opened: 0 });
      const client = new Centrifuge(`wss://${location.host}/connection/websocket`, { minReconnectDelay: 50, maxReconnectDelay: 500 });
      const subscription = client.newSubscription(channel);
      subscription.on('subscribed', ({ wasRecovering, recovered: is }) => {
        opened++;
        if (wasRecovering) recovered.push(is);
      });
      subscription.on('publication', ({ data }) => heard.push(data.n));
      subscription.subscribe();
      client.connect();
    }, channel);
    await page.waitForFunction(() => globalThis.opened === 1);
    assert.equal(proxy.connections, 1);
    const publishers = secure(new Clients(protocols[0], `wss://localhost:${server.port}/connection/websocket`));
    const publisher = await publishers.connected();
    for (let n = 1; n <= 1000; n++) {
      await publisher.publish(channel, { n });
      if (n % 250 === 0 && n < 1000) {
        proxy.cut();
        for (let i = 0; i < 50; i++) await publisher.publish(channel, { n: ++n });
        proxy.mend();
        await page.waitForFunction((times) => globalThis.opened === times, Math.floor(n / 250) + 1);
      }
    }
    await page.waitForFunction(() => globalThis.heard.length >= 1000);
    const [heard, recovered] = await page.evaluate(() => [globalThis.heard, globalThis.recovered]);
    assert.deepEqual(heard, Array.from({ length: 1000 }, (_, i) => i + 1));
    assert.deepEqual(recovered, [true, true, true]);
    publishers.closeAll();
    proxy.close();
  });
});
