import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { once } from 'node:events';
import { Api } from './api.mjs';
import { Socket } from './sdk.mjs';

const folder = new URL('../../server/src/test/resources/dev/cardea/server/tls/', import.meta.url);

/** The certificates that the tests' servers have, which nobody else trusts. */
export const ca = ['server-cert.pem', 'ec-cert.pem'].map((name) => readFileSync(new URL(name, folder)));

class TrustingSocket extends Socket {
  constructor(url, subprotocols) {
    super(url, subprotocols, { ca });
  }
}

/** Makes clients trust them. */
export function secure(clients) {
  clients.defaults = { websocket: TrustingSocket };
  return clients;
}

/** The API over https. */
export class SecureApi extends Api {
  async post(method, params, headers = { 'X-API-Key': this.key }) {
    const call = request(`${this.page}/api/${method}`, {
      method: 'POST', agent: new Agent({ ca }), headers: { 'Content-Type': 'application/json', ...headers },
    });
    call.end(JSON.stringify(params));
    const [response] = await once(call, 'response');
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, json: () => JSON.parse(Buffer.concat(chunks)) };
  }
}
