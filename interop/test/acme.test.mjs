// Certificates that the server fetches by itself, from the test server of Let's Encrypt on this machine.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Server, freePort } from '../kit/server.mjs';
import { launch } from '../kit/browser.mjs';
import { Clients, Socket, protocols } from '../kit/sdk.mjs';
import { eventually } from '../kit/deadline.mjs';
import { Pebble, directoryCa, findPebble } from '../kit/pebble.mjs';

const { command, missing } = findPebble();
const skip = missing ?? false;
const cleanUp = [];
after(async () => { for (const each of cleanUp.reverse()) await each(); });

async function authority(validSeconds) {
  const pebble = await new Pebble(command, validSeconds, await freePort()).choosePorts();
  cleanUp.push(() => pebble.stop());
  return pebble;
}

async function start(pebble, names, folder) {
  const server = await Server.startWith(`
http_server:
  http3: {enabled: true}
  tls_autocert:
    enabled: true
    host_whitelist: [${names}]
    cache_dir: ${folder}
    email: ops@one.example
    http: true
    http_addr: 127.0.0.1:${pebble.httpPort}
    directory_url: ${pebble.directory}
    directory_ca_pem: ${directoryCa}
webtransport: {enabled: true}
client: {insecure: true, allowed_origins: ["http://127.0.0.1:*"]}
`);
  cleanUp.push(() => server.stop());
  return server;
}

const newFolder = async () => join(await mkdtemp(join(tmpdir(), 'cardea-acme-')), 'certs');

/** What the server shows to whoever asks for a name and trusts `ca`; null: nothing that is trusted. */
async function shown(server, name, ca) {
  const socket = connect({ host: '127.0.0.1', port: server.port, servername: name, ca });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

test('a certificate is fetched, shown, kept, and renewed while clients are connected', { skip }, async () => {
  const pebble = await (await authority(24)).up();
  const ca = await pebble.root();
  const folder = await newFolder();
  const server = await start(pebble, 'one.example, two.example', folder);
  const first = await eventually(() => shown(server, 'two.example', ca), Boolean, `a certificate\n${server.output}`, 20_000);
  assert.equal(first.subjectaltname, 'DNS:one.example, DNS:two.example');
  for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);

  class TrustingSocket extends Socket {
    constructor(url, subprotocols) { super(url, subprotocols, { ca, servername: 'one.example' }); }
  }
  const clients = new Clients(protocols[0], `wss://127.0.0.1:${server.port}/connection/websocket`);
  const client = await clients.connected({ websocket: TrustingSocket });
  const subscription = await clients.subscribed(client, 'news');
  let cuts = 0;
  client.on('connecting', () => cuts++);

  const isNew = (certificate) => certificate !== null && certificate.serialNumber !== first.serialNumber;
  const second = await eventually(() => shown(server, 'one.example', ca), isNew, `another certificate\n${server.output}`, 40_000);
  assert.ok(Date.parse(first.valid_to) > Date.now(), 'before the old one has expired');
  await clients.publish(subscription, { n: 1 });
  await subscription.tape.count(1);
  assert.equal(cuts, 0);
  clients.closeAll();

  // HTTP/3 shows it, too: a browser is told its hash
  const browser = await launch();
  cleanUp.push(() => browser.close());
  const page = await browser.newPage();
  const pages = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('a page')).listen(0, '127.0.0.1');
  cleanUp.push(() => pages.close());
  await once(pages, 'listening');
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
  const opened = await page.evaluate(async ([url, hash]) => {
    const transport = new WebTransport(url, { serverCertificateHashes: [{ algorithm: 'sha-256', value: Uint8Array.from(hash) }] });
    return transport.ready.then(() => 'open', String);
  }, [`https://127.0.0.1:${server.port}/connection/webtransport`, [...createHash('sha256').update(second.raw).digest()]]);
  assert.equal(opened, 'open');

  const issued = pebble.issued;
  assert.equal(issued, 2);
  await server.stop();
  await pebble.stop();
  await server.up();
  assert.equal((await shown(server, 'one.example', ca)).serialNumber, second.serialNumber);
});

test('without an authority the server runs, says why, and asks again', { skip }, async () => {
  const pebble = await authority(3600);
  const server = await start(pebble, 'one.example', await newFolder());
  await eventually(() => server.output, (output) => /event=acme_failed .*next_attempt=/.test(output), 'what went wrong', 20_000);
  assert.equal(await shown(server, 'one.example', undefined), null);
  const [answer] = await once(get({ port: pebble.httpPort, host: '127.0.0.1', path: '/x', headers: { host: 'one.example' } }), 'response');
  answer.resume();
  assert.deepEqual([answer.statusCode, answer.headers.location], [308, 'https://one.example/x']);

  await pebble.up();
  const ca = await pebble.root();
  process.kill(-server.pid, 'SIGHUP'); // the operator doesn't wait
  await eventually(() => shown(server, 'one.example', ca), Boolean, `a certificate\n${server.output}`, 20_000);
});

test('a refusal is said once, and a server that is started again does not ask again', { skip }, async () => {
  const pebble = await (await authority(3600)).up();
  const server = await start(pebble, 'blocked.example', await newFolder());
  await eventually(() => server.output, (output) => output.includes('event=acme_failed'), 'what went wrong', 20_000);
  const asked = () => pebble.output.split('-> calling handler').length;
  const before = asked();
  await server.stop();
  await server.up();
  await eventually(() => server.output, (output) => output.includes('event=acme_waits'), 'that it waits');
  assert.equal(asked(), before);
  assert.ok(!server.output.includes('event=acme_asks'));
});
