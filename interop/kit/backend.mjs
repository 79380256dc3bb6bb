import { createServer } from 'node:http';
import { once } from 'node:events';
import { Tape } from './deadline.mjs';

/** An application that the server asks. What it answers to each path is up to the test. */
export class Backend {
  #http;
  #answers = new Map();

  /** Everything it was asked: {path, headers, body}. */
  asked = new Tape();

  static async start() {
    const backend = new Backend();
    backend.#http = createServer((request, response) => backend.#serve(request, response));
    backend.#http.listen(0, '127.0.0.1');
    await once(backend.#http, 'listening');
    return backend;
  }

  get url() { return `http://127.0.0.1:${this.#http.address().port}`; }

  /** Answers a path with what the function makes of the request's body: an object, or nothing after a raw answer. */
  on(path, answer) {
    this.#answers.set(path, answer);
    return this;
  }

  /** What it was asked at this path. */
  bodies(path) {
    return this.asked.items.filter((each) => each.path === path).map((each) => each.body);
  }

  async #serve(request, response) {
    response.on('error', () => {}); // the server hangs up on what is too long
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = JSON.parse(text);
    const { url: path, headers } = request;
    this.asked.push({ path, headers, body });
    const answer = await (this.#answers.get(path) ?? (() => ({})))(body, response, headers);
    if (answer !== undefined) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
  }

  async close() {
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

/** Ways in which a backend can fail. */
export const failures = {
  'that hangs': () => new Promise(() => {}),
  'that answers 500': (_, response) => { response.writeHead(500).end('no'); },
  'that answers nonsense': (_, response) => { response.end('<html>'); },
  'that hangs up': (_, response) => { response.socket.destroy(); },
  'that answers a gigabyte': (_, response) => {
    const megabyte = Buffer.alloc(1 << 20, ' ');
    let left = 1024;
    const write = () => {
      while (left-- > 0 && !response.destroyed) if (!response.write(megabyte)) return response.once('drain', write);
      response.end();
    };
    write();
  },
  'that never ends its answer': (_, response) => { response.write('{"result":'); },
};
