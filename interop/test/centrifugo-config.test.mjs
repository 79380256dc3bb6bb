// Configurations as Centrifugo 6 has them: every key at its default and what differs in the environment, and a file with
// namespaces, proxies and TLS. With CARDEA one runs another server on them.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, SECRET, Server } from '../kit/server.mjs';
import { Backend } from '../kit/backend.mjs';
import { Clients, protocols } from '../kit/sdk.mjs';
import { application, behindProxies, conversation } from '../kit/scenario.mjs';
import { SecureApi, secure } from '../kit/tls.mjs';

const KEY = 'of \'the\' "backend"';

const namespaces = [
  {
    name: 'chat', presence: true, history_size: 100, history_ttl: '300s', force_recovery: true,
    allow_subscribe_for_client: true, allow_publish_for_subscriber: true,
    allow_presence_for_subscriber: true, allow_history_for_subscriber: true,
  },
  { name: 'room' },
];

const setups = [
  {
    name: 'every default, and the environment',
    file: 'centrifugo-defaults.json',
    environment: (backend) => ({
      CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: SECRET,
      CENTRIFUGO_HTTP_API_KEY: API_KEY,
      CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '1s',
      CENTRIFUGO_CLIENT_EXPIRED_SUB_CLOSE_DELAY: '1s',
      CENTRIFUGO_CLIENT_PROXY_CONNECT_ENABLED: 'true',
      CENTRIFUGO_CLIENT_PROXY_CONNECT_ENDPOINT: `${backend}/connect`,
      CENTRIFUGO_CLIENT_PROXY_CONNECT_EMULATED_HEADERS: 'X-User X-Other',
      CENTRIFUGO_CLIENT_PROXY_CONNECT_HTTP_STATIC_HEADERS: '{"X-Backend-Key": "${CENTRIFUGO_VAR_BACKEND_KEY}"}',
      CENTRIFUGO_VAR_BACKEND_KEY: KEY,
      CENTRIFUGO_CLIENT_PROXY_REFRESH_ENABLED: 'true',
      CENTRIFUGO_CLIENT_PROXY_REFRESH_ENDPOINT: `${backend}/refresh`,
      CENTRIFUGO_CLIENT_PROXY_REFRESH_INCLUDE_CONNECTION_META: 'true',
      CENTRIFUGO_RPC_PROXY_ENDPOINT: `${backend}/rpc`,
      CENTRIFUGO_RPC_WITHOUT_NAMESPACE_PROXY_ENABLED: 'true',
      CENTRIFUGO_CHANNEL_PROXY_SUBSCRIBE_ENDPOINT: `${backend}/subscribe`,
      CENTRIFUGO_CHANNEL_PROXY_PUBLISH_ENDPOINT: `${backend}/publish`,
      CENTRIFUGO_PROXIES: 'renewals',
      CENTRIFUGO_PROXIES_RENEWALS_ENDPOINT: `${backend}/sub_refresh`,
      CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify(namespaces),
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_PRESENCE: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_SUBSCRIBE_PROXY_ENABLED: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_PUBLISH_PROXY_ENABLED: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_SUB_REFRESH_PROXY_ENABLED: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_SUB_REFRESH_PROXY_NAME: 'renewals',
      CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_ALLOW_PRESENCE_FOR_SUBSCRIBER: 'true',
    }),
    scheme: 'ws', wrap: (clients) => clients, api: (server) => server.api,
  },
  {
    name: 'a file with namespaces, proxies and TLS',
    file: 'centrifugo.json',
    environment: (backend) => ({
      CENTRIFUGO_VAR_BACKEND_KEY: KEY,
      // only the test knows where the backend listens
      CENTRIFUGO_CLIENT_PROXY_CONNECT_ENDPOINT: `${backend}/connect`,
      CENTRIFUGO_CLIENT_PROXY_REFRESH_ENDPOINT: `${backend}/refresh`,
      CENTRIFUGO_RPC_PROXY_ENDPOINT: `${backend}/rpc`,
      CENTRIFUGO_CHANNEL_PROXY_SUBSCRIBE_ENDPOINT: `${backend}/subscribe`,
      CENTRIFUGO_CHANNEL_PROXY_PUBLISH_ENDPOINT: `${backend}/publish`,
      CENTRIFUGO_CHANNEL_PROXY_SUB_REFRESH_ENDPOINT: `${backend}/sub_refresh`,
    }),
    scheme: 'wss', wrap: secure, api: (server) => new SecureApi(`https://localhost:${server.port}`, API_KEY),
  },
];

for (const { name, file, environment, scheme, wrap, api } of setups) {
  describe(name, () => {
    let backend, server;
    before(async () => {
      backend = application(await Backend.start());
      server = await Server.start(file, environment(backend.url));
    });
    after(async () => {
      await server?.stop();
      await backend?.close();
    });
    const clients = (protocol) => wrap(new Clients(protocol, `${scheme}://localhost:${server.port}/connection/websocket`));

    test('starts the server without a word of warning', () => {
      assert.doesNotMatch(server.output, /level=warn/);
    });

    for (const protocol of protocols) {
      test(`two users talk: ${protocol.name}`, async () => {
        const both = clients(protocol);
        await conversation(both, api(server));
        both.closeAll();
      });
    }

    test('an application decides behind proxies', async () => {
      for (const protocol of protocols) {
        const both = clients(protocol);
        await behindProxies(both, backend, { key: KEY });
        both.closeAll();
      }
    });
  });
}
