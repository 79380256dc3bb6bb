import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy in front of the server, that can cut its connections without a word, like a lost network. */
export class Proxy {
  #listener;
  #pairs = new Set();
  #refuses = false;

  static async before(port) {
    const proxy = new Proxy();
    proxy.#listener = createServer((down) => {
      if (proxy.#refuses) return down.resetAndDestroy();
      const up = connect(port, '127.0.0.1');
      const pair = [down, up];
      proxy.#pairs.add(pair);
      for (const [from, to] of [[down, up], [up, down]]) {
        from.on('error', () => {});
        from.on('close', () => { to.destroy(); proxy.#pairs.delete(pair); });
        from.pipe(to);
      }
    }).listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  get url() { return `ws://127.0.0.1:${this.#listener.address().port}/connection/websocket`; }

  /** Resets every connection; new ones are refused until mended. */
  cut() {
    this.#refuses = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  mend() { this.#refuses = false; }

  close() {
    this.cut();
    this.#listener.close();
  }
}
