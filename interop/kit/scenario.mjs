import assert from 'node:assert/strict';
import { fresh } from './sdk.mjs';
import { inSeconds, sign } from './token.mjs';
import { next } from './deadline.mjs';

/**
 * What any application does in a namespace like 'chat': two users talk, see each other, read history, lose the
 * connection and miss nothing. The server's configuration has to allow it.
 */
export async function conversation(clients, api, { namespace = 'chat', secret } = {}) {
  const channel = fresh(namespace);
  const connect = (sub) => clients.connected({ token: sign({ sub, exp: inSeconds(60) }, secret) });
  const [alice, bob] = [await connect('alice'), await connect('bob')];
  const [fromAlice, fromBob] = [await clients.subscribed(alice, channel), await clients.subscribed(bob, channel)];

  await clients.publish(fromAlice, { n: 1 });
  await api.publish(channel, { n: 2 });
  for (const { tape } of [fromAlice, fromBob]) {
    const items = await tape.count(2);
    assert.deepEqual(items.map(({ data, offset }) => [data.n, offset]), [[1, 1], [2, 2]]);
  }
  const { clients: present } = await fromBob.presence();
  assert.deepEqual(Object.values(present).map(({ user }) => user).sort(), ['alice', 'bob']);
  const { publications } = await fromBob.history({ limit: 10 });
  assert.deepEqual(publications.map(({ data }) => clients.protocol.unpack(data).n), [1, 2]);

  // bob's connection is cut by the server; what is published meanwhile is there when it is back
  const cut = next(bob, 'connecting');
  await api.call('disconnect', { user: 'bob', disconnect: { code: 3011, reason: 'force reconnect' } });
  await cut;
  await api.publish(channel, { n: 3 });
  assert.deepEqual((await fromBob.tape.count(3)).map(({ data }) => data.n), [1, 2, 3]);

  const stranger = clients.create({ token: sign({ sub: 'eve', exp: inSeconds(60) }, 'another secret') });
  const refused = next(stranger, 'disconnected');
  stranger.connect();
  assert.equal((await refused).code, 3500);
}
