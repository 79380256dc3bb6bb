import { readFileSync } from 'node:fs';
import { EventSource } from 'eventsource';
import { Socket } from './sdk.mjs';

/** What the SDK finds in a browser, and has to be given in Node. */
export const browserish = (origin) => ({
  websocket: Socket,
  fetch: (...request) => fetch(...request).catch((error) => {
    // a request that was cut off: the SDK looks at the stream alone, and would leave this one unhandled
    if (String(request[0]).endsWith('/emulation')) return new Response(null, { status: 503 });
    throw error;
  }),
  readableStream: ReadableStream,
  eventsource: EventSource,
  emulationEndpoint: `${origin}/emulation`,
});

/** Where the SDK finds each door. */
export const door = (transport, origin) => ({
  transport,
  endpoint: transport === 'websocket'
    ? `${origin.replace('http', 'ws')}/connection/websocket` : `${origin}/connection/${transport}`,
});

/** All doors that a page can take with nothing but its URL changed: see pages/doors.js. */
export const pageDoors = ['websocket', 'http_stream', 'sse', 'eventsource', 'mercure', 'webtransport', 'webtransport-streams'];

/** What opens the Mercure hub in the server that `./cardea dev` starts, mapped to the rooms of its chat. */
export const HUB_KEY = 'the secret of publishers and subscribers';
export const hub = {
  CARDEA_MERCURE_ENABLED: 'true', CARDEA_MERCURE_ANONYMOUS: 'true', CARDEA_MERCURE_NAMESPACE: 'chat',
  CARDEA_MERCURE_PUBLISHER_JWT_KEY: HUB_KEY, CARDEA_MERCURE_SUBSCRIBER_JWT_KEY: HUB_KEY,
};

const listener = readFileSync(new URL('../pages/doors.js', import.meta.url), 'utf8');

/** A page that comes in through a door: a page of the server's, which does nothing by itself, with a script of the test's. */
export async function enter(context, origin, door, channel, more = '') {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${origin}/chat.html?door=${door}&channel=${channel}${more}`);
  await page.addScriptTag({ type: 'module', content: listener });
  await page.waitForFunction(() => globalThis.opened === 1);
  return page;
}
