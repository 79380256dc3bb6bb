import { Centrifuge as Json } from 'centrifuge';
import { Centrifuge as Protobuf } from 'centrifuge/build/protobuf';
import WebSocket from 'ws';
import { next, record, within } from './deadline.mjs';

const text = new TextDecoder();

/** The two faces of the SDK. Protobuf carries bytes: the tests put JSON into them, so that one test serves both. */
export const protocols = [
  { name: 'JSON', Centrifuge: Json, pack: (value) => value, unpack: (data) => data },
  {
    name: 'Protobuf',
    Centrifuge: Protobuf,
    pack: (value) => Buffer.from(JSON.stringify(value)),
    unpack: (bytes) => JSON.parse(text.decode(bytes)),
  },
];

/**
 * ws hands out all messages of one read in one turn, unless told not to. The SDK relies on a turn for each, as browsers
 * give it: otherwise a push can overtake the subscribe reply before it.
 */
export class Socket extends WebSocket {
  constructor(url, subprotocols, options = {}) {
    super(url, subprotocols, { allowSynchronousEvents: false, ...options });
  }
}

/** Clients of one protocol at one URL, closed together. */
export class Clients {
  #clients = [];
  defaults = {};

  constructor(protocol, url) {
    this.protocol = protocol;
    this.url = url;
  }

  create(options = {}, url = this.url) {
    const client = new this.protocol.Centrifuge(url, {
      websocket: Socket, minReconnectDelay: 20, maxReconnectDelay: 200, networkEventTarget: null, ...this.defaults, ...options,
    });
    client.on('error', () => {}); // an EventEmitter throws an 'error' that nobody listens to
    this.#clients.push(client);
    return client;
  }

  async connected(options, url) {
    const client = this.create(options, url);
    client.connect();
    await client.ready(8000);
    return client;
  }

  /** A subscription that stands, with the tape of its publications' data. */
  async subscribed(client, channel, options = {}) {
    const subscription = this.watch(client, channel, options);
    subscription.subscribe();
    await subscription.ready(8000);
    return subscription;
  }

  watch(client, channel, options = {}) {
    const subscription = client.newSubscription(channel, { minResubscribeDelay: 20, maxResubscribeDelay: 200, ...options });
    subscription.on('error', () => {});
    subscription.client = client;
    subscription.tape = record(subscription, 'publication', ({ data, offset, ...rest }) => ({
      ...rest,
      offset: offset && Number(offset), // Protobuf: a Long
      data: this.protocol.unpack(data),
    }));
    subscription.arrivals = record(subscription, 'subscribed');
    return subscription;
  }

  publish(subscription, value) {
    return subscription.publish(this.protocol.pack(value));
  }

  closeAll() {
    for (const client of this.#clients) client.disconnect();
    this.#clients = [];
  }
}

/** How a refused call ended: its code. */
export async function refusal(promise) {
  try {
    await within(promise, 'an answer');
  } catch (error) {
    return error.code;
  }
  return 'not refused';
}

/** How a subscription ended: the code of its unsubscribed event. */
export async function unsubscription(subscription) {
  const ended = next(subscription, 'unsubscribed');
  subscription.subscribe();
  return (await ended).code;
}

let count = 0;
/** A channel that no other test uses. */
export const fresh = (namespace) => `${namespace}:t${process.pid}_${++count}`;
