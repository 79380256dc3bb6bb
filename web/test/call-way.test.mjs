import { test } from 'node:test';
import assert from 'node:assert/strict';
import { between, kind, read } from '../call-way.js';

// as Chromium gives it, without what isn't read
const report = (more = {}) => new Map(Object.entries({
  T1: { type: 'transport', selectedCandidatePairId: 'P2' },
  P1: { type: 'candidate-pair', state: 'succeeded', nominated: true, localCandidateId: 'L1', remoteCandidateId: 'R1' },
  P2: { type: 'candidate-pair', state: 'succeeded', nominated: true, localCandidateId: 'L2', remoteCandidateId: 'R1',
    currentRoundTripTime: 0.0125, bytesReceived: 5000, bytesSent: 700 },
  L1: { type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
  L2: { type: 'local-candidate', candidateType: 'srflx', protocol: 'udp' },
  R1: { type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
  I1: { type: 'inbound-rtp', kind: 'video', packetsReceived: 90, packetsLost: 7, framesDecoded: 30 },
  I2: { type: 'inbound-rtp', kind: 'audio', packetsReceived: 10, packetsLost: -2 },
  ...more,
}));

test('the pair that the transport has chosen is shown', () => {
  const reading = read(report());
  assert.equal(reading.local.candidateType, 'srflx');
  assert.equal(reading.roundTripMillis, 12.5);
  assert.deepEqual([reading.packets, reading.lost, reading.framesDecoded], [100, 5, 30]);
  assert.equal(kind(reading), 'srflx');
  assert.equal(kind(read(report({ T1: { type: 'transport', selectedCandidatePairId: 'P1' } }))), 'host');
});

test('where the transport names none, the one that has succeeded is shown, and without any there is none', () => {
  const found = read(report({ T1: { type: 'transport' }, P1: { type: 'candidate-pair', state: 'failed' } }));
  assert.equal(found.local.candidateType, 'srflx');
  assert.equal(kind(read(new Map())), 'none');
});

test('a relay at either end is a relayed way', () => {
  assert.equal(kind(read(report({ R1: { type: 'remote-candidate', candidateType: 'relay', protocol: 'udp' } }))), 'relay');
});

test('rates and loss are those between two readings', () => {
  const before = { packets: 100, lost: 5, bytesReceived: 1000, bytesSent: 0 };
  const after = { packets: 190, lost: 15, bytesReceived: 2000, bytesSent: 500 };
  assert.deepEqual(between(before, after, 2), { received: 4000, sent: 2000, loss: 10 });
  assert.equal(between(after, after, 1).loss, 0);
});
