import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, within } from './deadline.mjs';
import { freePort } from './server.mjs';

const program = '/usr/bin/redis-server';
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A Redis of the test's own, which keeps nothing on disk. */
export class Redis {
  #child;

  static async start() {
    if (!existsSync(program)) throw new Error("Redis isn't installed: apt-get install redis-server");
    const redis = new Redis();
    redis.port = await freePort();
    redis.folder = await mkdtemp(join(tmpdir(), 'cardea-redis-'));
    return redis.up();
  }

  get url() { return `redis://127.0.0.1:${this.port}`; }

  /** Starts it empty, where it was. */
  async up() {
    this.#child = spawn(program, ['--port', this.port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder],
      { stdio: 'ignore' });
    const child = this.#child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await eventually(() => this.#answers(), Boolean, 'Redis to listen');
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
    await within(ended, 'the end of Redis');
  }
}
