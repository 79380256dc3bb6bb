import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from './daemon.mjs';

/** A NATS with JetStream of the test's own. */
export class Nats extends Daemon {
  static start() {
    return new Nats('NATS', '/usr/sbin/nats-server', 'nats-server', ({ port, folder }) => [
      '-a', '127.0.0.1', '-p', port, '-js', '-sd', folder,
    ]).begin();
  }

  get url() { return `nats://127.0.0.1:${this.port}`; }

  /** Forgets what it has stored; it isn't running. */
  async empty() {
    await rm(join(this.folder, 'jetstream'), { recursive: true, force: true });
  }
}
