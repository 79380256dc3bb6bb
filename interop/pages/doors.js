// Listens to one channel through one door, and keeps what it hears: ?door=NAME&channel=NAME
const query = new URLSearchParams(location.search);
const door = query.get('door');
const channel = query.get('channel');
globalThis.heard = [];
globalThis.opened = 0;
globalThis.lost = 0; // how often it was
globalThis.recovered = [];

/** An EventSource says so each time that it could not connect again, too. */
function hearEnds(events) {
  let isOpen = false;
  events.addEventListener('open', () => { isOpen = true; });
  events.addEventListener('error', () => {
    if (isOpen) lost++;
    isOpen = false;
  });
}

const listeners = {
  eventsource() {
    const connect = { subs: { [channel]: {} } };
    const events = new EventSource(`/connection/uni_sse?cf_connect=${encodeURIComponent(JSON.stringify(connect))}`);
    hearEnds(events);
    events.onmessage = ({ data }) => {
      const push = JSON.parse(data);
      if (push.connect) {
        opened++;
        const { was_recovering: was, recovered: is } = push.connect.subs[channel];
        if (was) recovered.push(is === true);
      }
      if (push.pub) heard.push(push.pub.data.n);
    };
  },

  mercure() {
    const topic = channel.slice(channel.indexOf(':') + 1); // its namespace is the hub's
    const events = new EventSource(`/.well-known/mercure?topic=${encodeURIComponent(topic)}`);
    hearEnds(events);
    events.onopen = () => { if (opened++) recovered.push(true); };
    events.addEventListener('cardea-gap', () => { recovered[recovered.length - 1] = false; });
    events.onmessage = ({ data }) => heard.push(JSON.parse(data).n);
  },

  websocket: () => listen('websocket'),
  http_stream: () => listen('http_stream'),
  sse: () => listen('sse'),
  webtransport: () => listen('webtransport', { streams: 'one' }),
  'webtransport-streams': () => listen('webtransport', { streams: 'channel' }),
  'webtransport-datagrams': () => listen('webtransport', { streams: 'channel', datagrams: [channel] }),
};

/** With the SDK. */
async function listen(transport, lanes) {
  const { Centrifuge } = await import(`${location.origin}/vendor/centrifuge.js`);
  const scheme = { websocket: location.protocol.replace('http', 'ws'), webtransport: 'https:' }[transport] ?? location.protocol;
  const doors = [{ transport, endpoint: `${scheme}//${location.host}/connection/${transport}` }];
  if (query.has('blocked')) doors.unshift({ transport: 'websocket', endpoint: `${location.origin.replace('http', 'ws')}/nothing/here` });
  if (lanes) {
    const { channelTransport, developmentHashes } = await import(`${location.origin}/webtransport.js`);
    const Channels = channelTransport({ ...lanes, hashes: await developmentHashes() });
    globalThis.WebTransport = class extends Channels {
      constructor(...given) {
        super(...given);
        globalThis.current = this;
      }
    };
  }
  const client = new Centrifuge(doors, {
    emulationEndpoint: '/emulation', minReconnectDelay: 50, maxReconnectDelay: 500, maxServerPingDelay: 1000,
  });
  client.on('connected', (context) => { globalThis.transport = context.transport; });
  const subscription = client.newSubscription(channel);
  subscription.on('subscribed', ({ wasRecovering, recovered: is }) => {
    opened++;
    if (wasRecovering) recovered.push(is);
  });
  subscription.on('subscribing', () => { if (opened) lost++; });
  subscription.on('publication', ({ data }) => heard.push(data.n));
  subscription.subscribe();
  client.connect();
}

await listeners[door]();
