import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './deadline.mjs';
import { Api } from './api.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
// CARDEA names another server with the same command line
const command = process.env.CARDEA ?? path('../../cardea');

export const API_KEY = 'interop-api-key';
export const SECRET = 'interop-secret-of-32-characters-or-more';

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Whether something listens on the port. */
export async function listens(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

// Nothing is left running when a test file ends early; the runner ends one that takes too long with SIGTERM.
const running = new Set();
process.on('exit', () => running.forEach((child) => process.kill(-child.pid, 'SIGKILL')));
process.once('SIGTERM', () => process.exit(143));

/** The server as a process of its own, in a process group of its own. */
export class Server {
  #child;
  #output = '';

  constructor(args, port, environment = {}) {
    this.args = args;
    this.port = port;
    this.environment = environment;
    this.command = command;
  }

  /** With variables of the environment, too. */
  static async start(config = 'server.yaml', environment = {}) {
    return new Server(['serve', '--config', path(`../${config}`)], await freePort(), environment).up();
  }

  /** With a configuration that is made for the test. */
  static async startWith(yaml, environment = {}) {
    const file = join(await mkdtemp(join(tmpdir(), 'cardea-')), 'server.yaml');
    await writeFile(file, yaml);
    return new Server(['serve', '--config', file], await freePort(), environment).up();
  }

  /** As it is installed: a folder with the launcher in it. */
  static async installed(folder, yaml) {
    const file = join(folder, 'server.yaml');
    await writeFile(file, yaml);
    const server = new Server(['serve', '--config', file], await freePort(), { HOME: undefined });
    server.command = join(folder, 'cardea');
    return server.up();
  }

  /** The demo: no login, and the pages. With variables of the environment, too. */
  static async dev(environment = {}) {
    return new Server(['dev'], await freePort(), { CARDEA_HTTP_API_KEY: API_KEY, ...environment }).up();
  }

  get url() { return `ws://localhost:${this.port}/connection/websocket`; }
  get page() { return `http://localhost:${this.port}`; }
  get api() { return new Api(this.page, API_KEY); }

  /** What it has written since it was started. */
  get output() { return this.#output; }

  get pid() { return this.#child.pid; }

  get isUp() { return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null; }

  async up() {
    if (this.isUp) return this;
    this.#output = '';
    const child = spawn(this.command, [...this.args, '--port', String(this.port)], {
      detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.environment },
    });
    this.#child = child;
    if (child.pid) running.add(child);
    child.once('exit', () => running.delete(child));
    const ready = new Promise((resolve, reject) => {
      const read = (chunk) => {
        this.#output = (this.#output + chunk).slice(-100_000);
        if (new RegExp(`Cardea is ready: https?://localhost:${this.port}\n`).test(this.#output)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}\n${this.#output}`)));
    });
    // the first start may build
    await within(ready, () => `the ready line\n${this.#output}`, 300_000);
    return this;
  }

  /** Ends it as an operator would. */
  stop() { return this.#signal('SIGTERM'); }

  /** Ends it as a broken machine would. */
  kill() { return this.#signal('SIGKILL'); }

  async #signal(signal) {
    if (!this.isUp) return;
    const child = this.#child;
    const ended = once(child, 'exit');
    process.kill(-child.pid, signal); // the launcher and the JVM that it started
    await within(ended, `the server's end after ${signal}\n${this.#output}`, 20_000);
  }
}
