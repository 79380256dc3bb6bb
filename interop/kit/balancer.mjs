import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/** A TCP load balancer as operators have one: it asks servers whether they are ready, and goes on to the next if one refuses. */
export class Balancer {
  #listener;
  #ports = [];
  #ready = new Map();
  #asking;
  #sockets = new Set();

  static async start() {
    const balancer = new Balancer();
    balancer.#listener = createServer((down) => balancer.#serve(down)).listen(0, '127.0.0.1');
    await once(balancer.#listener, 'listening');
    balancer.#asking = setInterval(() => balancer.#ask(), 50);
    return balancer;
  }

  get url() { return `ws://127.0.0.1:${this.#listener.address().port}/connection/websocket`; }

  async add(port) {
    this.#ports.push(port);
    await this.#ask();
  }

  isReady(port) { return this.#ready.get(port) === true; }

  async #ask() {
    await Promise.all(this.#ports.map(async (port) => {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ status: 0 }));
      this.#ready.set(port, answer.status === 200);
    }));
  }

  #serve(down) {
    down.on('error', () => {});
    this.#sockets.add(down);
    down.on('close', () => this.#sockets.delete(down));
    this.#try(down, this.#ports.filter((port) => this.isReady(port)));
  }

  #try(down, [port, ...others]) {
    if (port === undefined) return down.destroy();
    const up = connect(port, '127.0.0.1');
    let isUp = false;
    up.once('connect', () => {
      isUp = true;
      down.pipe(up);
      up.pipe(down);
    });
    up.on('error', () => { if (!isUp) this.#try(down, others); });
    up.on('close', () => { if (isUp) down.destroy(); });
    down.on('close', () => up.destroy());
  }

  close() {
    clearInterval(this.#asking);
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
