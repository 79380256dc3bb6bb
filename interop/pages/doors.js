// Listens to one channel through one door, and keeps what it hears: ?door=NAME&channel=NAME
const query = new URLSearchParams(location.search);
const door = query.get('door');
const channel = query.get('channel');
globalThis.heard = [];
globalThis.opened = 0;
globalThis.recovered = [];

if (door === 'eventsource') {
  const connect = { subs: { [channel]: {} } };
  const events = new EventSource(`/connection/uni_sse?cf_connect=${encodeURIComponent(JSON.stringify(connect))}`);
  events.onmessage = ({ data }) => {
    const push = JSON.parse(data);
    if (push.connect) {
      opened++;
      const { was_recovering: was, recovered: is } = push.connect.subs[channel];
      if (was) recovered.push(is === true);
    }
    if (push.pub) heard.push(push.pub.data.n);
  };
} else {
  const { Centrifuge } = await import(`${location.origin}/vendor/centrifuge.js`);
  const endpoint = door === 'websocket'
    ? `${location.origin.replace('http', 'ws')}/connection/websocket` : `${location.origin}/connection/${door}`;
  const doors = [{ transport: door, endpoint }];
  if (query.has('blocked')) doors.unshift({ transport: 'websocket', endpoint: `${location.origin.replace('http', 'ws')}/nothing/here` });
  const client = new Centrifuge(doors, { emulationEndpoint: '/emulation', minReconnectDelay: 50, maxReconnectDelay: 500 });
  client.on('connected', ({ transport }) => { globalThis.transport = transport; });
  const subscription = client.newSubscription(channel);
  subscription.on('subscribed', ({ wasRecovering, recovered: is }) => {
    opened++;
    if (wasRecovering) recovered.push(is);
  });
  subscription.on('publication', ({ data }) => heard.push(data.n));
  subscription.subscribe();
  client.connect();
}
