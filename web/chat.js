// A chat room: presence, history, and recovery that you can watch.
// ?room=NAME chooses the room, ?name=NAME skips the question, ?token=JWT signs the connection, ?door=NAME takes that door.
import { Centrifuge } from './vendor/centrifuge.js';
import { emulationEndpoint, menu, titleOf, transports } from './door.js';
import { Line } from './line.js';
import { Timeline } from './timeline.js';
import { People } from './people.js';

const $ = (selector) => document.querySelector(selector);
const query = new URLSearchParams(location.search);
const room = query.get('room') || 'lobby';
let name = query.get('name') || '';

const line = new Line();
const people = new People($('#people'), $('#count'));
const timeline = new Timeline($('#messages'), people);

globalThis.WebTransport = line.faces.webtransport; // the SDK has no option for it
const client = new Centrifuge(transports, {
  token: query.get('token') ?? '',
  emulationEndpoint,
  ...line.faces,
  networkEventTarget: line,
  maxReconnectDelay: 3000,
});
const chat = client.newSubscription(`chat:${room}`);

// --- connection -------------------------------------------------------------------------------

client.on('state', ({ newState }) => {
  $('cardea-header').state = newState;
  $('#state').textContent = line.isCut ? 'cut' : newState;
});
client.on('connecting', ({ code, reason }) => {
  if (code !== 0) timeline.note('cut', line.isCut ? 'You cut the connection' : `Connection lost: ${reason}`);
});
client.on('disconnected', ({ code, reason }) => timeline.note('cut', `The server ended the connection: ${reason} (${code})`));
client.on('connected', ({ client: id, transport }) => {
  people.me = id;
  $('#in-use').textContent = titleOf(transport);
});
menu($('#door'), { keep: () => (name ? { name } : {}) });

$('#cut').addEventListener('change', ({ target }) => {
  if (target.checked) line.cut();
  else line.mend();
});

setInterval(async () => {
  if (chat.state !== 'subscribed') return;
  const start = performance.now();
  try {
    await chat.presenceStats();
    $('#round-trip').textContent = `${(performance.now() - start).toFixed(1)} ms`;
  } catch { /* cut meanwhile */ }
}, 2000);

// --- what is said -----------------------------------------------------------------------------

let recovery; // what this reconnect brought back: filled while its publications pass

chat.on('subscribed', async ({ wasRecovering, recovered }) => {
  chat.presence().then(({ clients }) => people.replace(clients), () => {});
  if (wasRecovering && recovered) {
    recovery = timeline.recovery();
    // the recovered publications are emitted right after this event, all of them before any timer
    setTimeout(() => { recovery.done(); recovery = undefined; sayHello('is back'); });
    return;
  }
  if (wasRecovering) timeline.note('cut', 'You were away too long: the server could not replay everything');
  timeline.restart();
  const { publications } = await chat.history({ limit: 100, reverse: true });
  for (const publication of publications.reverse()) timeline.show(publication);
  sayHello('came in');
});
chat.on('publication', (publication) => {
  timeline.show(publication, { live: true, recovery });
  $('#position').textContent = `№ ${timeline.last}`;
  $('#recovered').textContent = timeline.recovered;
  $('#faults').textContent = `${timeline.missing} / ${timeline.twice}`;
});
chat.on('join', ({ info }) => people.add(info));
chat.on('leave', ({ info }) => people.remove(info));
chat.on('error', ({ error }) => timeline.note('cut', `Not subscribed: ${error.message} (${error.code})`));

// Anonymous connections have no name of their own, so everybody says theirs once for each connection.
function sayHello(text) {
  if (chat.state === 'subscribed') chat.publish({ kind: 'hello', name, text }).catch(() => {});
}

$('#compose').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('#text').value.trim();
  if (!text) return;
  try {
    await chat.publish({ kind: 'text', name, text, time: Date.now() });
    $('#text').value = '';
  } catch ({ message }) {
    timeline.note('cut', `Not sent: ${message}. Your text is still there.`);
  }
});

// --- the door ---------------------------------------------------------------------------------

function enter() {
  sessionStorage.setItem('name', name);
  people.myName = name;
  document.body.classList.add('inside');
  $('#cut').disabled = false;
  $('#text').focus({ preventScroll: true });
  chat.subscribe();
  client.connect();
}

$('#enter').addEventListener('submit', (event) => {
  event.preventDefault();
  name = $('#name').value.trim();
  if (name) enter();
});

$('#room').textContent = room;
document.title = `${room} · Cardea`;
$('#name').value = sessionStorage.getItem('name') ?? '';
if (name) enter();
