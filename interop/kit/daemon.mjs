import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, within } from './deadline.mjs';
import { freePort, listens } from './server.mjs';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A program of the test's own that listens on a free port, and has a folder. */
export class Daemon {
  #child;
  #name;
  #program;
  #arguments;

  constructor(name, program, install, args) {
    if (!existsSync(program)) throw new Error(`${name} isn't installed: apt-get install ${install}`);
    this.#name = name;
    this.#program = program;
    this.#arguments = args;
  }

  async begin() {
    this.port = await freePort();
    this.folder = await mkdtemp(join(tmpdir(), `cardea-${this.#name.toLowerCase()}-`));
    return this.up();
  }

  /** Starts it where it was. */
  async up() {
    const child = spawn(this.#program, this.#arguments(this), { stdio: 'ignore' });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await eventually(() => listens(this.port), Boolean, `${this.#name} to listen`);
    return this;
  }

  /** Ends it as a broken machine would. */
  async kill() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await within(ended, `the end of ${this.#name}`);
  }
}
