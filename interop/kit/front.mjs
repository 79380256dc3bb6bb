import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { eventually, within } from './deadline.mjs';
import { freePort, listens } from './server.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const certificates = path('../../server/src/test/resources/dev/cardea/server/tls/');
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** What stands in front of the server, from the very file in deploy/, with its addresses and certificates put in. */
export const fronts = [
  {
    name: 'nginx', file: 'nginx.conf', program: '/usr/sbin/nginx',
    put: (text, port, server) => text
      .replace('listen 8443', `listen 127.0.0.1:${port}`)
      .replace('127.0.0.1:8000', `127.0.0.1:${server}`)
      .replace('/etc/nginx/cert.pem', join(certificates, 'server-cert.pem'))
      .replace('/etc/nginx/key.pem', join(certificates, 'server-key.pem')),
    args: (config, folder) => ['-p', folder, '-c', config, '-e', join(folder, 'error.log'),
      '-g', `daemon off; pid ${folder}/pid; user root;`],
  },
  {
    name: 'HAProxy', file: 'haproxy.cfg', program: '/usr/sbin/haproxy',
    put: (text, port, server, pem) => text
      .replace('bind :8443', `bind 127.0.0.1:${port}`)
      .replace('127.0.0.1:8000', `127.0.0.1:${server}`)
      .replace('/etc/haproxy/cert-and-key.pem', pem),
    args: (config) => ['-db', '-f', config],
  },
];

/** HAProxy as above, without TLS, before several servers, whose deaths it notices sooner. */
export const balanced = {
  ...fronts[1],
  put: (text, port, servers) => text
    .replace(/bind :8443 .*/, `bind 127.0.0.1:${port}\n    http-request return content-type text/plain lf-string %[nbsrv(cardea)] if { path /servers }`)
    // often, but patiently: a busy machine isn't a dead server
    .replace(/ *server one .*/, '    timeout check 5s\n' + servers.map((each, i) => `    server s${i} 127.0.0.1:${each} check inter 100ms fall 1 rise 1`).join('\n')),
};

export class Front {
  #isPlain;
  #child;
  #output = '';

  static async before(serverPort, { name, file, program, put, args }) {
    if (!existsSync(program)) throw new Error(`${name} isn't installed: apt-get install ${name.toLowerCase()}`);
    const front = new Front();
    front.#isPlain = Array.isArray(serverPort);
    front.port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'cardea-front-'));
    const pem = join(folder, 'both.pem');
    await writeFile(pem, Buffer.concat(['server-cert.pem', 'server-key.pem'].map((each) => readFileSync(join(certificates, each)))));
    const config = join(folder, file);
    await writeFile(config, put(await readFile(path(`../../deploy/${file}`), 'utf8'), front.port, serverPort, pem));
    front.#child = spawn(program, args(config, folder), { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(front.#child);
    front.#child.once('exit', () => running.delete(front.#child));
    for (const stream of [front.#child.stdout, front.#child.stderr]) stream.on('data', (text) => { front.#output += text; });
    await eventually(() => listens(front.port), Boolean, `${name} to listen`).catch((error) => {
      throw new Error(`${error.message}\n${front.#output}`);
    });
    return front;
  }

  /** So many of its servers answer its checks. Only behind `balanced`. */
  has(count) {
    const ask = async () => Number(await (await fetch(`${this.origin}/servers`)).text());
    return eventually(ask, (number) => number === count, `${count} servers behind the proxy`, 20_000);
  }

  get origin() { return `${this.#isPlain ? 'http' : 'https'}://localhost:${this.port}`; }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await within(ended, 'the proxy\'s end');
  }
}
