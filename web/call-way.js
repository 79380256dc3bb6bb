// The panel that shows the way between two browsers: what their RTCPeerConnection says of itself, once a second.
import { Chart } from './chart.js';

const $ = (selector) => document.querySelector(selector);
const names = { host: 'Direct', srflx: 'Through a NAT', prflx: 'Through a NAT', relay: 'Relayed' };
const bits = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} Mbit/s` : `${Math.round(value / 1e3)} kbit/s`);

/** The candidate pair in use, its candidates, and how much has come and gone, of what getStats() gives. */
export function read(report) {
  const all = [...report.values()];
  const transport = all.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  const pair = report.get(transport?.selectedCandidatePairId)
    ?? all.find(({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated);
  const incoming = all.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name) => incoming.reduce((total, each) => total + (each[name] ?? 0), 0);
  return {
    local: report.get(pair?.localCandidateId), remote: report.get(pair?.remoteCandidateId),
    roundTripMillis: pair?.currentRoundTripTime === undefined ? undefined : pair.currentRoundTripTime * 1000,
    bytesReceived: pair?.bytesReceived ?? 0, bytesSent: pair?.bytesSent ?? 0,
    packets: sum('packetsReceived'), lost: Math.max(0, sum('packetsLost')), framesDecoded: sum('framesDecoded'),
  };
}

/** What happened between two readings. */
export function between(before, after, seconds) {
  const packets = after.packets - before.packets;
  const lost = Math.max(0, after.lost - before.lost);
  return {
    received: (after.bytesReceived - before.bytesReceived) * 8 / seconds,
    sent: (after.bytesSent - before.bytesSent) * 8 / seconds,
    loss: packets + lost > 0 ? lost / (packets + lost) * 100 : 0,
  };
}

/** 'relay' if either end is, otherwise how the local end goes out. */
export function kind({ local, remote }) {
  if (!local || !remote) return 'none';
  const kinds = [local.candidateType, remote.candidateType];
  return kinds.includes('relay') ? 'relay' : kinds.every((each) => each === 'host') ? 'host' : 'srflx';
}

const meanings = {
  none: 'Not connected yet.',
  host: 'The browsers talk with each other directly: nothing of the call passes through the server.',
  srflx: 'The browsers talk with each other directly, through the NAT of one or both: STUN told them their addresses.',
  relay: 'The call goes through the server’s relay (TURN). It is encrypted from browser to browser.',
};

function address(candidate) {
  if (!candidate) return ' ';
  const via = candidate.relayProtocol ? `, to the relay over ${candidate.relayProtocol}` : '';
  const ip = candidate.address ?? candidate.ip;
  return `${candidate.protocol}${ip ? ` ${ip.includes(':') ? `[${ip}]` : ip}:${candidate.port}` : ''}${via}`;
}

export class CallWay {
  #connection;
  #before;
  #timer;
  #charts = {
    roundTrip: new Chart($('#round-trip-chart'), { colour: '--verdigris', floor: 10, label: (value) => `${value} ms` }),
    received: new Chart($('#received-chart'), { colour: '--verdigris', floor: 100_000, label: bits }),
    sent: new Chart($('#sent-chart'), { colour: '--brass', floor: 100_000, label: bits }),
    loss: new Chart($('#loss-chart'), { colour: '--rust', floor: 5, label: (value) => `${value} %` }),
  };

  follow(connection) {
    this.stop();
    this.#connection = connection;
    this.#timer = setInterval(() => this.#look(), 1000);
    this.#look();
  }

  stop() {
    clearInterval(this.#timer);
    this.#connection = this.#before = undefined;
    this.#show({});
  }

  async #look() {
    const connection = this.#connection;
    const reading = { at: performance.now(), ...read(await connection.getStats()) };
    if (this.#connection !== connection) return;
    this.#show(reading);
    const before = this.#before;
    this.#before = reading;
    if (reading.roundTripMillis !== undefined) {
      this.#charts.roundTrip.push(reading.roundTripMillis);
      $('#round-trip').textContent = `${reading.roundTripMillis < 10 ? reading.roundTripMillis.toFixed(1) : Math.round(reading.roundTripMillis)} ms`;
    }
    if (!before || reading.at === before.at) return;
    const { received, sent, loss } = between(before, reading, (reading.at - before.at) / 1000);
    this.#charts.received.push(received);
    this.#charts.sent.push(sent);
    this.#charts.loss.push(loss);
    $('#received').textContent = bits(received);
    $('#sent').textContent = bits(sent);
    $('#loss').textContent = `${loss.toFixed(1)} %`;
  }

  #show(reading) {
    const way = kind(reading);
    $('#pair').dataset.kind = way;
    $('#meaning').textContent = meanings[way];
    for (const end of ['local', 'remote']) {
      const candidate = reading[end];
      const type = candidate?.candidateType;
      $(`#${end}-kind`).textContent = type ? `${names[type]} (${type})` : '–';
      $(`#${end}-address`).textContent = address(candidate);
    }
  }
}
