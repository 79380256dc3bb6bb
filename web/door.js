// The doors to the server. Which one a page takes is in its URL (?door=NAME), and chosen in a menu.
import { channelTransport, developmentHashes } from './webtransport.js';

const webtransport = { transport: 'webtransport', path: '/connection/webtransport', isThere: 'WebTransport' in globalThis };
const doors = {
  websocket: { title: 'WebSocket', path: '/connection/websocket' },
  http_stream: { title: 'HTTP streaming', path: '/connection/http_stream' },
  sse: { title: 'Server-sent events', path: '/connection/sse' },
  webtransport: { ...webtransport, title: 'WebTransport', lanes: { streams: 'one' } },
  'webtransport-streams': { ...webtransport, title: 'WebTransport, many streams', lanes: { streams: 'channel' } },
  'webtransport-datagrams': {
    ...webtransport, title: 'WebTransport, datagrams',
    // what is worth nothing once there is something newer
    lanes: { streams: 'channel', datagrams: ['feed_conflate:*', 'hol:*'] }, isLossy: true,
  },
};

const isThere = (name) => doors[name] && doors[name].isThere !== false;
const asked = new URLSearchParams(location.search).get('door');

/** The name of the door that this page takes. */
export const chosen = isThere(asked) ? asked : 'websocket';
const { transport = chosen, path, lanes } = doors[chosen];

/** What people call it. */
export const titleOf = (name) => (name === transport ? doors[chosen] : doors[name])?.title ?? name;

/** What the client SDK takes for its endpoint: new Centrifuge(transports, { emulationEndpoint, … }). */
const scheme = { websocket: location.protocol.replace('http', 'ws'), webtransport: 'https:' }[transport] ?? location.protocol;
export const transports = [{ transport, endpoint: `${scheme}//${location.host}${path}` }];
export const emulationEndpoint = `${location.origin}/emulation`;

let current; // the newest WebTransport session

/** Messages that were lost in datagrams, or came too late; undefined where none can be. */
export const lost = () => (doors[chosen].isLossy ? current?.counts.reduce((sum, each) => sum + each.lost, 0) ?? 0 : undefined);

if (lanes) {
  // A development certificate is made anew when its server starts: so each new session may need another hash.
  const hashes = [];
  const renew = async () => hashes.splice(0, hashes.length, ...await developmentHashes().catch(() => hashes));
  await renew();
  const Channels = channelTransport({ ...lanes, hashes });
  // the SDK takes the global class
  globalThis.WebTransport = class extends Channels {
    constructor(...given) {
      super(...given);
      current = this;
      this.closed.then(renew, renew);
    }
  };
}

/**
 * Fills a menu with the doors. Whoever chooses another one comes in there: the page is loaded anew.
 * @param {HTMLSelectElement} select
 * @param {object} options
 * @param {() => Record<string, string>} [options.keep] what the URL says beside the door
 * @param {boolean} [options.lossy] whether the page has channels that may come in datagrams
 */
export function menu(select, { keep = () => ({}), lossy = false } = {}) {
  for (const [name, { title, isLossy }] of Object.entries(doors)) {
    if (isLossy && !lossy && name !== chosen) continue;
    const option = new Option(isThere(name) ? title : `${title} (not in this browser)`, name, name === chosen, name === chosen);
    option.disabled = !isThere(name);
    select.append(option);
  }
  select.addEventListener('change', () => {
    location.search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(location.search)), ...keep(), door: select.value });
  });
}
