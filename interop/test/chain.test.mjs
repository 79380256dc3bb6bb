// Documents that change a little, as compressed patches, through the real server: JSON and Protobuf, text and bytes. An everyday
// number of them; more with PAIRS=20000, and the same ones again with SEED.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { applyDelta } from 'fossil-delta';
import WebSocket from 'ws';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { Tape } from '../kit/deadline.mjs';

const PAIRS = Number(process.env.PAIRS ?? 500);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const TOGETHER = 50;
const MILLIS = 10_000 + PAIRS * 20;

let server;
before(async () => { server = await Server.start('compressed.yaml'); });
after(() => server?.stop());

/** Offers compression and counts what it saves. */
class Deflated extends WebSocket {
  static bytes = 0;
  constructor(url, subprotocols) {
    super(url, subprotocols, { perMessageDeflate: true, allowSynchronousEvents: false });
    this.once('upgrade', ({ socket }) => socket.on('data', (chunk) => { Deflated.bytes += chunk.length; }));
    this.once('open', () => assert.equal(this.extensions, 'permessage-deflate'));
  }
}

function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const alphabets = ['abcdefghij {}[]",:0123456789\n\\', 'абвгдежзийклмнопрстуфхцчшщъыьэюяЁ ', '漢字仮名交じり文日本語', '🚪🗝🔑🔐🏠🏡👨‍👩‍👧🇩🇪é̂'].map((text) => [...text]);

/** Each call gives the next revision: an object for JSON, or bytes that are no text. */
function documents(random) {
  const text = (length) => {
    const letters = alphabets[random(alphabets.length)];
    return Array.from({ length: random(length) }, () => letters[random(letters.length)]).join('');
  };
  const bytes = (length) => Buffer.from(Array.from({ length }, () => random(256)));
  let lines = Array.from({ length: 10 }, () => text(60));
  let blob = bytes(300);
  return {
    next() {
      const at = random(lines.length + 1);
      lines = lines.toSpliced(at, random(2), ...Array.from({ length: random(3) }, () => text(60))).slice(0, 30);
      if (random(3) === 0 && lines.length) lines[random(lines.length)] = [...lines[0] ?? ''].toReversed().join('');
      return { lines, n: random(1000) };
    },
    nextBytes() {
      const at = random(blob.length);
      blob = Buffer.concat([blob.subarray(0, at), bytes(random(12)), blob.subarray(at + random(12))]);
      if (blob.length < 50) blob = bytes(300);
      return blob;
    },
  };
}

/** No further ahead of the readers than their window in the server is wide: the channel has no history to recover from. */
async function publish(channel, payloads, tapes) {
  for (let from = 0; from < payloads.length; from += TOGETHER) {
    const commands = payloads.slice(from, from + TOGETHER)
      .map((payload) => ({ publish: Buffer.isBuffer(payload) ? { channel, b64data: payload.toString('base64') } : { channel, data: payload } }));
    const response = await server.api.post('batch', { commands });
    const { replies } = await response.json();
    assert.ok(replies.every((reply) => reply.publish), JSON.stringify(replies[0]));
    if (from % (5 * TOGETHER) === 0) await Promise.all(tapes.map((tape) => tape.count(from)));
  }
}

/** What is on the wire of a JSON client, made into documents by npm fossil-delta. */
async function wire(channel) {
  const socket = new Deflated(server.url);
  const made = new Tape();
  const subscribed = new Tape();
  let base;
  let patches = 0;
  socket.on('message', (message) => String(message).split('\n').filter(Boolean).forEach((line) => {
    if (line === '{}') return socket.send('{}');
    const { id, push } = JSON.parse(line);
    if (id === 2) subscribed.push(id);
    if (!push?.pub) return undefined;
    const { data, delta } = push.pub;
    base = delta ? Buffer.from(applyDelta(base, Buffer.from(data))) : Buffer.from(data);
    if (delta) patches++;
    return made.push(String(base));
  }));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(`${JSON.stringify({ id: 1, connect: {} })}\n${JSON.stringify({ id: 2, subscribe: { channel, delta: 'fossil' } })}`);
  await subscribed.count(1);
  return { made, patches: () => patches, close: () => socket.close() };
}

const [json, protobuf] = protocols;
const kinds = {
  text: {
    make: (source) => source.next(),
    inJson: (data) => JSON.stringify(data),
    readers: [json, protobuf],
    expected: (data) => data,
  },
  bytes: {
    make: (source) => source.nextBytes(),
    inJson: (data) => JSON.stringify(data.toString('base64')),
    readers: [{ ...json, unpack: (data) => Buffer.from(data, 'base64') }, { ...protobuf, unpack: (data) => Buffer.from(data) }],
    expected: (data) => data,
  },
};

for (const [name, kind] of Object.entries(kinds)) {
  describe(`compressed patches of ${name}`, () => {
    test(`arrive as what was published: ${name}`, { timeout: 20_000 + 2 * MILLIS }, async () => {
      const source = documents(generator(SEED));
      const payloads = Array.from({ length: PAIRS }, () => kind.make(source));
      const channel = fresh('delta');
      const all = kind.readers.map((protocol) => new Clients(protocol, server.url));
      Deflated.bytes = 0;
      const tap = await wire(channel);
      try {
        const subscriptions = [];
        for (const clients of all) {
          const client = await clients.connected({ websocket: Deflated });
          subscriptions.push(await clients.subscribed(client, channel, { delta: 'fossil' }));
        }
        await publish(channel, payloads, [tap.made, ...subscriptions.map(({ tape }) => tape)]);
        for (const { tape } of subscriptions) {
          const got = await tape.count(PAIRS, MILLIS);
          got.forEach(({ data }, i) => assert.deepEqual(data, kind.expected(payloads[i]), `seed ${SEED}, publication ${i}`));
        }
        const made = await tap.made.count(PAIRS, MILLIS);
        made.forEach((text, i) => assert.equal(text, kind.inJson(payloads[i]), `seed ${SEED}, publication ${i}`));
        assert.ok(tap.patches() > PAIRS / 2, `${tap.patches()} patches`);
        const whole = 3 * payloads.reduce((sum, each) => sum + kind.inJson(each).length, 0);
        assert.ok(Deflated.bytes < whole / 2, `${Deflated.bytes} of ${whole} bytes`);
        if (PAIRS > 500) console.log(`${name}: pairs=${PAIRS} patches=${tap.patches()} bytes=${Deflated.bytes} of ${whole}`);
      } finally {
        tap.close();
        all.forEach((clients) => clients.closeAll());
      }
    });
  });
}
