// Two servers that share a Redis, and clients on both: what one publishes all get, in one order, whatever dies.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { brokers } from '../kit/brokers.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { numbers } from '../kit/crowd.mjs';
import { brokerDies, brokerIsBack, clocksApart, hasBegunAnew, killedUnderLoad, pairConfig, publishInTurn, startPair } from '../kit/pair.mjs';
import { eventually } from '../kit/deadline.mjs';

const { start, keys } = brokers[0];

let redis, pair;
before(async () => {
  redis = await start();
  pair = await startPair(keys(redis));
});
after(async () => {
  await pair?.stop();
  await redis?.kill();
});

for (const protocol of protocols) {
  test(`${protocol.name}: what clients of both servers publish in turn arrives on both once, in one order`,
    () => publishInTurn(protocol, pair.a, pair.b, true));
}

test('the clocks of two servers are an hour apart: nobody notices', () => clocksApart(pairConfig(keys(redis)), pair.b));

test('a server is killed: its clients go on at the other, and nothing is lost', () => killedUnderLoad(pair.a, pair.b, pair.balancer));

test('Redis is killed and comes back empty: clients stay, publishing fails, and all are told of the new stream', async () => {
  const clients = new Clients(protocols[0], pair.b.url);
  const channel = fresh('news');
  const reader = await clients.subscribed(await clients.connected(), channel);
  const publisher = await clients.connected();
  await pair.a.api.publish(channel, { n: 1 });
  await reader.tape.count(1);

  await brokerDies(redis, pair, channel, reader, publisher);
  await brokerIsBack(redis, pair);
  await hasBegunAnew(reader);
  await eventually(() => pair.a.api.publish(channel, { n: 2 }).catch((error) => error), ({ offset }) => offset === 1, 'a to publish');
  await reader.tape.count(2);
  assert.deepEqual(numbers(reader), [1, 2]);
  clients.closeAll();
});
