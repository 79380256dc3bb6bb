import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_KEY, SECRET, Server, freePort } from '../kit/server.mjs';
import { Clients, protocols, refusal, unsubscription } from '../kit/sdk.mjs';
import { keyPair, signed } from '../kit/keys.mjs';
import { inSeconds, sign } from '../kit/token.mjs';
import { next, record } from '../kit/deadline.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cardea-auth-'));

const keys = {
  RS256: keyPair('r', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'),
  ES256: keyPair('p256', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'),
  ES384: keyPair('p384', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'),
  ES512: keyPair('p521', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'),
  EdDSA: keyPair('ed', '-algorithm', 'ED25519'),
};

const channels = `
http_api: {key: ${API_KEY}}
channel:
  patterns: true
  namespaces:
    - {name: closed, history_size: 10, history_ttl: 1m, presence: true}
    - {name: talk, allow_user_limited_channels: true, allow_publish_for_subscriber: true}
    - {name: user, pattern: "/users/:name", allow_subscribe_for_client: true}
`;

async function serve(token) {
  const file = join(folder, `${Object.keys(token)[0]}.yaml`);
  writeFileSync(file, `client: {token: ${JSON.stringify(token)}, expired_sub_close_delay: 1s, expired_close_delay: 1s}\n${channels}`);
  return new Server(['serve', '--config', file], await freePort()).up();
}

after(() => rmSync(folder, { recursive: true }));

describe('keys that an issuer publishes', () => {
  let issuer;
  let server;
  let clients;
  before(async () => {
    const set = JSON.stringify({ keys: Object.values(keys).map(({ jwk }) => jwk) });
    issuer = createServer((_, response) => response.end(set)).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    server = await serve({ jwks_public_endpoint: `http://127.0.0.1:${issuer.address().port}/keys` });
    clients = new Clients(protocols[0], server.url);
  });
  after(async () => { clients?.closeAll(); await server?.stop(); issuer?.close(); });

  for (const [alg, pair] of Object.entries(keys)) {
    test(`${alg} opens a connection and a channel`, async () => {
      const client = await clients.connected({ token: signed(alg, pair, { sub: 'alice', exp: inSeconds(60) }) });
      const token = signed(alg, pair, { sub: 'alice', channel: '$closed:a', exp: inSeconds(60) });
      await clients.subscribed(client, '$closed:a', { token });
    });
  }

  test('a token of another key, or of an HMAC with the public one, ends the connection with 3500', async () => {
    const { kid, jwk } = keys.RS256;
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const stranger = keyPair('stranger', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048');
    for (const token of [
      signed('RS256', { ...stranger, kid }, { sub: 'alice' }),
      sign({ sub: 'alice' }, pem),
    ]) {
      const client = clients.create({ token });
      const ended = next(client, 'disconnected');
      client.connect();
      assert.equal((await ended).code, 3500);
    }
  });
});

describe('tokens and names', () => {
  let server;
  before(async () => { server = await serve({ hmac_secret_key: SECRET }); });
  after(() => server?.stop());

  for (const protocol of protocols) {
    describe(protocol.name, () => {
      let clients;
      before(() => { clients = new Clients(protocol, server.url); });
      after(() => clients.closeAll());

      test('one token opens many channels, for what it says', async () => {
        const caps = [
          { channels: ['closed:a'], allow: ['sub'] },
          { channels: ['closed:b*'], match: 'wildcard', allow: ['sub', 'pub', 'prs', 'hst'] },
          { channels: ['^closed:c[0-9]$'], match: 'regex', allow: ['sub'] },
        ];
        const client = await clients.connected({ token: sign({ sub: 'alice', caps }) });
        const a = await clients.subscribed(client, 'closed:a');
        const b = await clients.subscribed(client, `closed:b:${protocol.name}`);
        await clients.subscribed(client, 'closed:c5');
        assert.equal(await unsubscription(clients.watch(client, 'closed:c55')), 103);
        assert.equal(await refusal(clients.publish(a, 1)), 103);
        await clients.publish(b, { n: 1 });
        await b.tape.count(1);
        assert.equal((await b.history({ limit: 10 })).publications.length, 1);
        assert.equal(Object.keys((await b.presence()).clients).length, 1);
        assert.equal(await refusal(a.presence()), 103);
      });

      test('a refresh that allows less ends what the token before allowed', async () => {
        const caps = (...list) => [{ channels: list, allow: ['sub'] }];
        const client = await clients.connected({
          token: sign({ sub: 'alice', exp: inSeconds(2), caps: caps('closed:a', 'closed:b') }),
          getToken: async () => sign({ sub: 'alice', exp: inSeconds(600), caps: caps('closed:b') }),
        });
        const a = await clients.subscribed(client, 'closed:a');
        const b = await clients.subscribed(client, 'closed:b');
        assert.equal((await next(a, 'unsubscribed')).code, 2000);
        assert.equal(b.state, 'subscribed');
        assert.equal(client.state, 'connected');
      });

      test('a channel that names its users is for them', async () => {
        const alice = await clients.connected({ token: sign({ sub: 'alice' }) });
        const bob = await clients.connected({ token: sign({ sub: 'bob' }) });
        const carol = await clients.connected({ token: sign({ sub: 'carol' }) });
        const a = await clients.subscribed(alice, 'talk:x#alice,bob');
        const b = await clients.subscribed(bob, 'talk:x#alice,bob');
        assert.equal(await unsubscription(clients.watch(carol, 'talk:x#alice,bob')), 103);
        await clients.publish(a, 'hi');
        await b.tape.count(1);
      });

      test('a path is a channel of the namespace whose pattern it matches', async () => {
        const alice = await clients.connected({ token: sign({ sub: 'alice' }) });
        await clients.subscribed(alice, '/users/mary');
        assert.equal(await unsubscription(clients.watch(alice, '/users')), 102);
      });

      test('a subscription token may allow more than to subscribe', async () => {
        const alice = await clients.connected({ token: sign({ sub: 'alice' }) });
        const token = sign({ sub: 'alice', channel: 'closed:d', allow: ['pub'] });
        const d = await clients.subscribed(alice, 'closed:d', { token });
        await clients.publish(d, 1);
        assert.equal(await refusal(d.presence()), 103);
      });

      test('whoever holds a revoked token gets another one and goes on', async () => {
        let asked = 0;
        const id = `${protocol.name}-connection`;
        const client = await clients.connected({
          token: sign({ sub: 'alice', jti: id }),
          getToken: async () => { asked++; return sign({ sub: 'alice', jti: `${id}-2` }); },
        });
        const connecting = record(client, 'connecting');
        const back = next(client, 'connected');
        await server.api.call('revoke_token', { uid: id, expire_at: inSeconds(60) });
        await back;
        assert.equal(connecting.items[0].code, 3005);
        assert.equal(asked, 1);
      });

      test('a revoked subscription token is replaced, and the connection stays', async () => {
        let asked = 0;
        const id = `${protocol.name}-subscription`;
        const channel = `closed:${protocol.name}`;
        const client = await clients.connected({ token: sign({ sub: 'alice' }) });
        const disconnections = record(client, 'connecting');
        const subscription = await clients.subscribed(client, channel, {
          token: sign({ sub: 'alice', channel, jti: id }),
          getToken: async () => { asked++; return sign({ sub: 'alice', channel, jti: `${id}-2` }); },
        });
        const ended = next(subscription, 'subscribing');
        await server.api.call('revoke_token', { uid: id });
        assert.equal((await ended).code, 2501);
        await subscription.ready(8000);
        assert.equal(asked, 1);
        assert.equal(disconnections.items.length, 0);
      });

      test('a user whose tokens are invalid stays out until there is a newer one', async () => {
        const user = `user-${protocol.name}`;
        const client = await clients.connected({
          token: sign({ sub: user, iat: inSeconds(-100) }),
          getToken: async () => sign({ sub: user, iat: inSeconds(1) }),
        });
        const connecting = record(client, 'connecting');
        const back = next(client, 'connected');
        await server.api.call('invalidate_user_tokens', { user });
        await back;
        assert.equal(connecting.items[0].code, 3005);
      });
    });
  }
});
