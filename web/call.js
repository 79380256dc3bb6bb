// Two people in a call, with npm peerjs, unchanged. Whoever has the link is in: the first one is the host, the second one the
// guest, and the guest calls. #ROOM names the call; ?relay begins with relayed ways alone.
import { CallWay } from './call-way.js';
import { Media } from './media.js';

const { Peer } = globalThis.peerjs;
const RETRY_MILLIS = 1500;
const $ = (selector) => document.querySelector(selector);
const random = () => Math.random().toString(36).slice(2, 10);

if (!/^#[a-z0-9-]{1,40}$/.test(location.hash)) history.replaceState(null, '', `#${random()}`);
const room = location.hash.slice(1);
const ids = { host: `call-${room}-1`, guest: `call-${room}-2` };
const token = random() + random();
const media = new Media();
const way = new CallWay();
let role;
let peer;
let call; // the pictures and voices
let talk; // the text
let retry;
let hasHungUp = false;
$('#relayed').checked = new URLSearchParams(location.search).has('relay');

/** Fresh credentials of the server's own relay; without one, the browser's own addresses have to do. */
async function configuration() {
  const answer = await fetch('turn-credentials').catch(() => ({ ok: false }));
  const { iceServers } = answer.ok ? await answer.json() : { iceServers: [] };
  return { iceServers, iceTransportPolicy: $('#relayed').checked ? 'relay' : 'all' };
}

function say(text) { $('#status').textContent = text; }

function note(text, kind = 'note') {
  const item = document.createElement('li');
  item.className = kind;
  item.textContent = text;
  $('#said').append(item);
  $('#said').scrollTop = $('#said').scrollHeight;
}

async function start() {
  $('#start').hidden = true;
  say('Looking for camera and microphone…');
  const missing = await media.open();
  $('#own').srcObject = media.stream;
  $('#own').hidden = false;
  if (missing) note(missing);
  for (const id of ['#microphone', '#camera', '#hang-up']) $(id).disabled = false;
  $('#screen').disabled = !navigator.mediaDevices?.getDisplayMedia;
  hasHungUp = false;
  await enter('host');
}

async function enter(as) {
  role = as;
  $('cardea-header').state = 'connecting';
  const config = await configuration();
  peer = new Peer(ids[role], {
    host: location.hostname, port: location.port || (location.protocol === 'https:' ? 443 : 80), path: '/peerjs', token, config,
  });
  peer.on('open', opened);
  peer.on('error', failed);
  peer.on('disconnected', () => {
    $('cardea-header').state = 'disconnected';
    if (!hasHungUp) setTimeout(() => peer.disconnected && !peer.destroyed && peer.reconnect(), RETRY_MILLIS);
  });
  peer.on('call', answer);
  peer.on('connection', (connection) => {
    if (connection.peer === other()) begin(connection);
    else connection.close();
  });
}

const other = () => (role === 'host' ? ids.guest : ids.host);

function opened() {
  $('cardea-header').state = 'connected';
  if (call?.open) return; // only the server was away
  if (role === 'guest') {
    ring();
    return;
  }
  $('#link').value = location.href.replace(/\?[^#]*/, '');
  $('#invitation').hidden = false;
  say('Send this link to the other one.');
}

function failed({ type, message }) {
  if (type === 'unavailable-id' && role === 'host') enter('guest');
  else if (type === 'unavailable-id') {
    $('cardea-header').state = 'disconnected';
    say('Two people are in this call already.');
  } else if (type === 'peer-unavailable') again();
  else if (type !== 'network') say(message);
}

function again() {
  clearTimeout(retry);
  if (!hasHungUp && role === 'guest') retry = setTimeout(ring, RETRY_MILLIS);
}

async function ring() {
  if (call?.open) return;
  if (peer.disconnected) {
    again();
    return;
  }
  say('Calling…');
  peer.options.config = await configuration();
  begin(peer.connect(other(), { label: 'talk', reliable: true }));
  lead(peer.call(other(), media.stream));
}

async function answer(incoming) {
  if (incoming.peer !== other()) {
    incoming.close();
    return;
  }
  peer.options.config = await configuration();
  incoming.answer(media.stream);
  lead(incoming);
}

function lead(next) {
  const before = call;
  call = next;
  if (before !== next) before?.close();
  next.on('stream', (stream) => {
    if (call !== next) return;
    $('#theirs').srcObject = stream;
    document.body.classList.add('in-call');
    media.into(next.peerConnection);
    way.follow(next.peerConnection);
  });
  next.on('close', () => over(next));
  next.on('error', () => over(next));
  next.on('iceStateChanged', (state) => {
    if (state === 'failed' || state === 'disconnected') setTimeout(() => {
      if (next.peerConnection && ['failed', 'disconnected'].includes(next.peerConnection.iceConnectionState)) next.close();
    }, state === 'failed' ? 0 : 4000);
  });
}

function over(ended) {
  if (call !== ended) return;
  call = undefined;
  document.body.classList.remove('in-call');
  $('#theirs').srcObject = null;
  way.stop();
  if (hasHungUp) return;
  say(role === 'guest' ? 'Calling…' : 'The other one has gone. The link still holds.');
  again();
}

function begin(connection) {
  const before = talk;
  talk = connection;
  before?.close();
  connection.on('open', () => {
    $('#text').disabled = $('#send').disabled = false;
    note('You can write to each other.');
  });
  connection.on('data', (text) => note(String(text).slice(0, 2000), 'theirs'));
  connection.on('close', () => {
    if (talk !== connection) return;
    $('#text').disabled = $('#send').disabled = true;
    note('The other one has gone.');
    // a page that is closed says so here first
    call?.close();
  });
}

function hangUp() {
  hasHungUp = true;
  clearTimeout(retry);
  talk?.close();
  call?.close();
  peer?.destroy();
  media.close();
  $('#own').hidden = true;
  $('#invitation').hidden = true;
  for (const id of ['#microphone', '#camera', '#screen', '#hang-up']) $(id).disabled = true;
  $('#start').hidden = false;
  $('#start').textContent = 'Call again';
  $('cardea-header').state = 'disconnected';
  say('You have hung up.');
}

function press(id, isPressed, text) {
  $(id).setAttribute('aria-pressed', isPressed);
  $(id).querySelector('span').textContent = text;
}

$('#start').addEventListener('click', start);
$('#hang-up').addEventListener('click', hangUp);
$('#microphone').addEventListener('click', () => {
  const isMuted = media.toggleMicrophone();
  press('#microphone', isMuted, isMuted ? 'Unmute' : 'Mute');
});
$('#camera').addEventListener('click', () => {
  const isOff = media.toggleCamera();
  press('#camera', isOff, isOff ? 'Camera on' : 'Camera off');
});
media.onscreen = (isShared) => {
  press('#screen', isShared, isShared ? 'Stop sharing' : 'Share screen');
  $('#own').classList.toggle('screen', isShared);
  $('#own').srcObject = media.shown;
};
$('#screen').addEventListener('click', () => media.toggleScreen().catch(({ message }) => note(message)));
$('#relayed').addEventListener('change', () => {
  // the guest calls again, and both ask for a way anew
  talk?.close();
  call?.close();
});
$('#copy').addEventListener('click', async () => {
  $('#link').select();
  await navigator.clipboard?.writeText($('#link').value).catch(() => {});
  $('#copy').textContent = 'Copied';
});
$('#compose').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('#text').value.trim();
  if (!text || !talk?.open) return;
  talk.send(text);
  note(text, 'mine');
  $('#text').value = '';
});
addEventListener('pagehide', () => peer?.destroy());
