// What the SDK never does, and what it does before anyone can look: the wire itself.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';
import { Server } from '../kit/server.mjs';
import { inSeconds, sign } from '../kit/token.mjs';
import { fresh } from '../kit/sdk.mjs';
import { Tape, within } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

/** A bare WebSocket that speaks JSON lines. */
async function open({ query = '', protocols = [], headers = {} } = {}) {
  const socket = new WebSocket(`${server.url}${query}`, protocols, { headers });
  const wire = { socket, replies: new Tape(), pings: new Tape(), frames: new Tape() };
  wire.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  socket.on('message', (data, binary) => {
    wire.frames.push({ data, binary });
    if (binary) return;
    for (const line of String(data).split('\n').filter(Boolean)) {
      if (line === '{}') wire.pings.push(line);
      else wire.replies.push(JSON.parse(line));
    }
  });
  wire.send = (...commands) => socket.send(commands.map((command) => JSON.stringify(command)).join('\n'));
  await within(once(socket, 'open'), 'the handshake');
  return wire;
}

async function connected(options) {
  const wire = await open(options);
  wire.send({ id: 1, connect: {} });
  await wire.replies.count(1);
  return wire;
}

const code = async (wire) => (await within(wire.closed, 'a close frame')).code;

test('the connect reply has the documented fields', async () => {
  const wire = await connected();
  const [{ id, connect }] = wire.replies.items;
  assert.equal(id, 1);
  assert.match(connect.client, /^[0-9a-f-]{36}$/);
  assert.equal(typeof connect.version, 'string');
  assert.equal(connect.ping, 2);
  assert.equal(connect.pong, true);
  wire.socket.close();
});

test('connect and subscribes in one frame are answered in order of their commands', async () => {
  const wire = await open();
  const [one, two] = [fresh('chat'), fresh('chat')];
  wire.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel: one } }, { id: 3, subscribe: { channel: two } });
  const replies = await wire.replies.until((items) => items.filter(({ id }) => id).length === 3, 'three answers');
  const answers = replies.filter(({ id }) => id);
  assert.ok(answers[0].connect);
  assert.deepEqual(answers.map(({ id }) => id).sort(), [1, 2, 3]);
  assert.equal(answers.filter(({ subscribe }) => subscribe?.recoverable).length, 2);
  wire.socket.close();
});

test('subscribes behind a refused connect are not answered with success', async () => {
  const wire = await open();
  wire.send({ id: 1, connect: { token: sign({ sub: 'a', exp: inSeconds(-10) }) } }, { id: 2, subscribe: { channel: fresh('chat') } });
  await code(wire);
  const [first, ...rest] = wire.replies.items;
  assert.equal(first.error.code, 109);
  assert.deepEqual(rest.filter(({ subscribe }) => subscribe), []);
});

test('subscribing twice is 105', async () => {
  const wire = await connected();
  const channel = fresh('plain');
  wire.send({ id: 2, subscribe: { channel } }, { id: 3, subscribe: { channel } });
  const [, , again] = await wire.replies.count(3);
  assert.equal(again.id, 3);
  assert.equal(again.error.code, 105);
  wire.socket.close();
});

test('unsubscribing what was never subscribed succeeds', async () => {
  const wire = await connected();
  wire.send({ id: 2, unsubscribe: { channel: fresh('plain') } });
  const [, reply] = await wire.replies.count(2);
  assert.deepEqual(reply, { id: 2, unsubscribe: {} });
  wire.socket.close();
});

test('an rpc without a backend is 108', async () => {
  const wire = await connected();
  wire.send({ id: 2, rpc: { method: 'x', data: {} } });
  const [, reply] = await wire.replies.count(2);
  assert.equal(reply.error.code, 108);
  wire.socket.close();
});

const violations = {
  'a command before connect': [[{ id: 1, subscribe: { channel: 'chat:x' } }], 3501],
  'a second connect': [[{ id: 1, connect: {} }, { id: 2, connect: {} }], 3501],
  'a pong that nobody asked for': [[{ id: 1, connect: {} }, {}], 3501],
  'a command without a request': [[{ id: 1, connect: {} }, { id: 2 }], 3501],
  'the client ping command': [[{ id: 1, connect: {} }, { id: 2, ping: {} }], 3501],
  'an empty channel': [[{ id: 1, connect: {} }, { id: 2, subscribe: { channel: '' } }], 3501],
  'a send without a receiver': [[{ id: 1, connect: {} }, { send: { data: {} } }], 3508],
};
for (const [what, [commands, expected]] of Object.entries(violations)) {
  test(`${what} ends the connection with ${expected}`, async () => {
    const wire = await open();
    wire.send(...commands);
    assert.equal(await code(wire), expected);
  });
}

