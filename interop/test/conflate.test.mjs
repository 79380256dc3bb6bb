import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`conflation, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    test('the newest value of each key arrives, at most one in each interval, never an older one after it', async () => {
      const channel = fresh('conflate');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      const symbols = ['OAK', 'IRON', 'BRASS'];
      const start = Date.now();
      const LAST = 150;
      for (let n = 1; n <= LAST; n++) {
        for (const symbol of symbols) await server.api.publish(channel, { symbol, n }, { tags: { symbol } });
      }
      const of = (symbol) => subscription.tape.items.filter(({ data }) => data.symbol === symbol).map(({ data }) => data.n);
      await subscription.tape.until(() => symbols.every((symbol) => of(symbol).at(-1) === LAST), 'the newest of each');
      const intervals = Math.ceil((Date.now() - start) / 200) + 1;
      for (const symbol of symbols) {
        const seen = of(symbol);
        assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b));
        assert.ok(seen.length <= intervals, `${seen.length} values of ${symbol} in ${intervals} intervals`);
      }
    });

    test('a single value does not wait for another', async () => {
      const channel = fresh('conflate');
      const subscription = await clients.subscribed(await clients.connected(), channel);
      await server.api.publish(channel, { symbol: 'OAK', n: 1 }, { tags: { symbol: 'OAK' } });
      await subscription.tape.count(1, 1000);
    });
  });
}
