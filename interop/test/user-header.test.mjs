// A proxy in front of the server that has found out who the user is, and says so in a header.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { SECRET, Server } from '../kit/server.mjs';
import { Clients, Socket, fresh, protocols } from '../kit/sdk.mjs';
import { sign } from '../kit/token.mjs';
import { next } from '../kit/deadline.mjs';

const config = `
client:
  user_id_http_header: X-Forwarded-User
  token: {hmac_secret_key: ${SECRET}}
channel:
  namespaces:
    - {name: chat, presence: true, allow_subscribe_for_client: true, allow_presence_for_subscriber: true}
`;

/** What the proxy does to a client's request. */
const naming = (user) => class extends Socket {
  constructor(url, subprotocols) {
    super(url, subprotocols, { headers: { 'X-Forwarded-User': user } });
  }
};

for (const protocol of protocols) {
  describe(`whom a header names, ${protocol.name}`, () => {
    let server, clients;
    before(async () => {
      server = await Server.startWith(config);
      clients = new Clients(protocol, server.url);
    });
    after(async () => {
      clients?.closeAll();
      await server?.stop();
    });

    const user = async (options) => {
      const client = await clients.connected(options);
      const subscription = await clients.subscribed(client, fresh('chat'));
      return Object.values((await subscription.presence()).clients)[0].user;
    };

    test('is let in as that user', async () => {
      assert.equal(await user({ websocket: naming('alice') }), 'alice');
    });

    test('is who its token says, if it has one', async () => {
      assert.equal(await user({ websocket: naming('alice'), token: sign({ sub: 'bob' }) }), 'bob');
    });

    test('is nobody who only says so', async () => {
      const client = clients.create({ headers: { 'X-Forwarded-User': 'alice' } });
      const ended = next(client, 'disconnected');
      client.connect();
      assert.equal((await ended).code, 3501);
    });
  });
}
