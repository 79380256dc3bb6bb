import assert from 'node:assert/strict';
import { fresh, refusal, unsubscription } from './sdk.mjs';
import { inSeconds, sign } from './token.mjs';
import { next, record } from './deadline.mjs';

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

/** The answers of an application behind all proxies. It knows users by a header that they give when they connect. */
export function application(backend) {
  const lives = { connection: true, subscription: true };
  return backend
    .on('/connect', ({ data }, _, headers) => ({
      result: {
        user: headers['x-user'], expire_at: inSeconds(2), data: { welcome: headers['x-user'], heard: data },
        meta: { plan: 'gold' },
      },
    }))
    .on('/refresh', () => ({ result: lives.connection ? { expire_at: inSeconds(2) } : { expired: true } }))
    .on('/rpc', ({ method, user, data }) => (method === 'whoami'
      ? { result: { data: { user, asked: data } } }
      : { error: { code: 1404, message: 'no such method' } }))
    .on('/subscribe', ({ channel, data }) => (channel.endsWith('_closed')
      ? { error: { code: 1403, message: 'members only' } }
      : { result: { info: { role: 'guest' }, data: { seat: data.seat }, expire_at: inSeconds(2) } }))
    .on('/sub_refresh', () => ({ result: lives.subscription ? { expire_at: inSeconds(2) } : { expired: true } }))
    .on('/publish', ({ data }) => (data.text === 'spam'
      ? { error: { code: 1413, message: 'not here' } }
      : { result: { data: { ...data, checked: true } } }))
    .on('/lives', (body) => { Object.assign(lives, body); return {}; });
}

/**
 * Two users of that application: the backend lets them in, answers them, judges their subscriptions and publications,
 * lets both live on, and then lets them expire. The server's configuration has to ask it everything in `namespace`.
 */
export async function behindProxies(clients, backend, { namespace = 'room', key } = {}) {
  const { pack, unpack } = clients.protocol;
  const lives = (what) => fetch(`${backend.url}/lives`, { method: 'POST', body: JSON.stringify(what) });
  await lives({ connection: true, subscription: true });
  const channel = fresh(namespace);
  const about = (path, name, value) => backend.bodies(path).filter((body) => body[name] === value);

  const users = ['alice', 'bob'].map((name) => `${name}_of_${channel}`);
  const enter = async (user) => {
    const client = clients.create({ data: pack({ from: user }), headers: { 'X-User': user } });
    const connected = next(client, 'connected');
    client.connect();
    const { data } = await connected;
    assert.deepEqual(unpack(data), { welcome: user, heard: { from: user } });
    return client;
  };
  const [alice, bob] = [await enter(users[0]), await enter(users[1])];
  if (key) assert.equal(backend.asked.items.at(-1).headers['x-backend-key'], key);
  const lost = record(alice, 'connecting');

  const answer = await alice.rpc('whoami', pack({ n: 1 }));
  assert.deepEqual(unpack(answer.data), { user: users[0], asked: { n: 1 } });
  assert.equal(await refusal(alice.rpc('other', pack({}))), 1404);

  const enterRoom = async (client, seat) => {
    const subscription = clients.watch(client, channel, { data: pack({ seat }) });
    const subscribed = next(subscription, 'subscribed');
    subscription.subscribe();
    assert.deepEqual(unpack((await subscribed).data), { seat });
    return subscription;
  };
  const [fromAlice, fromBob] = [await enterRoom(alice, 1), await enterRoom(bob, 2)];
  assert.equal(await unsubscription(clients.watch(alice, `${channel}_closed`)), 1403);
  const { clients: present } = await fromBob.presence();
  assert.deepEqual(Object.values(present).map(({ chanInfo }) => unpack(chanInfo)), [{ role: 'guest' }, { role: 'guest' }]);

  await clients.publish(fromAlice, { text: 'hi' });
  assert.equal(await refusal(clients.publish(fromAlice, { text: 'spam' })), 1413);
  for (const { tape } of [fromAlice, fromBob]) {
    assert.deepEqual((await tape.count(1)).map(({ data }) => data), [{ text: 'hi', checked: true }]);
  }

  // both would have expired, were they not extended
  await backend.asked.until(() => about('/refresh', 'user', users[0]).length >= 2, 'two refreshes', 20_000);
  await backend.asked.until(() => about('/sub_refresh', 'channel', channel).length >= 4, 'four sub_refreshes', 20_000);
  assert.equal(about('/refresh', 'user', users[0])[0].meta.plan, 'gold');
  assert.equal(lost.items.length, 0);

  const left = next(fromBob, 'subscribing');
  await lives({ subscription: false });
  assert.equal((await left).code, 2501);
  const ended = next(alice, 'connecting');
  await lives({ connection: false });
  assert.equal((await ended).code, 3005);
}
