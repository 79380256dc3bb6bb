// Two browsers in networks that have no way to each other: what they see of each other comes through the relay.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Network } from '../kit/network.mjs';
import { Server } from '../kit/server.mjs';
import { chromium, launch, open, prepareWeb } from '../kit/browser.mjs';
import { CALLS, sees } from '../kit/peers.mjs';

const port = 8000;
const page = `http://${Network.server}:${port}`;
let network, server;
let browsers = [];
const skip = Network.isPossible ? false : 'needs root, to make network namespaces';
before(async () => {
  if (skip) return;
  prepareWeb();
  network = new Network(2);
  server = new Server(['dev', '--address', ''], port, { // all addresses
    CARDEA_CLIENT_ALLOWED_ORIGINS: page,
    CARDEA_TURN_ADDRESS: Network.server, CARDEA_TURN_PORT: '3478', CARDEA_TURN_RELAY_PORTS: '50000-50100',
    CARDEA_TURN_PEERS_ALLOW: '10.77.0.0/16',
  });
  server.command = await network.into(0, server.command);
  const browser = async (index) =>
    launch([...CALLS, `--unsafely-treat-insecure-origin-as-secure=${page}`], await network.into(index, chromium()));
  [, ...browsers] = await Promise.all([server.up(), browser(1), browser(2)]);
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser?.close()));
  await server?.stop();
  network?.close();
});

for (const policy of ['all', 'relay']) {
  test(`with iceTransportPolicy ${policy} they hold a call through the relay`, { skip }, async () => {
    assert.deepEqual([network.hasWay(1, 2), network.hasWay(2, 1)], [false, false]);
    const room = `net-${policy}`;
    const query = policy === 'relay' ? '?relay' : '';
    const pages = await Promise.all(browsers.map((browser) => open(browser, `${page}/call.html${query}#${room}`)));
    const [host, guest] = pages;
    await host.click('#start');
    await host.locator('#status', { hasText: 'Send this link' }).waitFor();
    await guest.click('#start');
    await Promise.all(pages.map((each) => sees(each, 30)));
    await Promise.all(pages.map((each) => each.locator('#pair[data-kind="relay"]').waitFor()));
    const kinds = await Promise.all(pages.map((each) => each.innerText('#pair')));
    if (policy === 'relay') for (const each of kinds) assert.equal(each.match(/\(relay\)/g).length, 2, each);
    for (const each of pages) assert.deepEqual(each.errors, []);
    await Promise.all(pages.map((each) => each.context().close()));
  });
}
