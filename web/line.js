/**
 * A line to the server that the page can cut: whatever is open on it closes, and what is begun fails, until it is mended.
 * Hand all of its faces to the client, which takes the one for WebTransport from where the browser has its own:
 *   globalThis.WebTransport = line.faces.webtransport;
 *   new Centrifuge(transports, { ...line.faces, networkEventTarget: line })
 */
export class Line extends EventTarget {
  isCut = false;
  #open = new Set(); // each has close()

  constructor() {
    super();
    // the browser's own news about the network, passed on
    addEventListener('online', () => this.isCut || this.dispatchEvent(new Event('online')));
    addEventListener('offline', () => this.dispatchEvent(new Event('offline')));
    this.faces = {
      websocket: this.#socket(), eventsource: this.#events(), fetch: this.#fetch(), readableStream: globalThis.ReadableStream,
      webtransport: this.#session(),
    };
  }

  #socket() {
    const line = this;
    return class extends WebSocket {
      constructor(...args) {
        super(...args);
        line.#open.add(this);
        this.addEventListener('close', () => line.#open.delete(this));
        if (line.isCut) this.close();
      }
    };
  }

  #session() {
    const line = this;
    return globalThis.WebTransport && class extends WebTransport {
      constructor(...args) {
        super(...args);
        line.#open.add(this);
        const gone = () => line.#open.delete(this);
        this.closed.then(gone, gone);
        if (line.isCut) this.close();
      }
    };
  }

  #events() {
    const line = this;
    return globalThis.EventSource && class extends EventSource {
      constructor(...args) {
        super(...args);
        line.#open.add(this);
        if (line.isCut) setTimeout(() => this.cut());
      }

      close() {
        line.#open.delete(this);
        super.close();
      }

      // closing an EventSource is silent: a line that breaks isn't
      cut() {
        this.close();
        this.dispatchEvent(new Event('error'));
      }
    };
  }

  #fetch() {
    return async (url, { signal, ...options } = {}) => {
      const request = { abort: new AbortController(), close() { this.abort.abort(); } };
      const done = () => this.#open.delete(request);
      this.#open.add(request);
      if (this.isCut) request.close();
      if (signal) { // a stream, which the client ends itself
        signal.addEventListener('abort', done);
        return fetch(url, { ...options, signal: AbortSignal.any([signal, request.abort.signal]) });
      }
      try {
        return await fetch(url, { ...options, signal: request.abort.signal });
      } catch {
        return new Response(null, { status: 503 }); // what was to be said is lost, and the stream tells why
      } finally {
        done();
      }
    };
  }

  cut() {
    this.isCut = true;
    for (const each of this.#open) (each.cut ? each.cut() : each.close());
    this.#open.clear();
  }

  /** The client reconnects at once, instead of waiting for its next try. */
  mend() {
    this.isCut = false;
    this.dispatchEvent(new Event('online'));
  }
}
