// Configuration files as Centrifugo 6 has them: what its genconfig writes with one namespace, and one with more of everything.
import { after, describe, test } from 'node:test';
import { API_KEY, Server } from '../kit/server.mjs';
import { Clients, protocols } from '../kit/sdk.mjs';
import { conversation } from '../kit/scenario.mjs';
import { SecureApi, secure } from '../kit/tls.mjs';

const files = [
  { name: 'centrifugo-plain.json', scheme: 'ws', wrap: (clients) => clients, api: (server) => server.api },
  {
    name: 'centrifugo.json', scheme: 'wss', wrap: secure,
    api: (server) => new SecureApi(`https://localhost:${server.port}`, API_KEY),
  },
];

for (const { name, scheme, wrap, api } of files) {
  describe(name, () => {
    let server;
    after(() => server?.stop());
    for (const protocol of protocols) {
      test(`starts the server, and two users talk: ${protocol.name}`, async () => {
        server ??= await Server.start(name);
        const clients = wrap(new Clients(protocol, `${scheme}://localhost:${server.port}/connection/websocket`));
        await conversation(clients, api(server));
        clients.closeAll();
      });
    }
  });
}
