import { Daemon } from './daemon.mjs';

/** A Redis of the test's own, which keeps nothing on disk. */
export class Redis extends Daemon {
  static start() {
    return new Redis('Redis', '/usr/bin/redis-server', 'redis-server', ({ port, folder }) => [
      '--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder,
    ]).begin();
  }

  get url() { return `redis://127.0.0.1:${this.port}`; }
}
