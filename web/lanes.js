// Three connections to the same channels over the same path: one stream, a stream for each channel, datagrams.
import { Centrifuge } from './vendor/centrifuge.js';
import { emulationEndpoint, transports } from './door.js';
import { channelTransport, developmentHashes } from './webtransport.js';

const CHANNELS = 20;
const PER_SECOND = 20;
const LATE = 60;
const KEPT = 4000; // the last ten seconds
const names = Array.from({ length: CHANNELS }, (_, i) => `hol:${i}`);
const now = () => performance.timeOrigin + performance.now();

const kinds = [
  { title: 'One stream', meaning: 'All channels on the client’s stream, as over WebSocket.', lanes: { streams: 'one' } },
  { title: 'A stream for each channel', meaning: 'What is lost delays its own channel.', lanes: { streams: 'channel' } },
  { title: 'Datagrams', meaning: 'The newest wins; what is lost isn’t sent again.', lanes: { streams: 'channel', datagrams: ['hol:*'] } },
];
const note = document.querySelector('#note');
const header = document.querySelector('cardea-header');
document.querySelector('#port').value = new URLSearchParams(location.search).get('port') ?? location.port;
document.querySelector('#command').textContent = `java -cp testkit/target/classes dev.cardea.testkit.net.LossyRelay 9000 ${location.port} 0.03 30`;

class Way {
  took = [];
  received = 0;

  constructor({ title, meaning, lanes }) {
    const card = document.querySelector('#way').content.firstElementChild.cloneNode(true);
    this.find = (selector) => card.querySelector(selector);
    this.find('h2').textContent = title;
    this.find('.meaning').textContent = meaning;
    document.querySelector('#ways').append(card);
    this.lanes = lanes;
  }

  connect(port, hashes) {
    this.client?.disconnect();
    this.took = [];
    this.received = 0;
    const way = this;
    const Channels = channelTransport({ ...this.lanes, hashes });
    // The SDK takes the global class when it connects, and again whenever it has to connect anew.
    const Mine = class extends Channels {
      constructor(...given) {
        super(...given);
        way.transport = this;
      }
    };
    this.client = new Centrifuge([{ transport: 'webtransport', endpoint: `https://127.0.0.1:${port}/connection/webtransport` }]);
    const use = () => { globalThis.WebTransport = Mine; };
    this.client.on('connecting', use);
    for (const name of names) {
      const sub = this.client.newSubscription(name);
      sub.on('publication', ({ data }) => {
        this.received++;
        this.took.push(now() - data.t);
        if (this.took.length > KEPT) this.took.shift();
      });
      sub.subscribe();
    }
    use();
    this.client.connect();
    return this.client.ready(10_000);
  }

  show() {
    const sorted = [...this.took].sort((a, b) => a - b);
    const at = (share) => (sorted.length ? `${Math.round(sorted[Math.floor(share * (sorted.length - 1))])} ms` : '–');
    const cell = (name, text) => { this.find(`[data-cell=${name}]`).textContent = text; };
    cell('received', this.received);
    cell('lost', (this.transport?.counts ?? []).reduce((sum, { lost }) => sum + lost, 0));
    cell('median', at(0.5));
    cell('p99', at(0.99));
    cell('late', sorted.length ? `${(100 * sorted.filter((ms) => ms > LATE).length / sorted.length).toFixed(1)} %` : '–');
    this.#draw();
  }

  /** The newest 400 messages, each a bar as high as it took. */
  #draw() {
    const canvas = this.find('canvas');
    const pen = canvas.getContext('2d');
    const style = getComputedStyle(document.documentElement);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const last = this.took.slice(-canvas.width);
    for (const [x, ms] of last.entries()) {
      pen.fillStyle = style.getPropertyValue(ms > LATE ? '--rust' : '--verdigris');
      const height = Math.min(canvas.height, ms / 2.5);
      pen.fillRect(x, canvas.height - height, 1, height);
    }
  }
}

const ways = kinds.map((kind) => new Way(kind));
const publisher = new Centrifuge(transports, { emulationEndpoint });
publisher.on('connected', () => { header.state = 'connected'; });
publisher.on('connecting', () => { header.state = 'connecting'; });
publisher.connect();

let sent = 0;
const began = now();
setInterval(() => {
  const due = Math.floor((now() - began) * CHANNELS * PER_SECOND / 1000);
  if (due - sent > 200) sent = due - 20; // the tab was asleep
  for (; sent < due; sent++) {
    if (publisher.state === 'connected') publisher.publish(names[sent % CHANNELS], { t: now(), pad: 'x'.repeat(140) }).catch(() => {});
  }
}, 5);
setInterval(() => ways.forEach((way) => way.show()), 250);

async function connect() {
  if (!globalThis.WebTransport) {
    note.textContent = 'This browser has no WebTransport.';
    return;
  }
  try {
    const hashes = await developmentHashes();
    // one after the other: each takes the global class
    for (const way of ways) await way.connect(document.querySelector('#port').value, hashes);
    note.textContent = 'Connected three times.';
  } catch (error) {
    note.textContent = `Not connected: ${error.message ?? error}`;
  }
}
document.querySelector('#path').addEventListener('submit', (event) => {
  event.preventDefault();
  connect();
});
connect();
