// The four numbers on the front page: one subscription.
import { Centrifuge } from './vendor/centrifuge.js';
import { emulationEndpoint, transports } from './door.js';

document.querySelector('#endpoint').textContent = transports[0].endpoint;
const header = document.querySelector('cardea-header');
const cells = document.querySelectorAll('[data-stat]');

const client = new Centrifuge(transports, { emulationEndpoint });
client.on('state', ({ newState }) => { header.state = newState; });

const stats = client.newSubscription('stats:server');
stats.on('publication', ({ data }) => {
  for (const cell of cells) cell.textContent = Math.round(data[cell.dataset.stat]).toLocaleString('en');
});
stats.subscribe();
client.connect();
