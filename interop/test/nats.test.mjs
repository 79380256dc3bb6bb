// Two servers that share a NATS, and clients on both: what one publishes all get, in one order, whatever dies.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { brokers } from '../kit/brokers.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { numbers, upTo } from '../kit/crowd.mjs';
import { brokerDies, brokerIsBack, clocksApart, hasBegunAnew, killedUnderLoad, pairConfig, publishInTurn, startPair } from '../kit/pair.mjs';
import { eventually } from '../kit/deadline.mjs';

const { start, keys } = brokers[1];

let nats, pair;
before(async () => {
  nats = await start();
  pair = await startPair(keys(nats));
});
after(async () => {
  await pair?.stop();
  await nats?.kill();
});

for (const protocol of protocols) {
  test(`${protocol.name}: over NATS, what clients of both servers publish in turn arrives on both once, in one order`,
    () => publishInTurn(protocol, pair.a, pair.b, false));
}

test('over NATS, a channel without history has what each publisher said in its order', async () => {
  const clients = new Clients(protocols[0], pair.a.url);
  const channel = fresh('live');
  const reader = await clients.subscribed(await clients.connected(), channel);
  for (let n = 1; n <= 50; n++) await pair.b.api.publish(channel, { n });
  await reader.tape.count(50);
  assert.deepEqual(numbers(reader), upTo(50));
  clients.closeAll();
});

test('over NATS, the clocks of two servers are an hour apart: nobody notices', () => clocksApart(pairConfig(keys(nats)), pair.b));

test('over NATS, a server is killed: its clients go on at the other, and nothing is lost', () => killedUnderLoad(pair.a, pair.b, pair.balancer));

test('NATS is killed: clients stay, publishing fails, and it goes on with what NATS had, or as another stream if that is gone', async () => {
  const clients = new Clients(protocols[0], pair.b.url);
  const channel = fresh('news');
  const reader = await clients.subscribed(await clients.connected(), channel);
  const publisher = await clients.connected();
  await pair.a.api.publish(channel, { n: 1 });
  await reader.tape.count(1);
  const publish = (n) => eventually(() => pair.a.api.publish(channel, { n }).catch((error) => error), ({ offset }) => offset > 0, 'a to publish');

  await brokerDies(nats, pair, channel, reader, publisher);
  await brokerIsBack(nats, pair);
  await publish(2);
  await reader.tape.count(2);
  assert.equal(reader.arrivals.items.length, 1, 'nobody had to subscribe again');

  await brokerDies(nats, pair, channel, reader, publisher);
  await nats.empty();
  await brokerIsBack(nats, pair);
  await hasBegunAnew(reader);
  await publish(3);
  await reader.tape.count(3);
  assert.deepEqual(numbers(reader), [1, 2, 3]);
  clients.closeAll();
});
