// permessage-deflate with ws in Node and with Chromium: the same messages, in fewer bytes.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { launch, open, prepareWeb } from '../kit/browser.mjs';

let server;
before(async () => { server = await Server.start('compressed.yaml'); });
after(() => server?.stop());

const document = (n) => ({ n, text: 'Дверь открыта, петли скрипят на ветру. 🚪🗝 '.repeat(30), odd: '"\\\n\t' });

let raw = 0;
const socketWith = (perMessageDeflate) => class extends WebSocket {
  constructor(url, subprotocols) {
    super(url, subprotocols, { perMessageDeflate, allowSynchronousEvents: false });
    this.once('upgrade', ({ socket }) => socket.on('data', (chunk) => { raw += chunk.length; }));
  }
};

for (const protocol of protocols) {
  describe(`compression, ${protocol.name}`, () => {
    for (const [name, offer, extensions] of [
      ['as it comes', true, 'permessage-deflate'],
      ['without context takeover', { clientNoContextTakeover: true, serverNoContextTakeover: true }, 'permessage-deflate'],
      ['a window of 15 bits', { serverMaxWindowBits: 15 }, 'permessage-deflate'],
      ['a window that the server cannot do', { serverMaxWindowBits: 10 }, ''],
      ['not offered', false, ''],
    ]) {
      test(`messages come through: ${name}`, async () => {
        const clients = new Clients(protocol, server.url);
        try {
          const seen = [];
          const Socket = class extends socketWith(offer) {
            constructor(...args) {
              super(...args);
              this.once('open', () => seen.push(this.extensions));
            }
          };
          const channel = fresh('talk');
          const client = await clients.connected({ websocket: Socket });
          const subscription = await clients.subscribed(client, channel);
          assert.deepEqual(seen, [extensions]);
          raw = 0;
          for (let n = 1; n <= 20; n++) await clients.publish(subscription, document(n));
          for (let n = 21; n <= 40; n++) await server.api.publish(channel, document(n));
          const got = await subscription.tape.count(40);
          assert.deepEqual(got.map(({ data }) => data), Array.from({ length: 40 }, (_, i) => document(i + 1)));
          const whole = 40 * Buffer.byteLength(JSON.stringify(document(1)));
          if (extensions) assert.ok(raw < whole / 4, `${raw} of ${whole} bytes`);
          else assert.ok(raw > whole, `${raw} of ${whole} bytes`);
        } finally {
          clients.closeAll();
        }
      });
    }

    test('with deltas, too', async () => {
      const clients = new Clients(protocol, server.url);
      try {
        const channel = fresh('delta');
        const client = await clients.connected({ websocket: socketWith(true) });
        const subscription = await clients.subscribed(client, channel, { delta: 'fossil' });
        for (let n = 1; n <= 20; n++) await server.api.publish(channel, document(n));
        const got = await subscription.tape.count(20);
        assert.deepEqual(got.map(({ data }) => data.n), Array.from({ length: 20 }, (_, i) => i + 1));
        assert.deepEqual(got.at(-1).data, document(20));
      } finally {
        clients.closeAll();
      }
    });
  });
}

test('a browser talks to it', async () => {
  prepareWeb();
  const browser = await launch();
  try {
    const page = await open(browser, `${server.page}/health`);
    const result = await page.evaluate(async ({ url, channel, text }) => {
      const socket = new WebSocket(url);
      const messages = [];
      await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
      const heard = new Promise((resolve) => {
        socket.onmessage = ({ data }) => {
          for (const line of data.split('\n').filter(Boolean)) {
            const message = JSON.parse(line);
            if (!Object.keys(message).length) socket.send('{}');
            if (message.push?.pub) messages.push(message.push.pub.data);
          }
          if (messages.length === 5) resolve(messages);
        };
      });
      socket.send(JSON.stringify({ id: 1, connect: {} }));
      socket.send(JSON.stringify({ id: 2, subscribe: { channel } }));
      for (let n = 0; n < 5; n++) socket.send(JSON.stringify({ id: 3 + n, publish: { channel, data: { n, text } } }));
      const got = await heard;
      return { extensions: socket.extensions, got };
    }, { url: server.url, channel: fresh('talk'), text: document(1).text });
    assert.match(result.extensions, /^permessage-deflate/);
    assert.deepEqual(result.got, Array.from({ length: 5 }, (_, n) => ({ n, text: document(1).text })));
  } finally {
    await browser.close();
  }
});
