// The upper half of the dashboard: one subscription, eight moving lines.
import { Centrifuge } from './vendor/centrifuge.js';
import { emulationEndpoint, lost, menu, titleOf, transports } from './door.js';
import { Chart, short } from './chart.js';

const megabytes = (value) => `${(value / 1048576).toFixed(1)} MB`;
const count = (value) => Math.round(value).toLocaleString('en');
const sum = (counts) => Object.values(counts).reduce((total, each) => total + each, 0);

const tiles = [
  { title: 'Deliveries a second', of: (s) => s.deliveries_per_second, say: count, floor: 10, wide: true },
  { title: 'Publications a second', of: (s) => s.publications_per_second, say: count, floor: 10, wide: true },
  { title: 'Connections', of: (s) => s.connections, say: count, floor: 4 },
  { title: 'Subscriptions', of: (s) => s.subscriptions, say: count, floor: 4 },
  { title: 'Waiting to be sent', of: (s) => s.pending_bytes, say: (v) => `${short(v)} B`, floor: 1000, colour: '--brass' },
  { title: 'Lapped readers', of: (s) => sum(s.lapped), say: count, floor: 4, colour: '--brass' },
  { title: 'Heap in use', of: (s) => s.heap_bytes / 1048576, say: (v) => megabytes(v * 1048576), floor: 8 },
  { title: 'CPU, % of all cores', of: (s) => s.cpu * 100, say: (v) => `${v.toFixed(1)} %`, floor: 5 },
].map(({ title, of, say, wide, ...options }) => {
  const tile = document.querySelector('#tile').content.firstElementChild.cloneNode(true);
  tile.querySelector('.quiet-label').textContent = title;
  tile.classList.toggle('wide', Boolean(wide));
  document.querySelector('#tiles').append(tile);
  const chart = new Chart(tile.querySelector('canvas'), options);
  const text = tile.querySelector('.value');
  return (stats) => {
    chart.push(of(stats));
    text.textContent = say(of(stats));
  };
});

const client = new Centrifuge(transports, { emulationEndpoint });
client.on('state', ({ newState }) => { document.querySelector('cardea-header').state = newState; });
client.on('connected', ({ transport }) => { document.querySelector('#in-use').textContent = titleOf(transport); });
menu(document.querySelector('#door'), { lossy: true });
const lostCell = document.querySelector('#lost');
lostCell.parentElement.hidden = lost() === undefined;

setInterval(async () => {
  if (client.state !== 'connected') return;
  const start = performance.now();
  try {
    await client.rpc('ping', {});
    document.querySelector('#round-trip').textContent = `${(performance.now() - start).toFixed(1)} ms`;
  } catch { /* cut meanwhile */ }
}, 2000);

const stats = client.newSubscription('stats:server');
let recovered = 0;
let recovering = false;
stats.on('subscribed', ({ recovered: isRecovered }) => {
  recovering = isRecovered;
  setTimeout(() => { recovering = false; }); // what was recovered is emitted before any timer
});
stats.on('publication', ({ data }) => {
  if (recovering) document.querySelector('#recovered').textContent = ++recovered;
  for (const show of tiles) show(data);
});
stats.subscribe();

const prices = client.newSubscription('feed_conflate:prices');
const rows = new Map();
let received = 0;
prices.on('publication', ({ data: { symbol, price } }) => {
  received++;
  let row = rows.get(symbol);
  if (!row) {
    row = document.createElement('li');
    row.innerHTML = '<span></span><b class="number"></b><canvas></canvas>';
    row.querySelector('span').textContent = symbol;
    document.querySelector('#prices').append(row);
    row.chart = new Chart(row.querySelector('canvas'), { seconds: 20, colour: '--brass', fit: true });
    rows.set(symbol, row);
  }
  row.querySelector('b').textContent = price.toFixed(2);
  row.chart.push(price);
});
prices.subscribe();
setInterval(() => {
  document.querySelector('#price-rate').textContent = received;
  lostCell.textContent = lost();
  received = 0;
}, 1000);

client.connect();
