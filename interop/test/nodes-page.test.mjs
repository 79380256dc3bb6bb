// The demo page with two servers over one Redis, in a real browser: its user moves, and misses nothing.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { freePort, Server } from '../kit/server.mjs';
import { Redis } from '../kit/redis.mjs';
import { launch, open, prepareWeb } from '../kit/browser.mjs';

let redis, a, b, browser;
before(async () => {
  prepareWeb();
  redis = await Redis.start();
  const dev = async () => new Server(['dev', '--broker', redis.url], await freePort()).up();
  [a, b, browser] = await Promise.all([dev(), dev(), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([a?.stop(), b?.stop()]);
  await redis?.kill();
});

const pictures = process.env.PICTURES; // a folder: what it looks like is kept there

for (const [width, height] of [[1280, 860], [390, 844]]) {
  test(`at ${width} pixels a user moves from server to server`, async () => {
    const page = await open(browser, `${a.page}/nodes.html?other=${b.port}`, { width, height });
    const number = async (id) => Number((await page.innerText(id)).replace('№', ''));
    await page.locator('#place', { hasText: `is at :${a.port}` }).waitFor();
    for (const [i, server] of [b, a, b].entries()) {
      await page.waitForFunction((n) => Number(document.querySelector('#last').textContent.slice(1)) > n, 3 * i);
      await page.click('#move');
      await page.locator('#place', { hasText: `is at :${server.port}` }).waitFor();
    }
    const last = await number('#last');
    await page.waitForFunction((n) => Number(document.querySelector('#last').textContent.slice(1)) > n, last);
    assert.equal(await number('#moves'), 3);
    assert.equal(await page.innerText('#faults'), '0 / 0');
    for (const [index, server] of [a, b].entries()) {
      const shown = await page.locator(`[data-server="${index}"] li`).allInnerTexts();
      assert.ok(shown.some((each) => each.includes(`:${a.port}`)) && shown.some((each) => each.includes(`:${b.port}`)),
        `${server.port} has what both have published`);
    }
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(isWider, false, 'nothing stands out of the page');
    if (pictures) await page.screenshot({ path: `${pictures}/nodes-${width}.png`, fullPage: true });
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });
}

test('a server that ends is told of, and the user is at the other one', async () => {
  const page = await open(browser, `${a.page}/nodes.html?other=${b.port}`);
  await page.locator('#place', { hasText: `is at :${a.port}` }).waitFor();
  await page.click('#move');
  await page.locator('#place', { hasText: `is at :${b.port}` }).waitFor();
  await b.kill();
  await page.locator('#note', { hasText: './cardea dev --port' }).waitFor();
  await page.click('#move');
  await page.locator('#place', { hasText: `is at :${a.port}` }).waitFor();
  assert.equal(await page.innerText('#faults'), '0 / 0');
  await page.context().close();
});
