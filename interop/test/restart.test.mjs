// The server goes away under its clients. History is in its memory: they must be told that it is gone.
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { Clients, fresh, protocols } from '../kit/sdk.mjs';
import { next } from '../kit/deadline.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server?.stop());

for (const protocol of protocols) {
  describe(`a server that ends, ${protocol.name}`, () => {
    let clients;
    before(() => { clients = new Clients(protocol, server.url); });
    beforeEach(() => server.up());
    after(() => clients.closeAll());

    async function listening(channel) {
      const subscriptions = [];
      for (let i = 0; i < 3; i++) subscriptions.push(await clients.subscribed(await clients.connected(), channel));
      await server.api.publish(channel, { n: 1 });
      for (const { tape } of subscriptions) await tape.count(1);
      return subscriptions;
    }

    test('after kill -9 and a new start, clients are told that nothing was recovered, and in which epoch they are now', async () => {
      const channel = fresh('chat');
      const subscriptions = await listening(channel);
      const { epoch: before } = await subscriptions[0].history();
      const lost = subscriptions.map((subscription) => next(subscription, 'subscribing'));
      await server.kill();
      await Promise.all(lost);
      const back = subscriptions.map((subscription) => subscription.arrivals.count(2, 30_000));
      await server.up();
      for (const [, context] of await Promise.all(back)) {
        assert.equal(context.wasRecovering, true);
        assert.equal(context.recovered, false);
        assert.notEqual(context.streamPosition.epoch, before);
      }
      await server.api.publish(channel, { n: 2 });
      for (const { tape } of subscriptions) {
        const [, publication] = await tape.count(2);
        assert.equal(publication.data.n, 2);
        assert.equal(publication.offset, 1);
      }
    });

    test('on an orderly end every client is told 3001, and comes back to the next server', async () => {
      const channel = fresh('chat');
      const subscriptions = await listening(channel);
      const told = subscriptions.map(({ client }) => next(client, 'connecting'));
      await server.stop();
      for (const { code } of await Promise.all(told)) assert.equal(code, 3001);
      const back = subscriptions.map((subscription) => subscription.arrivals.count(2, 30_000));
      await server.up();
      for (const [, { recovered }] of await Promise.all(back)) assert.equal(recovered, false);
    });
  });
}
