// Cardea beside a real Centrifugo, over one Redis that both write as Centrifugo does: clients of both are in the same channels, and
// go from one to the other. Needs a built Centrifugo: benchmarks/run makes one, or set BUILD_CENTRIFUGO=1 where Go is.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { Centrifugo, isThere } from '../kit/centrifugo.mjs';
import { Redis } from '../kit/redis.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { eventually, record } from '../kit/deadline.mjs';

const config = (redis, more = '') => `
client:
  allowed_origins: ["http://localhost:*"]
  allow_anonymous_connect_without_token: true
http_api: {key: ${API_KEY}}
health: {enabled: true}
engine: {type: redis, redis: {address: "${redis.url}"${more}}}
channel:
  namespaces:
  - name: news
    history_size: 1000
    history_ttl: 10m
    force_recovery: true
    presence: true
    join_leave: true
    force_push_join_leave: true
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
    allow_publish_for_client: true
    allow_publish_for_anonymous: true
    allow_presence_for_client: true
    allow_presence_for_anonymous: true
    allow_history_for_client: true
    allow_history_for_anonymous: true
  - name: live
    allow_subscribe_for_client: true
    allow_subscribe_for_anonymous: true
`;

const upTo = (count, from = 1) => Array.from({ length: count }, (_, i) => i + from);
const numbers = (subscription) => subscription.tape.items.map(({ data }) => data.n);

describe('beside Centrifugo', { skip: !isThere() && 'no Centrifugo is built' }, () => {
  let redis, cardea, centrifugo;
  before(async () => {
    redis = await Redis.start();
    [cardea, centrifugo] = await Promise.all([
      Server.startWith(config(redis, ', layout: centrifugo')), Centrifugo.start(config(redis))]);
  });
  after(async () => {
    await Promise.all([cardea?.stop(), centrifugo?.stop()]);
    await redis?.kill();
  });

  for (const protocol of protocols) {
    test(`${protocol.name}: what is published at either is read at both, and clients move both ways`, async () => {
      const here = new Clients(protocol, cardea.url);
      const there = new Clients(protocol, centrifugo.url);
      const channel = fresh('news');
      const ours = await here.subscribed(await here.connected(), channel);
      const joins = record(ours, 'join', ({ info }) => info.client);
      const theirs = await there.subscribed(await there.connected(), channel);
      await joins.until((all) => all.includes(theirs.client._client), 'Centrifugo\'s client to come');

      for (let n = 1; n <= 100; n++) await here.publish(n % 2 ? ours : theirs, { n });
      for (const subscription of [ours, theirs]) {
        await subscription.tape.count(100);
        assert.deepEqual(numbers(subscription), upTo(100));
        assert.deepEqual(subscription.tape.items.map(({ offset }) => offset), upTo(100));
      }
      for (const subscription of [ours, theirs]) {
        assert.equal(Object.keys((await subscription.presence()).clients).length, 2);
        assert.equal((await subscription.history({ limit: 1000 })).publications.length, 100);
      }

      const { epoch } = await cardea.api.call('history', { channel });
      assert.equal((await centrifugo.api.call('history', { channel })).epoch, epoch);
      for (const clients of [here, there]) {
        const moved = await clients.subscribed(await clients.connected(), channel, { since: { offset: 60, epoch } });
        await moved.tape.count(40);
        assert.deepEqual(numbers(moved), upTo(40, 61));
        assert.equal(moved.arrivals.items[0].recovered, true);
      }
      here.closeAll();
      there.closeAll();
      for (const server of [cardea, centrifugo])
        await eventually(() => server.api.call('presence_stats', { channel }), ({ num_clients: n }) => !n, 'all have left');
    });
  }

  test('without history, too', async () => {
    const here = new Clients(protocols[0], cardea.url);
    const there = new Clients(protocols[0], centrifugo.url);
    const channel = fresh('live');
    const readers = [await here.subscribed(await here.connected(), channel), await there.subscribed(await there.connected(), channel)];
    for (let n = 1; n <= 50; n++) await (n % 2 ? cardea : centrifugo).api.publish(channel, { n });
    for (const reader of readers) {
      await reader.tape.count(50);
      assert.deepEqual(numbers(reader), upTo(50));
    }
    here.closeAll();
    there.closeAll();
  });

  test('an idempotency key of one is known to the other', async () => {
    const channel = fresh('news');
    const once = { idempotency_key: 'k' };
    const { offset } = await cardea.api.publish(channel, { n: 1 }, once);
    assert.equal((await centrifugo.api.publish(channel, { n: 1 }, once)).offset, offset);
    assert.equal((await centrifugo.api.call('history', { channel, limit: 10 })).publications.length, 1);
  });
});
