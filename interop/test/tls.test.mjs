// The public SDK over wss, and the certificate that a client checks.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import { once } from 'node:events';
import { API_KEY, Server } from '../kit/server.mjs';
import { Clients, protocols } from '../kit/sdk.mjs';
import { SecureApi, ca, secure } from '../kit/tls.mjs';
import { conversation } from '../kit/scenario.mjs';
import { next } from '../kit/deadline.mjs';

let server, url, api;
before(async () => {
  server = await Server.start('tls.yaml');
  url = `wss://localhost:${server.port}/connection/websocket`;
  api = new SecureApi(`https://localhost:${server.port}`, API_KEY);
});
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`over TLS, ${protocol.name}`, () => {
    const clients = () => new Clients(protocol, url);

    test('two users talk, and one comes back', async () => {
      const both = secure(clients());
      await conversation(both, api);
      both.closeAll();
    });
  });
}

test('a client that does not trust the certificate stays outside', async () => {
  const clients = new Clients(protocols[0], url);
  const client = clients.create();
  const failed = next(client, 'error');
  client.connect();
  assert.equal((await failed).error.code, 2);
  clients.closeAll();
});

test('plain http on that port is not answered', async () => {
  await assert.rejects(fetch(`http://localhost:${server.port}/`));
  const answer = get(`https://localhost:${server.port}/none`, { agent: new Agent({ ca }) });
  const [response] = await once(answer, 'response');
  assert.equal(response.statusCode, 404);
  response.resume();
});
