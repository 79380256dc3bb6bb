// Two servers that share a broker, a reader and a publisher at each, and a user who moves between them.
// ?other=PORT names the other server's port.
import { Centrifuge } from './vendor/centrifuge.js';

const PER_SECOND = 4;
const SHOWN = 12;
const $ = (selector) => document.querySelector(selector);
const query = new URLSearchParams(location.search);
const channel = `chat:nodes-${Math.random().toString(36).slice(2, 10)}`;
const endpoint = (port) => `${location.protocol.replace('http', 'ws')}//${location.hostname}:${port}/connection/websocket`;
const own = location.port || (location.protocol === 'https:' ? '443' : '80');
$('#port').value = query.get('other') ?? String(Number(own) + 1);

/** One server, as a reader there sees it. */
class Server {
  constructor(index, port) {
    this.card = $(`[data-server="${index}"]`);
    this.port = port;
    this.card.querySelector('h2').textContent = `:${port}`;
    this.list = this.card.querySelector('ol');
    this.list.replaceChildren();
    this.client = new Centrifuge(endpoint(port), { maxReconnectDelay: 2000 });
    this.client.on('state', ({ newState }) => {
      this.card.querySelector('.state').textContent = newState;
      if (index === 0) $('cardea-header').state = newState;
      look();
    });
    this.subscription = this.client.newSubscription(channel);
    this.subscription.on('state', look);
    this.subscription.on('publication', ({ data, offset }) => this.show(data, offset));
    this.subscription.subscribe();
    this.client.connect();
  }

  show({ at }, offset) {
    const item = document.createElement('li');
    if (at === this.port) item.className = 'own';
    item.append(`№ ${offset}`);
    const from = document.createElement('span');
    from.textContent = `from :${at}`;
    item.append(from);
    this.list.prepend(item);
    while (this.list.children.length > SHOWN) this.list.lastChild.remove();
  }

  get isUp() { return this.client.state === 'connected' && this.subscription.state === 'subscribed'; }

  close() { this.client.disconnect(); }
}

/** The user: one client of the SDK, unchanged, whose connections go where the user is. */
class User {
  at = 0;
  moves = 0;
  recovered = 0;
  missing = 0;
  twice = 0;
  last = 0;

  constructor(ports) {
    const user = this;
    class Here extends WebSocket {
      constructor(_, ...more) {
        super(endpoint(ports[user.at]), ...more);
        user.socket = this;
      }
    }
    this.ports = ports;
    this.client = new Centrifuge(endpoint(ports[0]), { websocket: Here, minReconnectDelay: 300, maxReconnectDelay: 1000 });
    this.client.on('state', () => this.tell());
    this.subscription = this.client.newSubscription(channel);
    this.subscription.on('subscribed', ({ wasRecovering }) => {
      // what was missed is emitted right after this event, all of it before any timer
      this.isRecovering = wasRecovering;
      setTimeout(() => { this.isRecovering = false; });
      this.tell();
    });
    this.subscription.on('publication', ({ offset }) => {
      if (this.last && offset <= this.last) this.twice++;
      if (this.last && offset > this.last + 1) this.missing += offset - this.last - 1;
      this.last = Math.max(offset, this.last);
      if (this.isRecovering) this.recovered++;
      this.tell();
    });
    this.subscription.subscribe();
    this.client.connect();
  }

  /** The connection ends without a goodbye; the SDK makes the next one by itself. */
  move() {
    this.at = 1 - this.at;
    this.moves++;
    this.socket?.close();
    this.tell();
  }

  tell() {
    const isThere = this.subscription.state === 'subscribed' && this.client.state === 'connected';
    $('.track').className = `track at-${this.at}${isThere ? '' : ' nowhere'}`;
    $('#place').textContent = isThere ? `is at :${this.ports[this.at]}` : `is on the way to :${this.ports[this.at]}`;
    document.querySelectorAll('.server').forEach((card, i) => card.classList.toggle('here', isThere && i === this.at));
    $('#last').textContent = this.last ? `№ ${this.last}` : '–';
    $('#moves').textContent = this.moves;
    $('#recovered').textContent = this.recovered;
    $('#faults').textContent = `${this.missing} / ${this.twice}`;
  }

  close() { this.client.disconnect(); }
}

let servers = [];
let user;
let n = 0;

function look() {
  const areUp = servers.length === 2 && servers.every(({ isUp }) => isUp);
  for (const id of ['#move', '#restless']) $(id).disabled = !user;
  $('#note').textContent = areUp ? 'Both servers are there.'
    : `Is the other server running? Both need one Redis: ./cardea dev --port ${$('#port').value} --broker redis://127.0.0.1:6379`;
}

function start() {
  servers.forEach((server) => server.close());
  user?.close();
  user = undefined;
  n = 0;
  const ports = [own, $('#port').value];
  servers = ports.map((port, index) => new Server(index, port));
  look();
  Promise.all(servers.map(({ subscription }) => subscription.ready())).then(() => {
    user = new User(ports);
    look();
  }, () => {});
}

let publishing = false;
setInterval(async () => {
  if (!user || publishing) return;
  publishing = true;
  const server = servers[++n % 2];
  try {
    await server.subscription.publish({ at: server.port });
  } catch { /* it is away: the other one's turn */ }
  publishing = false;
}, 1000 / PER_SECOND);
setInterval(() => { if ($('#restless').checked) user?.move(); }, 2000);

$('#where').addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
$('#move').addEventListener('click', () => user?.move());
start();
