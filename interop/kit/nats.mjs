import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, within } from './deadline.mjs';
import { freePort } from './server.mjs';

const program = '/usr/sbin/nats-server';
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A NATS with JetStream of the test's own. */
export class Nats {
  #child;

  static async start() {
    if (!existsSync(program)) throw new Error("NATS isn't installed: apt-get install nats-server");
    const nats = new Nats();
    nats.port = await freePort();
    nats.folder = await mkdtemp(join(tmpdir(), 'cardea-nats-'));
    return nats.up();
  }

  get url() { return `nats://127.0.0.1:${this.port}`; }

  /** Starts it where it was, with what it has stored. */
  async up() {
    this.#child = spawn(program, ['-a', '127.0.0.1', '-p', this.port, '-js', '-sd', this.folder], { stdio: 'ignore' });
    const child = this.#child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await eventually(() => this.#answers(), Boolean, 'NATS to listen');
    return this;
  }

  async #answers() {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  /** Ends it as a broken machine would. */
  async kill() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await within(ended, 'the end of NATS');
  }

  /** Forgets what it has stored; it isn't running. */
  async empty() {
    await rm(join(this.folder, 'jetstream'), { recursive: true, force: true });
  }
}
