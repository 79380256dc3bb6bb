import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';

class FakeWebSocket extends EventTarget {
  static made = [];
  isClosed = false;
  constructor(url) {
    super();
    this.url = url;
    FakeWebSocket.made.push(this);
  }
  close() {
    this.isClosed = true;
    this.dispatchEvent(new Event('close'));
  }
}
globalThis.WebSocket = FakeWebSocket;
globalThis.EventSource = class extends EventTarget {
  isClosed = false;
  close() { this.isClosed = true; }
};
globalThis.WebTransport = class {
  isClosed = false;
  closed = new Promise((resolve) => { this.end = resolve; });
  close() {
    this.isClosed = true;
    this.end();
  }
};
const asked = [];
globalThis.fetch = (url, { signal }) => new Promise((resolve, reject) => {
  asked.push({ url, signal });
  signal.addEventListener('abort', () => reject(signal.reason));
}).catch((error) => { if (url.endsWith('emulation')) throw error; });
const page = new EventTarget();
globalThis.addEventListener = (...args) => page.addEventListener(...args);
const { Line } = await import('../line.js');
const { Gate } = await import('../pausable-socket.js');

beforeEach(() => { FakeWebSocket.made = []; });

test('a line that is cut closes its sockets, and every new one until it is mended', () => {
  const line = new Line();
  const first = new line.faces.websocket('ws://x');
  line.cut();
  assert.equal(first.isClosed, true);
  assert.equal(new line.faces.websocket('ws://x').isClosed, true);
  line.mend();
  assert.equal(new line.faces.websocket('ws://x').isClosed, false);
});

test('a line that is cut closes its WebTransport sessions, and every new one until it is mended', async () => {
  const line = new Line();
  const [left, cut] = [new line.faces.webtransport('https://x'), new line.faces.webtransport('https://x')];
  left.end(); // it has gone by itself
  await left.closed;
  line.cut();
  assert.deepEqual([left.isClosed, cut.isClosed], [false, true]);
  assert.equal(new line.faces.webtransport('https://x').isClosed, true);
  line.mend();
  assert.equal(new line.faces.webtransport('https://x').isClosed, false);
});

test('a line that is cut breaks off its requests and streams, and says so', async () => {
  const line = new Line();
  const stream = new AbortController();
  line.faces.fetch('http://x/stream', { method: 'POST', signal: stream.signal });
  const said = line.faces.fetch('http://x/emulation', { method: 'POST' });
  const events = new line.faces.eventsource('http://x/events');
  const heard = [];
  events.addEventListener('error', () => heard.push('error'));
  line.cut();
  assert.equal((await said).status, 503);
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, true]);
  assert.deepEqual(heard, ['error']);
  assert.equal(events.isClosed, true);
});

test('mending tells the client to connect at once', () => {
  const line = new Line();
  const heard = [];
  line.addEventListener('online', () => heard.push('online'));
  line.cut();
  page.dispatchEvent(new Event('online'));
  assert.deepEqual(heard, []);
  line.mend();
  assert.deepEqual(heard, ['online']);
});

test('a gate holds whoever comes while it is shut', async () => {
  const gate = new Gate();
  await gate.passed();
  gate.shut();
  let passed = false;
  const reader = gate.passed().then(() => { passed = true; });
  await new Promise(setImmediate);
  assert.equal(passed, false);
  gate.open();
  await reader;
  assert.equal(passed, true);
});
