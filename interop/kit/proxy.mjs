import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { DatagramPath } from './datagrams.mjs';

/** A TCP proxy in front of the server, that can cut its connections without a word, like a lost network. */
export class Proxy {
  #listener;
  #pairs = new Set();
  #refuses = false;
  #datagrams;

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

  /** The same for UDP on the port of the same number, too. */
  static async ofBoth(port) {
    const proxy = await Proxy.before(port);
    proxy.#datagrams = await DatagramPath.before(port, proxy.#listener.address().port);
    return proxy;
  }

  /** How many of UDP's packets are lost, of 1. */
  set loss(share) { this.#datagrams.loss = share; }

  /** TCP connections that are open. */
  get connections() { return this.#pairs.size; }

  get url() { return `ws://127.0.0.1:${this.#listener.address().port}/connection/websocket`; }

  /** Resets every connection; new ones are refused until mended. */
  cut() {
    this.#refuses = true;
    if (this.#datagrams) this.#datagrams.isCut = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  mend() {
    this.#refuses = false;
    if (this.#datagrams) this.#datagrams.isCut = false;
  }

  close() {
    this.cut();
    this.#datagrams?.close();
    this.#listener.close();
  }
}
