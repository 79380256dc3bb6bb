// WebTransport for the SDK `centrifuge`, which uses the global class of that name:
//
//   globalThis.WebTransport = channelTransport({ streams: 'channel' });
//   const client = new Centrifuge([{ transport: 'webtransport', endpoint }]);
//
// Each channel comes on a QUIC stream of its own, or in datagrams, and the SDK is given one stream as ever. The wire format is in
// docs/webtransport.md. It also mends what the SDK 5.7.4 does with the plain stream: it decodes each chunk by itself, and loses the
// order of chunks that are there at the same time. So a chunk is always whole messages here, and the next one waits for its turn. And it
// goes on with what an old session has received beside what the next one does: here a session that is left hands on nothing more.

const Native = globalThis.WebTransport;
const LANE_END_MILLIS = 5000;
const LAST_WORDS_MILLIS = 1000;

/** Resolves as a task of its own, behind all that the last chunk has set off. */
const turn = (() => {
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  return () => new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
})();

/** Bytes of a stream, in the pieces that are asked for. */
class Reader {
  #reader;
  #bytes = new Uint8Array();

  constructor(stream) {
    this.#reader = stream.getReader();
  }

  /** Null at the end of the stream. */
  async take(length) {
    while (this.#bytes.length < length) {
      const { done, value } = await this.#reader.read();
      if (done) return null;
      const all = new Uint8Array(this.#bytes.length + value.length);
      all.set(this.#bytes);
      all.set(value, this.#bytes.length);
      this.#bytes = all;
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async number() {
    const first = await this.take(1);
    if (!first) return null;
    const rest = await this.take((1 << (first[0] >> 6)) - 1);
    if (!rest) return null;
    return rest.reduce((value, byte) => value * 256 + byte, first[0] & 0x3f);
  }
}

function number(bytes, at) {
  const end = at + (1 << (bytes[at] >> 6));
  let value = bytes[at] & 0x3f;
  for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i];
  return [value, end];
}

/** The one stream that the SDK reads: at most one chunk is on its way, so who writes waits for who reads. */
class Merged {
  #waiting = [];
  #wanted = () => {};
  #closed = false;
  #left = false;
  passed = 0; // frames of the control stream
  #whenPassed = [];

  readable = new ReadableStream({
    pull: async (controller) => {
      await turn();
      while (!this.#waiting.length && !this.#closed) await new Promise((resolve) => { this.#wanted = resolve; });
      if (!this.#waiting.length) {
        controller.close();
        return;
      }
      const { bytes, taken } = this.#waiting.shift();
      controller.enqueue(bytes.slice());
      taken();
    },
  }, { highWaterMark: 0 });

  /** Refused once nobody reads any more. */
  put(bytes) {
    if (this.#left) return Promise.reject(new Error('left'));
    return new Promise((taken) => {
      this.#waiting.push({ bytes, taken });
      this.#wanted();
    });
  }

  close() {
    this.#closed = true;
    this.#wanted();
  }

  /** Its reader has another one now: what waits here would come to the SDK in between. */
  leave() {
    this.#left = true;
    this.#waiting = [];
    this.close();
  }

  /** A frame of the control stream has its place among the chunks. */
  controlPassed() {
    this.passed++;
    this.#whenPassed = this.#whenPassed.filter(({ count, resolve }) => {
      if (count > this.passed) return true;
      resolve();
      return false;
    });
  }

  async after(count) {
    if (this.passed < count) await new Promise((resolve) => this.#whenPassed.push({ count, resolve }));
  }
}

class Lane {
  constructor(id) {
    this.id = id;
    this.ended = new Promise((resolve) => { this.end = resolve; });
    this.abandoned = false;
    this.channel = '';
    this.newest = 0; // of a lossy lane: the sequence that was handed on last
    this.received = 0;
  }
}

/**
 * @param streams 'one': all channels come on one stream; 'channel': each on its own
 * @param datagrams channels that come in datagrams: names, or what they begin with and '*'
 * @param hashes of certificates that no authority has signed, as serverCertificateHashes wants them
 * @param watch told of each chunk: (channel, 'stream' | 'datagram' | 'control', sequence); a channel's stream waits for what it returns
 */
export function channelTransport({ streams = 'one', datagrams = [], hashes, watch = () => {} } = {}) {
  return class ChannelTransport {
    #native;
    #merged = new Merged();
    #lanes = new Map();
    #early = new Map(); // the newest datagram of a lane whose stream hasn't come yet

    constructor(url, options = {}) {
      const to = new URL(url);
      to.searchParams.set('streams', streams);
      if (datagrams.length) to.searchParams.set('datagrams', datagrams.join(','));
      this.#native = new Native(to.href, hashes?.length ? { ...options, serverCertificateHashes: hashes } : options);
      this.ready = this.#native.ready;
      this.closed = this.#native.closed;
      const over = () => this.#merged.close();
      this.closed.then(over, over);
    }

    close(info) {
      this.#merged.leave();
      this.#native.close(info);
    }

    async createBidirectionalStream() {
      const { readable, writable } = await this.#native.createBidirectionalStream();
      this.#readControl(new Reader(readable)).catch(() => {}).finally(() => this.#merged.close());
      this.#acceptLanes().catch(() => {});
      if (datagrams.length) this.#readDatagrams().catch(() => {});
      return { readable: this.#merged.readable, writable: this.#untilLeft(writable) };
    }

    /**
     * The SDK closes what it writes, and the session once that is done: over a network that is lost, never. Until then the session
     * would live on beside the next one.
     */
    #untilLeft(writable) {
      const writer = writable.getWriter();
      return new WritableStream({
        // not waited for, as the SDK doesn't, and so that the end never waits behind it; `closed` tells of a failure
        write: (chunk) => { writer.write(chunk).catch(() => {}); },
        close: () => {
          this.#merged.leave();
          const lastWords = writer.close().catch(() => {});
          return Promise.race([lastWords, new Promise((resolve) => { setTimeout(resolve, LAST_WORDS_MILLIS); })]);
        },
        abort: (reason) => writer.abort(reason),
      });
    }

    async #readControl(reader) {
      for (;;) {
        const length = await reader.number();
        if (length === null) return;
        if (length === 0) {
          await this.#laneEnds(await reader.number(), await reader.number() === 1);
          continue;
        }
        const bytes = await reader.take(length);
        if (!bytes) return;
        const taken = this.#merged.put(bytes);
        this.#merged.controlPassed();
        watch('', 'control', 0);
        await taken;
      }
    }

    /** What the server says next holds only once the lane's last publication was handed on. */
    async #laneEnds(id, abandoned) {
      const lane = this.#lane(id);
      lane.abandoned ||= abandoned;
      if (!abandoned) await Promise.race([lane.ended, new Promise((resolve) => setTimeout(resolve, LANE_END_MILLIS))]);
      lane.abandoned = true;
      this.#lanes.delete(id);
      this.#early.delete(id);
    }

    #lane(id) {
      if (!this.#lanes.has(id)) this.#lanes.set(id, new Lane(id));
      return this.#lanes.get(id);
    }

    async #acceptLanes() {
      const incoming = this.#native.incomingUnidirectionalStreams.getReader();
      for (;;) {
        const { done, value } = await incoming.read();
        if (done) return;
        this.#readLane(new Reader(value)).catch(() => {});
      }
    }

    async #readLane(reader) {
      const lane = this.#lane(await reader.number());
      try {
        const after = await reader.number();
        const isLossy = await reader.number() === 1;
        lane.channel = new TextDecoder().decode(await reader.take(await reader.number()));
        await this.#merged.after(after);
        lane.begun = true;
        if (this.#early.has(lane.id)) this.#datagram(lane, ...this.#early.get(lane.id));
        this.#early.delete(lane.id);
        for (;;) {
          const sequence = isLossy ? await reader.number() : 0;
          const length = await reader.number();
          const bytes = length === null ? null : await reader.take(length);
          if (!bytes || lane.abandoned) return;
          if (isLossy && sequence <= lane.newest) continue;
          if (isLossy) lane.newest = sequence;
          lane.received++;
          await watch(lane.channel, 'stream', sequence);
          await this.#merged.put(bytes);
        }
      } finally {
        lane.end();
      }
    }

    async #readDatagrams() {
      this.#native.datagrams.incomingHighWaterMark = 1000;
      const reader = this.#native.datagrams.readable.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const [id, afterId] = number(value, 0);
        const [sequence, from] = number(value, afterId);
        const bytes = value.subarray(from);
        const lane = this.#lanes.get(id);
        if (lane?.begun) this.#datagram(lane, sequence, bytes);
        else if ((this.#early.get(id)?.[0] ?? 0) < sequence && this.#early.size < 256) this.#early.set(id, [sequence, bytes]);
      }
    }

    #datagram(lane, sequence, bytes) {
      if (lane.abandoned || sequence <= lane.newest) return; // late
      lane.newest = sequence;
      lane.received++;
      watch(lane.channel, 'datagram', sequence);
      this.#merged.put(bytes);
    }

    /** For each channel in datagrams that is subscribed to: what came, and what was lost or late. */
    get counts() {
      return [...this.#lanes.values()].filter((lane) => lane.newest)
        .map(({ channel, received, newest }) => ({ channel, received, lost: newest - received }));
    }
  };
}

/** The hashes of the certificate that a server has made for development: what `hashes` wants. */
export async function developmentHashes(origin = location.origin) {
  const response = await fetch(`${origin}/connection/webtransport/certificates`);
  const { hashes } = await response.json();
  return hashes.map(({ algorithm, value }) => ({ algorithm, value: Uint8Array.from(atob(value), (c) => c.charCodeAt(0)) }));
}
