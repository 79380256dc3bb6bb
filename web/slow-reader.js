// The lower half of the dashboard: four connections that really stop reading, one for each policy.
import { Centrifuge } from './vendor/centrifuge.js';
import { Chart } from './chart.js';
import { Gate, canPause, pausableSocket } from './pausable-socket.js';

// Only a WebSocket can be stopped like this, whatever door the rest of the page takes.
const endpoint = `${location.origin.replace('http', 'ws')}/connection/websocket`;
const PAUSE_SECONDS = 12; // long enough to be overtaken, short enough for history to reach back

const policies = [
  { name: 'recover', meaning: 'You are unsubscribed, subscribe again, and recover what history still has. Nothing is lost while it reaches back.' },
  { name: 'latest', meaning: 'You jump to the newest message. What lies between is gone, and you are never far behind.' },
  { name: 'skip', meaning: 'You go on with the oldest that is left, and are told how many you lost.' },
  { name: 'disconnect', meaning: 'The connection is closed with 3008, if that word still fits into the full pipe. The client comes back and recovers.' },
];

const gate = new Gate();
for (const { name, meaning } of policies) startReader(name, meaning);
const brake = document.querySelector('#brake');
const note = document.querySelector('#brake-note');

function startReader(name, meaning) {
  const card = document.querySelector('#policy').content.firstElementChild.cloneNode(true);
  const find = (selector) => card.querySelector(selector);
  find('h3').textContent = name;
  find('.meaning').textContent = meaning;
  document.querySelector('#policies').append(card);
  const chart = new Chart(find('canvas'), { seconds: 60, colour: '--rust', label: (seconds) => `${seconds} s` });

  let last; // { seq, time, lag } of the newest message read
  let gaps = [];
  let recovering; // how many publications this recovery has brought so far

  const say = (text) => {
    const item = document.createElement('li');
    item.textContent = text;
    find('ol').prepend(item);
    while (find('ol').children.length > 4) find('ol').lastElementChild.remove();
  };

  const client = new Centrifuge(endpoint, canPause ? { websocket: pausableSocket(gate) } : {});
  client.on('connecting', ({ code, reason }) => {
    if (code !== 0) say(`Disconnected ${code} (${reason}), reconnecting`);
  });
  client.on('message', ({ data }) => {
    if (data.skipped) say(`Skipped ${data.skipped.count}, says the server`);
  });

  const feed = client.newSubscription(`feed_${name}:ticks`);
  feed.on('subscribing', ({ code }) => { if (code === 2500) say('Unsubscribed 2500, asking to recover'); });
  feed.on('subscribed', ({ wasRecovering, recovered }) => {
    if (!wasRecovering) return;
    if (!recovered) return say('Could not be recovered: history no longer reaches back');
    recovering = 0;
    setTimeout(() => { // recovered publications are emitted before any timer
      say(`Recovered ${recovering} ${recovering === 1 ? 'publication' : 'publications'}`);
      recovering = undefined;
    });
  });
  feed.on('publication', ({ data: { seq, time } }) => {
    const gap = last ? seq - last.seq - 1 : 0;
    if (gap > 0) {
      gaps = [...gaps.slice(-2), gap];
      find('[data-cell=gaps]').textContent = gaps.join(', ');
      if (name === 'latest') say(`Jumped over ${gap} to the latest`);
    }
    if (recovering !== undefined) recovering++;
    last = { seq, time, lag: Date.now() - time };
    find('[data-cell=last]').textContent = `№ ${seq.toLocaleString('en')}`;
  });
  feed.subscribe();
  client.connect();

  setInterval(() => {
    if (!last) return;
    const silence = Date.now() - last.time; // a message is due every 50 ms
    const behind = Math.max(0, silence > 250 ? silence : last.lag) / 1000;
    chart.push(behind);
    find('.value').textContent = behind < 1 ? `${Math.round(behind * 1000)} ms` : `${behind.toFixed(1)} s`;
    card.classList.toggle('behind', behind > 1);
  }, 100);
}

let countdown;
function pause() {
  let left = PAUSE_SECONDS;
  gate.shut();
  brake.textContent = 'Read again';
  document.body.classList.add('paused');
  const tick = () => {
    note.textContent = `Reading nothing for another ${left} s`;
    if (left-- === 0) resume();
  };
  tick();
  countdown = setInterval(tick, 1000);
}
function resume() {
  clearInterval(countdown);
  countdown = undefined;
  gate.open();
  brake.textContent = 'Stop reading';
  note.textContent = 'Reading';
  document.body.classList.remove('paused');
}

brake.disabled = !canPause;
note.textContent = canPause ? 'Reading'
  : 'This browser always reads its WebSockets. One with WebSocketStream (Chrome, Edge) can stop.';
brake.addEventListener('click', () => (countdown ? resume() : pause()));
