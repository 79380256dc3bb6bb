// The SDK's tagsFilter option.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols, unsubscription } from '../kit/sdk.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

const leaf = (key, cmp, val, vals) => ({ op: '', key, cmp, val, vals });
const and = (...nodes) => ({ op: 'and', nodes });
const or = (...nodes) => ({ op: 'or', nodes });
const not = (node) => ({ op: 'not', nodes: [node] });

for (const protocol of protocols) {
  describe(`tags filter, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    after(() => clients.closeAll());

    const filters = [
      [leaf('symbol', 'eq', 'OAK'), ({ symbol }) => symbol === 'OAK'],
      [leaf('symbol', 'neq', 'OAK'), ({ symbol }) => symbol !== 'OAK'],
      [leaf('symbol', 'in', '', ['OAK', 'IRON']), ({ symbol }) => ['OAK', 'IRON'].includes(symbol)],
      [leaf('symbol', 'nin', '', ['OAK', 'IRON']), ({ symbol }) => !['OAK', 'IRON'].includes(symbol)],
      [leaf('note', 'ex', ''), ({ note }) => note !== undefined],
      [leaf('note', 'nex', ''), ({ note }) => note === undefined],
      [leaf('symbol', 'sw', 'B'), ({ symbol }) => symbol.startsWith('B')],
      [leaf('symbol', 'ew', 'N'), ({ symbol }) => symbol.endsWith('N')],
      [leaf('symbol', 'ct', 'RA'), ({ symbol }) => symbol.includes('RA')],
      [leaf('price', 'lt', '9.5'), ({ price }) => price < 9.5],
      [leaf('price', 'lte', '9'), ({ price }) => price <= 9],
      [leaf('price', 'gt', '9'), ({ price }) => price > 9],
      [leaf('price', 'gte', '10'), ({ price }) => price >= 10],
      [and(leaf('symbol', 'eq', 'OAK'), leaf('price', 'gte', '10')), ({ symbol, price }) => symbol === 'OAK' && price >= 10],
      [or(leaf('symbol', 'eq', 'OAK'), not(leaf('price', 'lt', '20'))), ({ symbol, price }) => symbol === 'OAK' || price >= 20],
    ];

    test('each comparison passes what it says', async () => {
      const channel = fresh('filter');
      const watched = [];
      for (let i = 0; i < filters.length; i += 5) {
        for (const [filter, passes] of filters.slice(i, i + 5)) {
          const client = await clients.connected();
          watched.push([await clients.subscribed(client, channel, { tagsFilter: filter }), passes, filter]);
        }
      }
      const all = [];
      for (let n = 0; n < 40; n++) {
        const data = { n, symbol: ['OAK', 'IRON', 'BRASS'][n % 3], price: n, ...(n % 4 === 0 && { note: 'x' }) };
        all.push(data);
        const tags = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]));
        await server.api.publish(channel, data, { tags });
      }
      await server.api.publish(channel, { n: -1, symbol: 'BRASS', price: 1, note: 'end' });
      for (const [subscription, passes, filter] of watched) {
        const expected = all.filter(passes).map(({ n }) => n);
        const got = await subscription.tape.until((items) => items.filter(({ data }) => data.n >= 0).length >= expected.length,
          JSON.stringify(filter));
        assert.deepEqual(got.map(({ data }) => data.n).filter((n) => n >= 0), expected, JSON.stringify(filter));
      }
    });

    test('what was missed is filtered, and the subscription counts as recovered', async () => {
      const channel = fresh('filter');
      for (let n = 1; n <= 10; n++) await server.api.publish(channel, { n }, { tags: { odd: String(n % 2) } });
      const { epoch } = await server.api.call('history', { channel });
      const client = await clients.connected();
      const subscription = clients.watch(client, channel, { tagsFilter: leaf('odd', 'eq', '1'), since: { offset: 2, epoch }, recoverable: true });
      subscription.subscribe();
      await subscription.ready(8000);
      const [{ recovered }] = await subscription.arrivals.count(1);
      assert.equal(recovered, true);
      assert.deepEqual((await subscription.tape.count(4)).map(({ data }) => data.n), [3, 5, 7, 9]);
    });

    test('a filter that means nothing, or that no namespace allows, is refused with 107', async () => {
      const client = await clients.connected();
      assert.equal(await unsubscription(clients.watch(client, fresh('filter'), { tagsFilter: leaf('price', 'gt', 'many') })), 107);
      assert.equal(await unsubscription(clients.watch(client, fresh('plain'), { tagsFilter: leaf('price', 'gt', '1') })), 107);
    });
  });
}
