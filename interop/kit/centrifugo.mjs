import { spawn, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';
import { eventually, within } from './deadline.mjs';
import { API_KEY, freePort } from './server.mjs';

// benchmarks/run builds it there, too
const program = fileURLToPath(new URL('../../benchmarks/out/centrifugo', import.meta.url));
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Whether there is one, or a Go that could build it. */
export function isThere() {
  if (existsSync(program)) return true;
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    return false;
  }
  return process.env.BUILD_CENTRIFUGO === '1';
}

/** A real Centrifugo 6.9.1. */
export class Centrifugo {
  #child;

  static async start(yaml) {
    if (!existsSync(program)) {
      const env = { ...process.env, GOBIN: fileURLToPath(new URL('../../benchmarks/out', import.meta.url)) };
      execFileSync('go', ['install', 'github.com/centrifugal/centrifugo/v6@v6.9.1'], { env, stdio: 'inherit' });
    }
    const server = new Centrifugo();
    server.port = await freePort();
    const file = join(await mkdtemp(join(tmpdir(), 'centrifugo-')), 'config.yaml');
    await writeFile(file, yaml);
    server.#child = spawn(program, ['--config', file, '--http_server.port', String(server.port)], { stdio: 'ignore' });
    running.add(server.#child);
    server.#child.once('exit', () => running.delete(server.#child));
    await eventually(async () => (await fetch(`${server.page}/health`).catch(() => ({ status: 0 }))).status, (status) => status === 200, 'Centrifugo to answer');
    return server;
  }

  get url() { return `ws://localhost:${this.port}/connection/websocket`; }
  get page() { return `http://localhost:${this.port}`; }
  get api() { return new Api(this.page, API_KEY); }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await within(ended, 'the end of Centrifugo');
  }
}
