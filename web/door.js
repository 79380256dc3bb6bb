// The doors to the server. Which one a page takes is in its URL (?door=NAME), and chosen in a menu.
const doors = {
  websocket: { title: 'WebSocket', path: '/connection/websocket' },
  http_stream: { title: 'HTTP streaming', path: '/connection/http_stream' },
  sse: { title: 'Server-sent events', path: '/connection/sse' },
  webtransport: { title: 'WebTransport', isThere: false },
};

const isThere = (name) => doors[name] && doors[name].isThere !== false;
const asked = new URLSearchParams(location.search).get('door');

/** The name of the door that this page takes. */
export const chosen = isThere(asked) ? asked : 'websocket';

/** What people call it. */
export const titleOf = (name) => doors[name]?.title ?? name;

/** What the client SDK takes for its endpoint: new Centrifuge(transports, { emulationEndpoint, … }). */
export const transports = [{
  transport: chosen,
  endpoint: (chosen === 'websocket' ? location.origin.replace('http', 'ws') : location.origin) + doors[chosen].path,
}];
export const emulationEndpoint = `${location.origin}/emulation`;

/**
 * Fills a menu with the doors. Whoever chooses another one comes in there: the page is loaded anew.
 * @param {HTMLSelectElement} select
 * @param {() => Record<string, string>} keep what the URL says beside the door
 */
export function menu(select, keep = () => ({})) {
  for (const name of Object.keys(doors)) {
    const option = new Option(isThere(name) ? titleOf(name) : `${titleOf(name)} (not there yet)`, name, name === chosen, name === chosen);
    option.disabled = !isThere(name);
    select.append(option);
  }
  select.addEventListener('change', () => {
    location.search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(location.search)), ...keep(), door: select.value });
  });
}
