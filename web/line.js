/**
 * A line to the server that the page can cut: its WebSockets close, and new ones fail, until it is mended.
 * Hand both of its faces to the client:
 *   new Centrifuge(url, { websocket: line.WebSocket, networkEventTarget: line })
 */
export class Line extends EventTarget {
  isCut = false;
  #sockets = new Set();

  constructor() {
    super();
    const line = this;
    this.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        line.#sockets.add(this);
        this.addEventListener('close', () => line.#sockets.delete(this));
        if (line.isCut) this.close();
      }
    };
    // the browser's own news about the network, passed on
    addEventListener('online', () => this.isCut || this.dispatchEvent(new Event('online')));
    addEventListener('offline', () => this.dispatchEvent(new Event('offline')));
  }

  cut() {
    this.isCut = true;
    for (const socket of this.#sockets) socket.close();
  }

  /** The client reconnects at once, instead of waiting for its next try. */
  mend() {
    this.isCut = false;
    this.dispatchEvent(new Event('online'));
  }
}
