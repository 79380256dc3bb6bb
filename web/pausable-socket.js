/** Whether this browser can stop reading a WebSocket at all. */
export const canPause = 'WebSocketStream' in globalThis;

/** A gate that readers wait at. */
export class Gate {
  #waiting = Promise.resolve();
  #open = () => {};

  shut() { this.#waiting = new Promise((resolve) => { this.#open = resolve; }); }
  open() { this.#open(); }
  passed() { return this.#waiting; }
}

/**
 * The WebSocket that the client SDK expects, over a WebSocketStream, which reads only when asked to. While the gate
 * is shut nobody reads: the browser's buffer fills, then TCP's, and the server sees a client that doesn't keep up.
 * A plain WebSocket can't do this: it takes everything into memory, however slow the page is.
 *   new Centrifuge(url, { websocket: pausableSocket(gate) })
 */
export const pausableSocket = (gate) => class {
  #stream;
  #writer;
  #closed = false;

  constructor(url, protocols = []) {
    this.#stream = new WebSocketStream(url, { protocols: [protocols].flat() });
    this.#run();
  }

  async #run() {
    try {
      const { readable, writable } = await this.#stream.opened;
      this.#writer = writable.getWriter();
      this.onopen();
      const reader = readable.getReader();
      for (;;) {
        await gate.passed();
        const { value, done } = await reader.read();
        if (done) break;
        if (!this.#closed) this.onmessage({ data: value });
      }
    } catch { /* how it ended is told below */ }
    const { closeCode: code, reason } = await this.#stream.closed.catch(() => ({ closeCode: 1006, reason: '' }));
    this.onclose({ code, reason });
  }

  send(data) {
    this.#writer.write(data).catch(() => {}); // a broken connection is told by onclose
  }

  close() {
    this.#closed = true;
    this.#stream.close();
  }
};
