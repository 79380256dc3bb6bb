import { test } from 'node:test';
import assert from 'node:assert/strict';

/** A session whose network was lost with frames on their way: what the page says goes nowhere. */
class FakeWebTransport {
  ready = Promise.resolve();
  closed = new Promise((resolve) => { this.end = resolve; });
  incomingUnidirectionalStreams = new ReadableStream();

  async createBidirectionalStream() {
    const frames = new Uint8Array(300);
    for (let i = 0; i < frames.length; i += 2) frames.set([1, i / 2], i); // each is one byte long
    return {
      readable: new ReadableStream({ start: (controller) => controller.enqueue(frames) }),
      writable: new WritableStream({ close: () => new Promise(() => {}) }),
    };
  }

  close() { this.end(); }
}
globalThis.WebTransport = FakeWebTransport;
// the real one keeps the process alive
globalThis.MessageChannel = class {
  port1 = {};
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
};
const { channelTransport } = await import('../webtransport.js');

/** As the SDK does it: it closes what it writes, waits for that, and closes the session. */
async function leave(transport, writer) {
  await writer.close();
  transport.close();
}

test('a client that leaves hears nothing more, though frames are there and nobody takes what it says', { timeout: 10_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const transport = new (channelTransport())('https://localhost/connection/webtransport');
  const { readable, writable } = await transport.createBidirectionalStream();
  const reader = readable.getReader();
  const heard = [];
  while (heard.length < 10) heard.push((await reader.read()).value[0]);
  assert.deepEqual(heard, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const left = leave(transport, writable.getWriter());
  assert.equal((await reader.read()).done, true);
  t.mock.timers.tick(1000);
  await left;
  await transport.closed;
});

test('a session that is closed hands nothing on either', async () => {
  const transport = new (channelTransport())('https://localhost/connection/webtransport');
  const { readable } = await transport.createBidirectionalStream();
  const reader = readable.getReader();
  await reader.read();
  transport.close();
  assert.equal((await reader.read()).done, true);
});
