// The doors beside WebSocket: the SDK over HTTP streaming and server-sent events, and an EventSource without an SDK.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { EventSource } from 'eventsource';
import { Server } from '../kit/server.mjs';
import { Proxy } from '../kit/proxy.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { browserish, door } from '../kit/doors.mjs';
import { Tape, eventually, next } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start('doors.yaml'); });
after(() => server?.stop());

const numbers = (subscription) => subscription.tape.items.map(({ data }) => data.n);
const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

for (const [transport, protocol] of [['http_stream', protocols[0]], ['http_stream', protocols[1]], ['sse', protocols[0]]]) {
  describe(`${transport}, ${protocol.name}`, () => {
    let proxy;
    let clients;
    before(async () => {
      proxy = await Proxy.before(server.port);
      const origin = new URL(proxy.url.replace('ws', 'http')).origin;
      clients = new Clients(protocol, [door(transport, origin)]);
      clients.defaults = browserish(origin);
    });
    after(() => {
      clients.closeAll();
      proxy.close();
    });

    test('a client subscribes, publishes, and asks', async () => {
      const client = await clients.connected();
      const subscription = await clients.subscribed(client, fresh('chat'));
      await clients.publish(subscription, { n: 1, text: 'naïve 💡 日本語' });
      await subscription.tape.count(1);
      assert.equal(subscription.tape.items[0].data.text, 'naïve 💡 日本語');
      assert.equal((await subscription.presenceStats()).numClients, 1);
      assert.equal((await subscription.history({ limit: 10 })).publications.length, 1);
      const { connections } = await server.api.call('connections', { channel: subscription.channel });
      assert.deepEqual(connections.map((each) => [each.transport, each.protocol]), [[transport, protocol.name.toLowerCase()]]);
    });

    test('pings are answered: the connection stays', async () => {
      const client = await clients.connected();
      let lost = 0;
      client.on('connecting', () => lost++);
      await new Promise((resolve) => setTimeout(resolve, 2800)); // two pings, with the time for the pong
      assert.equal(lost, 0);
      assert.equal(client.state, 'connected');
    });

    test('what was published during a cut arrives once and in order, in six rounds', async () => {
      const channel = fresh('chat');
      const client = await clients.connected();
      const subscription = await clients.subscribed(client, channel);
      let n = 0;
      for (let round = 0; round < 6; round++) {
        await server.api.publish(channel, { n: ++n });
        const lost = next(subscription, 'subscribing');
        proxy.cut();
        await lost;
        for (let i = 0; i < round * 8; i++) await server.api.publish(channel, { n: ++n });
        const back = next(subscription, 'subscribed');
        proxy.mend();
        const { wasRecovering, recovered } = await back;
        assert.deepEqual([wasRecovering, recovered], [true, true]);
      }
      await subscription.tape.count(n);
      assert.deepEqual(numbers(subscription), upTo(n));
    });

    test('the server ends a connection with its code', async () => {
      const client = await clients.connected();
      const ended = next(client, 'disconnected');
      const { connections } = await server.api.call('connections', {});
      for (const { client: id } of connections) await server.api.call('disconnect', { user: '', client: id });
      assert.equal((await ended).code, 3503);
    });

    test('a client that has left is no longer connected', async () => {
      const client = await clients.connected();
      const channel = fresh('chat');
      await clients.subscribed(client, channel);
      client.disconnect();
      await eventually(() => server.api.call('presence_stats', { channel }), ({ num_clients: n }) => !n, 'nobody there');
    });
  });
}

test('where WebSockets are blocked, the SDK takes the next door', async () => {
  // a proxy that knows HTTP, and no upgrade: it forwards everything else
  const blocking = createServer(async (request, response) => {
    const body = [];
    for await (const chunk of request) body.push(chunk);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const { connection, host, ...headers } = request.headers;
      const answer = await fetch(server.page + request.url, {
        method: request.method, headers, body: body.length ? Buffer.concat(body) : undefined, signal: gone.signal,
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.flushHeaders();
      if (answer.body) for await (const chunk of answer.body) response.write(chunk);
      response.end();
    } catch {
      response.destroy();
    }
  });
  blocking.on('upgrade', (request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
  blocking.listen(0, '127.0.0.1');
  await once(blocking, 'listening');
  const origin = `http://127.0.0.1:${blocking.address().port}`;
  for (const second of ['http_stream', 'sse']) {
    const clients = new Clients(protocols[0], [door('websocket', origin), door(second, origin)]);
    clients.defaults = browserish(origin);
    const client = clients.create();
    const connected = next(client, 'connected');
    client.connect();
    assert.equal((await connected).transport, second);
    const subscription = await clients.subscribed(client, fresh('chat'));
    await clients.publish(subscription, { n: 1 });
    await subscription.tape.count(1);
    clients.closeAll();
  }
  blocking.closeAllConnections();
  blocking.close();
});

describe('an EventSource, without an SDK', () => {
  test('reads a thousand messages once and in order, though its connection is cut three times', async () => {
    const proxy = await Proxy.before(server.port);
    const origin = new URL(proxy.url.replace('ws', 'http')).origin;
    const channels = [fresh('chat'), fresh('chat')];
    const connect = { subs: Object.fromEntries(channels.map((channel) => [channel, {}])) };
    const source = new EventSource(`${origin}/connection/uni_sse?cf_connect=${encodeURIComponent(JSON.stringify(connect))}`);
    const heard = Object.fromEntries(channels.map((channel) => [channel, new Tape()]));
    const connects = new Tape();
    source.onmessage = ({ data }) => {
      const push = JSON.parse(data);
      if (push.connect) connects.push(push.connect);
      if (push.pub) heard[push.channel].push(push.pub.data);
    };
    await connects.count(1);
    for (let n = 1; n <= 1000; n++) {
      for (const channel of channels) await server.api.publish(channel, n);
      if (n % 250 !== 0 || n === 1000) continue;
      proxy.cut();
      for (let i = 0; i < 40; i++) {
        n++;
        for (const channel of channels) await server.api.publish(channel, n);
      }
      proxy.mend();
      await connects.count(connects.items.length + 1);
    }
    for (const channel of channels) {
      await heard[channel].count(1000, 30_000);
      assert.deepEqual(heard[channel].items, upTo(1000));
    }
    assert.equal(connects.items.length, 4);
    for (const { subs } of connects.items.slice(1)) {
      for (const channel of channels) assert.equal(subs[channel].recovered, true);
    }
    source.close();
    proxy.close();
  });
});
