// A peer behind a link that takes packets of 1,000 bytes and none longer: what is too long for it arrives in fragments, unless
// the client has forbidden that (DONT-FRAGMENT, RFC 8656).
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Network } from '../kit/network.mjs';
import { Server } from '../kit/server.mjs';

const SECRET = 'the-development-secret-that-everyone-knows';
const PEER = '10.77.200.2';
const PEER_PORT = '3480';
const skip = Network.isPossible ? false : 'needs root, to make network namespaces';
let network, server, peer, uclient;

before(async () => {
  if (skip) return;
  network = new Network(2);
  const far = network.behind(2, 1000);
  server = new Server(['dev'], 8000, {
    CARDEA_TURN_ADDRESS: Network.server, CARDEA_TURN_PORT: '3478', CARDEA_TURN_RELAY_PORTS: '50000-50100',
    CARDEA_TURN_PEERS_ALLOW: '10.77.0.0/16',
  });
  server.command = await network.into(0, server.command);
  await server.up();
  peer = spawn(await network.into(far, 'turnutils_peer'), ['-L', PEER, '-p', PEER_PORT], { stdio: 'ignore' });
  await once(peer, 'spawn');
  uclient = await network.into(1, 'turnutils_uclient');
});
after(async () => {
  peer?.kill('SIGKILL');
  await server?.stop();
  network?.close();
});

/** Of ten datagrams that the peer says again: how many didn't come back. */
async function lost(...options) {
  const { stdout } = await promisify(execFile)(uclient, ['-u', 'alice', '-W', SECRET, '-n', '10', '-m', '1', '-s', '-c',
    '-e', PEER, '-r', PEER_PORT, ...options, Network.server]);
  const [, count] = stdout.match(/Total lost packets (\d+)/) ?? assert.fail(stdout);
  return Number(count);
}

test('what fits arrives, with DONT-FRAGMENT, too', { skip }, async () => {
  assert.equal(await lost('-l', '800', '-g'), 0);
});

test('what is too long arrives in fragments', { skip }, async () => {
  assert.equal(await lost('-l', '1200'), 0);
});

test('what is too long and must not be fragmented does not arrive', { skip }, async () => {
  assert.equal(await lost('-l', '1200', '-g'), 10);
  // and what may be still does, now that the machine knows of the link
  assert.equal(await lost('-l', '1200'), 0);
});
