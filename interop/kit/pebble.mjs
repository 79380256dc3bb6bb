import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './deadline.mjs';
import { freePort } from './server.mjs';

const version = 'v2.10.3';
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const built = path('../node_modules/.cache/pebble/pebble');
const certificates = path('../../server/src/test/resources/dev/cardea/server/tls/');

/** Whom its directory is trusted by. */
export const directoryCa = `${certificates}server-cert.pem`;

/** Let's Encrypt's test server: PEBBLE names it, or Go builds it once. A text: why there is none. */
export function findPebble() {
  const found = [process.env.PEBBLE, built].find((file) => file && existsSync(file));
  if (found) return { command: found };
  const go = ['/usr/local/go/bin/go', '/usr/bin/go'].find(existsSync) ?? 'go';
  try {
    mkdirSync(path('../node_modules/.cache/pebble'), { recursive: true });
    execFileSync(go, ['install', `github.com/letsencrypt/pebble/v2/cmd/pebble@${version}`], {
      env: { ...process.env, GOBIN: path('../node_modules/.cache/pebble'), GOFLAGS: '-mod=mod' }, timeout: 110_000, stdio: ['ignore', 'ignore', 'pipe'],
    });
    return { command: built };
  } catch (e) {
    return { missing: `no pebble: set PEBBLE to its path, or install Go (${String(e.message).split('\n')[0]})` };
  }
}

/** All names lead to this machine: what a question (RFC 1035) is answered. */
function answerTo(query) {
  let end = 12;
  while (query[end] !== 0) end += query[end] + 1;
  const question = query.subarray(12, end + 5);
  const isA = query.readUInt16BE(end + 1) === 1;
  const header = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
  const answer = isA ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
  return Buffer.concat([header, question, answer]);
}

/** Over TCP, as Pebble asks: each message behind its length. */
async function nameServer() {
  const server = createServer((socket) => {
    let read = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      read = Buffer.concat([read, chunk]);
      while (read.length >= 2 && read.length >= 2 + read.readUInt16BE()) {
        const answer = answerTo(read.subarray(2, 2 + read.readUInt16BE()));
        socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
        read = read.subarray(2 + read.readUInt16BE());
      }
    });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return server;
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** An authority on this machine, which asks on `httpPort`, and issues for `validSeconds`. */
export class Pebble {
  output = '';

  constructor(command, validSeconds, httpPort) {
    Object.assign(this, { command, validSeconds, httpPort });
  }

  /** Known before it runs. */
  async choosePorts() {
    [this.port, this.managementPort] = [await freePort(), await freePort()];
    return this;
  }

  get directory() { return `https://localhost:${this.port}/dir`; }

  async up() {
    this.names ??= await nameServer();
    const file = join(await mkdtemp(join(tmpdir(), 'pebble-')), 'config.json');
    await writeFile(file, JSON.stringify({ pebble: {
      listenAddress: `127.0.0.1:${this.port}`, managementListenAddress: `127.0.0.1:${this.managementPort}`,
      certificate: `${certificates}server-cert.pem`, privateKey: `${certificates}server-key.pem`,
      httpPort: this.httpPort, tlsPort: 1, retryAfter: { authz: 1, order: 1 }, domainBlocklist: ['blocked.example'],
      profiles: { default: { description: 'the only one', validityPeriod: this.validSeconds } },
    } }));
    const child = spawn(this.command, ['-config', file, '-dnsserver', `127.0.0.1:${this.names.address().port}`], {
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0' }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    const ready = new Promise((resolve, reject) => {
      const read = (chunk) => {
        this.output += chunk;
        if (this.output.includes('ACME directory available at')) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('exit', (code) => reject(new Error(`pebble ended with ${code}\n${this.output}`)));
    });
    await within(ready, () => `pebble's start\n${this.output}`, 20_000);
    return this;
  }

  /** What its certificates lead to. */
  async root() {
    const [response] = await once(get(`https://localhost:${this.managementPort}/roots/0`, { rejectUnauthorized: false }), 'response');
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** How many certificates it has issued. */
  get issued() { return this.output.split('Issued certificate serial').length - 1; }

  async stop() {
    this.names?.close();
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await within(ended, "pebble's end");
  }
}
