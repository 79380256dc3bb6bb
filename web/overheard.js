// The newest words of the chat's lobby with nothing but the browser's own EventSource: the channels of the chat are topics of the Mercure hub.
const words = document.querySelector('#overheard');

/** Where the hub is, as the page's Link header says. */
async function hubOf(page) {
  const { headers } = await fetch(page, { method: 'HEAD', cache: 'no-cache' });
  const [, hub] = headers.get('link')?.match(/<([^>]+)>; rel="mercure"/) ?? [];
  return hub && new URL(hub, page);
}

const hub = await hubOf(location.href);
if (hub) {
  hub.searchParams.append('topic', 'lobby');
  hub.searchParams.append('lastEventID', 'earliest');
  const events = new EventSource(hub);
  events.onmessage = ({ data }) => {
    const { kind, name, text } = JSON.parse(data);
    if (kind === 'text') words.textContent = `${name || 'Somebody'}: ${text}`;
  };
}
