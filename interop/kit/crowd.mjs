import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { Clients, protocols } from './sdk.mjs';
import { browserish, door } from './doors.mjs';
import { Tape, eventually, record } from './deadline.mjs';

export const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
export const numbers = ({ tape }) => tape.items.map(({ data }) => data.n);

/** Publishes 1, 2, 3 and so on, each until it is taken, until it is ended. */
export class Load {
  count = 0;
  /** What a server has answered that isn't a publication: its errors, with their codes. */
  refusals = [];
  #goesOn = true;
  #isOver = false;
  #done;

  /** `publish(n, tries)`; what fails is tried again. After each there is a pause. */
  constructor(publish, pauseMillis = 5) {
    this.#done = this.#run(publish, pauseMillis);
  }

  /** Through these servers in turn; the key makes it one publication, though an answer was lost. */
  static through(servers, channel, pauseMillis) {
    return new Load((n, tries) => servers[(n + tries) % servers.length].api.publish(channel, { n }, { idempotency_key: `${channel}-${n}` }), pauseMillis);
  }

  async #run(publish, pauseMillis) {
    for (let n = 1; this.#goesOn; n++) {
      for (let tries = 0; this.count < n && !this.#isOver; tries++) {
        await publish(n, tries).then(() => { this.count = n; }, (error) => { if (error.code !== undefined) this.refusals.push(error); });
        if (this.count < n || pauseMillis > 0) await new Promise((resolve) => setTimeout(resolve, pauseMillis || 5));
      }
    }
  }

  /** Returns how many were published. */
  async end() {
    this.#goesOn = false;
    await this.#done;
    return this.count;
  }

  /** Ends it though nobody takes what is to be published: a test has failed, or is done. */
  stop() { this.#goesOn = !(this.#isOver = true); }

  reaches(count) { return eventually(() => this.count, (n) => n >= count, `${count} publications`, 20_000); }
}

/** An EventSource of one channel, which knows nothing but its last id; with what it heard, how and as which client it began each time, and its errors. */
export function eventSource(origin, channel) {
  const connect = encodeURIComponent(JSON.stringify({ subs: { [channel]: {} } }));
  const source = new EventSource(`${origin}/connection/uni_sse?cf_connect=${connect}`);
  Object.assign(source, { transport: 'EventSource', tape: new Tape(), begins: new Tape(), ids: new Tape(), errors: [] });
  source.onmessage = ({ data }) => {
    const push = JSON.parse(data);
    if (push.connect) {
      source.ids.push(push.connect.client);
      source.begins.push(push.connect.subs[channel]);
    }
    if (push.pub) source.tape.push(push.pub);
    if (push.disconnect) source.errors.push(`disconnect ${push.disconnect.code}`);
  };
  source.onerror = ({ code, message }) => source.errors.push(`error ${code ?? ''} ${message ?? ''}`);
  return source;
}

const doors = [['websocket', protocols[0]], ['websocket', protocols[1]], ['http_stream', protocols[0]],
  ['http_stream', protocols[1]], ['sse', protocols[0]]];

/** Clients of every door at one origin, three of each, and EventSources that know nothing but their last id. */
export class Crowd {
  readers = [];
  #closing = [];

  static async at(origin, channel) {
    const crowd = new Crowd();
    for (const [transport, protocol] of doors) {
      const clients = new Clients(protocol, [door(transport, origin)]);
      clients.defaults = browserish(origin);
      crowd.#closing.push(() => clients.closeAll());
      for (let i = 0; i < 3; i++) {
        const client = clients.create();
        const ids = record(client, 'connected', ({ client: id }) => id);
        client.connect();
        await client.ready(8000);
        const { tape, arrivals } = await clients.subscribed(client, channel);
        crowd.readers.push({ transport, ids, tape, begins: arrivals });
      }
    }
    for (let i = 0; i < 3; i++) {
      const source = eventSource(origin, channel);
      crowd.#closing.push(() => source.close());
      crowd.readers.push(source);
    }
    await Promise.all(crowd.readers.map(({ begins }) => begins.count(1)));
    return crowd;
  }

  /** Each has had every publication once, in order, and was told that it has missed nothing. */
  async hasAll(count) {
    for (const reader of this.readers) {
      const state = () => (reader.errors ? `, in state ${reader.readyState} after ${JSON.stringify(reader.errors)}` : '');
      await reader.tape.count(count, 30_000).catch((error) => {
        throw new Error(`${reader.transport}${state()}: ${error.message}; began with ${JSON.stringify(reader.begins.items)?.slice(0, 2000)}`);
      });
      assert.deepEqual(numbers(reader), upTo(count), reader.transport);
      for (const { recovered } of reader.begins.items.slice(1)) assert.equal(recovered, true, reader.transport);
    }
  }

  close() { for (const close of this.#closing) close(); }
}

/** An EventSource of a Mercure hub, open; with what it heard, how often it was opened, and whether it was told of a gap. */
export async function hubSource(url) {
  const source = new EventSource(url);
  Object.assign(source, { tape: new Tape(), opens: new Tape(), gaps: 0 });
  source.onopen = () => source.opens.push(1);
  source.onmessage = ({ data }) => source.tape.push(Number(data));
  source.addEventListener('cardea-gap', () => source.gaps++);
  await source.opens.count(1);
  return source;
}