for (const [what, frame] of Object.entries({ 'an empty frame': '', 'broken JSON': '{"id":1,', 'a JSON array': '[]' })) {
  test(`${what} ends the connection with 3501`, async () => {
    const wire = await open();
    wire.socket.send(frame);
    assert.equal(await code(wire), 3501);
  });
}

test('30,000 brackets deep is borne or refused with 3501, and harms nobody', async () => {
  const wire = await open();
  wire.socket.send(`{"id":1,"connect":{"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`);
  const ended = await Promise.race([code(wire), wire.replies.count(1)]);
  if (Array.isArray(ended)) assert.ok(ended[0].connect);
  else assert.equal(ended, 3501);
  wire.socket.close();
  (await connected()).socket.close();
});

test('a command over 64 KiB ends the connection with 3501 or 1009', async () => {
  const wire = await connected();
  wire.send({ id: 2, publish: { channel: 'plain:x', data: 'x'.repeat(70_000) } });
  assert.ok([3501, 1009].includes(await code(wire)));
});

test('a connection that says nothing is closed as stale: 3502', async () => {
  const wire = await open();
  assert.equal(await code(wire), 3502);
});

test('pings come, and a client that answers stays', async () => {
  const wire = await connected();
  await wire.pings.count(1);
  wire.send({});
  await wire.pings.count(2);
  wire.send({});
  await wire.pings.count(3);
  assert.equal(wire.socket.readyState, WebSocket.OPEN);
  wire.socket.close();
});

test('a client that does not answer a ping is closed with 3012', async () => {
  const wire = await connected();
  assert.equal(await code(wire), 3012);
});

test('a second pong for one ping ends the connection with 3501', async () => {
  const wire = await connected();
  await wire.pings.count(1);
  wire.send({}, {});
  assert.equal(await code(wire), 3501);
});

test('the protobuf subprotocol is echoed, and speaks binary frames', async () => {
  const wire = await open({ protocols: ['centrifuge-protobuf'] });
  assert.equal(wire.socket.protocol, 'centrifuge-protobuf');
  wire.socket.send(Buffer.from([4, 0x08, 1, 0x22, 0])); // length 4: id (field 1) = 1, connect (field 4) = {}
  const [frame] = await wire.frames.count(1);
  assert.equal(frame.binary, true);
  wire.socket.close();
});

for (const query of ['?format=protobuf', '?cf_protocol=protobuf']) {
  test(`${query} speaks protobuf without a subprotocol`, async () => {
    const wire = await open({ query });
    wire.socket.send(Buffer.from([4, 0x08, 1, 0x22, 0]));
    const [frame] = await wire.frames.count(1);
    assert.equal(frame.binary, true);
    wire.socket.close();
  });
}

test('line breaks inside embedded JSON do not break the framing', async () => {
  const wire = await connected();
  const channel = fresh('plain');
  wire.send({ id: 2, subscribe: { channel } });
  await wire.replies.count(2);
  const body = `{"channel":"${channel}","data":{\n"a":\n1\n}}`;
  const response = await fetch(`${server.page}/api/publish`, { method: 'POST', headers: { 'X-API-Key': 'interop-api-key' }, body });
  assert.equal(response.status, 200);
  const [, , { push }] = await wire.replies.count(3);
  assert.deepEqual(push.pub.data, { a: 1 });
  wire.socket.close();
});

test('a browser from a foreign origin is refused with 403, one from here is not', async () => {
  const refused = new WebSocket(server.url, { headers: { Origin: 'https://evil.example' } });
  refused.on('error', () => {});
  const [, response] = await within(once(refused, 'unexpected-response'), 'a refusal');
  assert.equal(response.statusCode, 403);
  const wire = await connected({ headers: { Origin: 'http://localhost:3000' } });
  wire.socket.close();
});

test('the first publication of a stream has an epoch, and offset 1', async () => {
  const wire = await connected();
  const channel = fresh('chat');
  wire.send({ id: 2, subscribe: { channel } });
  await wire.replies.until((items) => items.some(({ id }) => id === 2), 'subscribed');
  await server.api.publish(channel, { n: 1 });
  const items = await wire.replies.until((all) => all.some(({ push }) => push?.pub), 'a publication');
  const { push } = items.find(({ push }) => push?.pub);
  assert.equal(push.pub.offset, 1);
  assert.ok(push.pub.epoch);
  wire.socket.close();
});
