import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { Clients, protocols } from './sdk.mjs';
import { browserish, door } from './doors.mjs';
import { Tape, eventually } from './deadline.mjs';

export const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
export const numbers = ({ tape }) => tape.items.map(({ data }) => data.n);

/** Publishes 1, 2, 3 and so on, through a server that takes it, until it is ended. */
export class Load {
  count = 0;
  #goesOn = true;
  #done;

  constructor(servers, channel) {
    this.#done = this.#run(servers, channel);
  }

  async #run(servers, channel) {
    while (this.#goesOn) {
      const n = this.count + 1;
      for (let at = n; ; at++) {
        try {
          // the one before may have been carried out, though its answer was lost
          await servers[at % servers.length].api.publish(channel, { n }, { idempotency_key: `${channel}-${n}` });
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      this.count = n;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async end() {
    this.#goesOn = false;
    await this.#done;
    return this.count;
  }

  reaches(count) { return eventually(() => this.count, (n) => n >= count, `${count} publications`, 20_000); }
}

/** An EventSource of one channel, which knows nothing but its last id; with what it heard, how it began each time, and its errors. */
export function eventSource(origin, channel) {
  const connect = encodeURIComponent(JSON.stringify({ subs: { [channel]: {} } }));
  const source = new EventSource(`${origin}/connection/uni_sse?cf_connect=${connect}`);
  Object.assign(source, { transport: 'EventSource', tape: new Tape(), begins: new Tape(), errors: [] });
  source.onmessage = ({ data }) => {
    const push = JSON.parse(data);
    if (push.connect) source.begins.push(push.connect.subs[channel]);
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
        const subscription = await clients.subscribed(await clients.connected(), channel);
        crowd.readers.push({ transport, tape: subscription.tape, begins: subscription.arrivals });
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
      await reader.tape.count(count, 20_000).catch((error) => {
        throw new Error(`${reader.transport}${state()}: ${error.message}; began with ${JSON.stringify(reader.begins.items)?.slice(0, 2000)}`);
      });
      assert.deepEqual(numbers(reader), upTo(count), reader.transport);
      for (const { recovered } of reader.begins.items.slice(1)) assert.equal(recovered, true, reader.transport);
    }
  }

  close() { for (const close of this.#closing) close(); }
}
