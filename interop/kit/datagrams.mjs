import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a UDP path does on this machine: passes packets on, loses some of them, or all while it is cut. */
export class DatagramPath {
  #front;
  #server;
  #clients = new Map(); // a socket towards the server for each client
  #random;
  loss = 0;
  isCut = false;

  /** On the port of the same number as a TCP proxy has. */
  static async before(server, port, seed = 1) {
    const path = new DatagramPath();
    path.#server = server;
    path.#random = numbers(seed);
    path.#front = createSocket('udp4');
    path.#front.on('message', (packet, { port: client }) => path.#fromClient(packet, client));
    path.#front.bind(port, '127.0.0.1');
    await once(path.#front, 'listening');
    return path;
  }

  #fromClient(packet, client) {
    if (!this.#clients.has(client)) {
      const back = createSocket('udp4');
      back.on('message', (answer) => { if (!this.#isLost()) this.#front.send(answer, client, '127.0.0.1'); });
      back.on('error', () => {});
      this.#clients.set(client, back);
    }
    if (!this.#isLost()) this.#clients.get(client).send(packet, this.#server, '127.0.0.1');
  }

  #isLost() { return this.isCut || (this.loss > 0 && this.#random() < this.loss); }

  close() {
    this.isCut = true;
    this.#front.close();
    for (const back of this.#clients.values()) back.close();
  }
}

/** The same sequence of numbers between 0 and 1 for the same seed (a linear congruence). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
