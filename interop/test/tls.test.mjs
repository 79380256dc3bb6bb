// The public SDK over wss, and the certificate that a client checks.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, get, request } from 'node:https';
import { once } from 'node:events';
import { API_KEY, Server } from '../kit/server.mjs';
import { Clients, Socket, protocols } from '../kit/sdk.mjs';
import { conversation } from '../kit/scenario.mjs';
import { Api } from '../kit/api.mjs';
import { next } from '../kit/deadline.mjs';

const ca = readFileSync(new URL('../../server/src/test/resources/dev/cardea/server/tls/server-cert.pem', import.meta.url));

class Trusting extends Socket {
  constructor(url, subprotocols) {
    super(url, subprotocols, { ca });
  }
}

/** The API, called with a certificate that only this test trusts. */
class SecureApi extends Api {
  async post(method, params, headers = { 'X-API-Key': this.key }) {
    const agent = new Agent({ ca });
    const call = request(`${this.page}/api/${method}`, { method: 'POST', agent, headers: { 'Content-Type': 'application/json', ...headers } });
    call.end(JSON.stringify(params));
    const [response] = await once(call, 'response');
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, json: () => JSON.parse(Buffer.concat(chunks)) };
  }
}

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
      const both = clients();
      both.defaults = { websocket: Trusting };
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
