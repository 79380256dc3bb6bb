// The demo pages in a real browser, against the server that ./cardea dev starts.
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Server } from '../kit/server.mjs';
import { launch, open, prepareWeb } from '../kit/browser.mjs';

let server;
let browser;
before(async () => {
  prepareWeb();
  [server, browser] = await Promise.all([Server.dev(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// a forgotten page would go on drawing
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

let rooms = 0;
const room = () => `r${process.pid}-${++rooms}`;

async function enter(channel, name, size) {
  const page = await open(browser, `${server.page}/chat.html?room=${channel}&name=${name}`, size);
  await page.locator('#people li', { hasText: name }).waitFor();
  return page;
}

async function say(page, text) {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
  await page.locator('.said p', { hasText: text }).last().waitFor();
}

const heard = (page) => page.locator('.said p').allInnerTexts();
const numbered = (page) => page.locator('#messages li[data-offset]').evaluateAll((items) => items.map((item) => Number(item.dataset.offset)));

test('the front page finds the hub by its Link header and hears the lobby with a plain EventSource', async () => {
  const ada = await enter('lobby', 'Ada');
  await say(ada, 'Is anybody listening?');
  const front = await open(browser, server.page);
  const overheard = (text) => front.locator('#overheard', { hasText: text }).waitFor();
  await overheard('Ada: Is anybody listening?');
  await say(ada, 'At the door, perhaps.');
  await overheard('Ada: At the door, perhaps.');
  assert.deepEqual(front.errors, []);
});

describe('the chat page', () => {
  test('two people see each other come, talk and go', async () => {
    const channel = room();
    const ada = await enter(channel, 'Ada');
    const ben = await enter(channel, 'Ben');
    await ada.locator('#people li', { hasText: 'Ben' }).waitFor();
    await say(ada, 'Are you there?');
    await ben.locator('.said p', { hasText: 'Are you there?' }).waitFor();
    await say(ben, 'I am.');
    await ada.locator('.said p', { hasText: 'I am.' }).waitFor();
    assert.deepEqual(await heard(ada), ['Are you there?', 'I am.']);
    assert.deepEqual(await heard(ben), ['Are you there?', 'I am.']);
    await ben.close();
    await ada.locator('#people li', { hasText: 'Ben' }).waitFor({ state: 'detached' });
    assert.deepEqual(ada.errors, []);
  });

  test('whoever is cut off gets each missed message once, in order, and is told how many', async () => {
    const channel = room();
    const ada = await enter(channel, 'Ada');
    const ben = await enter(channel, 'Ben');
    let n = 0;
    for (const missed of [7, 1, 0, 25]) {
      await ada.check('#cut');
      await ada.locator('cardea-header[state=connecting]').waitFor({ state: 'attached' });
      for (let i = 0; i < missed; i++) await say(ben, `message ${++n}`);
      const notes = await ada.locator('.mended').count();
      await ada.uncheck('#cut');
      const note = ada.locator('.mended').nth(notes);
      await note.filter({ hasNotText: 'Recovering' }).waitFor();
      assert.equal(await note.innerText(), missed === 0 ? 'Back. You missed nothing.'
        : `Recovered ${missed} ${missed === 1 ? 'message' : 'messages'}`);
    }
    await say(ada, 'the end');
    await ben.locator('.said p', { hasText: 'the end' }).waitFor();
    const expected = [...Array.from({ length: n }, (_, i) => `message ${i + 1}`), 'the end'];
    for (const page of [ada, ben]) {
      assert.deepEqual(await heard(page), expected);
      const offsets = await numbered(page);
      assert.deepEqual(offsets, offsets.map((_, i) => i + 1));
      assert.equal(await page.innerText('#faults'), '0 / 0');
      assert.deepEqual(page.errors, []);
    }
  });

  test('a newcomer reads what was said before', async () => {
    const channel = room();
    const ada = await enter(channel, 'Ada');
    for (let i = 1; i <= 5; i++) await say(ada, `before ${i}`);
    const late = await enter(channel, 'Late');
    await late.locator('.said p', { hasText: 'before 5' }).waitFor();
    assert.deepEqual(await heard(late), [1, 2, 3, 4, 5].map((i) => `before ${i}`));
  });

  test('what people write is text, whatever it looks like', async () => {
    const channel = room();
    const ada = await enter(channel, 'Ada');
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await say(ada, evil);
    assert.deepEqual(await heard(ada), [evil]);
    assert.match(await ada.title(), /Cardea/);
  });

  test('it can be used with the keyboard alone', async () => {
    const page = await open(browser, `${server.page}/chat.html?room=${room()}`);
    await page.focus('#name');
    await page.keyboard.type('Key');
    await page.keyboard.press('Enter');
    await page.locator('#people li', { hasText: 'Key' }).waitFor();
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await page.locator('.said p', { hasText: 'typed' }).waitFor();
    await page.keyboard.press('Tab'); // Send
    await page.keyboard.press('Tab'); // the menu of doors
    await page.keyboard.press('Tab'); // the switch
    await page.keyboard.press('Space');
    await page.locator('#messages .cut').waitFor();
  });
});

describe('the menu of doors', () => {
  for (const [door, title] of [['http_stream', 'HTTP streaming'], ['sse', 'Server-sent events'], ['webtransport', 'WebTransport'],
    ['webtransport-streams', 'WebTransport, many streams']]) {
    test(`through ${door} a chatter talks, is cut off, and gets what it missed`, async () => {
      const channel = room();
      const ada = await open(browser, `${server.page}/chat.html?room=${channel}&name=Ada&door=${door}`);
      await ada.locator('#in-use', { hasText: title }).waitFor();
      const ben = await enter(channel, 'Ben');
      await say(ada, 'hello');
      await ben.locator('.said p', { hasText: 'hello' }).waitFor();
      await ada.check('#cut');
      await ada.locator('cardea-header[state=connecting]').waitFor({ state: 'attached' });
      for (const text of ['one', 'two', 'three']) await say(ben, text);
      await ada.uncheck('#cut');
      await ada.locator('.mended', { hasText: 'Recovered 3 messages' }).waitFor();
      assert.deepEqual(await heard(ada), ['hello', 'one', 'two', 'three']);
      assert.equal(await ada.innerText('#faults'), '0 / 0');
      await ada.locator('#round-trip', { hasText: 'ms' }).waitFor();
      assert.deepEqual(ada.errors, []);
    });
  }

  test('whoever chooses another door comes in there, and is still who they were', async () => {
    const page = await enter(room(), 'Ada');
    assert.equal(await page.innerText('#in-use'), 'WebSocket');
    assert.equal(await page.locator('#door option[value=webtransport-datagrams]').count(), 0); // nothing here may be lost
    for (const [door, title] of [['sse', 'Server-sent events'], ['webtransport', 'WebTransport']]) {
      await page.selectOption('#door', door);
      await page.locator('#in-use', { hasText: title }).waitFor();
      await page.locator('#people li', { hasText: 'Ada' }).waitFor();
    }
  });

  test('the dashboard takes its prices in datagrams, and counts what is lost', async () => {
    const page = await open(browser, `${server.page}/dashboard.html`);
    assert.equal(await page.locator('#lost').isVisible(), false);
    await page.selectOption('#door', 'webtransport-datagrams');
    await page.locator('#in-use', { hasText: 'WebTransport, datagrams' }).waitFor();
    await page.locator('#price-rate', { hasText: /^[1-9]/ }).waitFor();
    await page.locator('#lost', { hasText: /^[0-9]+$/ }).waitFor();
    await page.locator('.tile', { hasText: 'Connections' }).locator('.value').filter({ hasText: /^[1-9]/ }).waitFor();
    assert.deepEqual(page.errors, []);
  });

  test('the dashboard takes any of them, and shows which, and its round trip', async () => {
    const page = await open(browser, `${server.page}/dashboard.html`);
    await page.locator('#in-use', { hasText: 'WebSocket' }).waitFor();
    await page.selectOption('#door', 'http_stream');
    await page.locator('#in-use', { hasText: 'HTTP streaming' }).waitFor();
    await page.locator('#round-trip', { hasText: 'ms' }).waitFor();
    await page.locator('.tile', { hasText: 'Connections' }).locator('.value').filter({ hasText: /^[1-9]/ }).waitFor();
    assert.deepEqual(page.errors, []);
  });
});

describe('the dashboard', () => {
  test('its numbers move', async () => {
    const page = await open(browser, `${server.page}/dashboard.html`);
    const connections = page.locator('.tile', { hasText: 'Connections' }).locator('.value');
    await connections.filter({ hasText: /^[1-9]/ }).waitFor();
    const before = Number(await connections.innerText());
    await enter(room(), 'Ada');
    await page.waitForFunction(([tile, number]) => Number(tile.textContent) > number, [await connections.elementHandle(), before]);
    assert.deepEqual(page.errors, []);
  });

  test('a tab that stops reading falls behind, and each policy tells its own story', async () => {
    const page = await open(browser, `${server.page}/dashboard.html`, { height: 1720 });
    const card = (name) => page.locator('.policy', { has: page.locator('h3', { hasText: name }) });
    for (const name of ['recover', 'latest', 'skip', 'disconnect']) await card(name).locator('[data-cell=last]', { hasText: '№' }).waitFor();
    await page.click('#brake');
    await card('recover').and(page.locator('.behind')).waitFor();
    const story = (name, words) => card(name).locator('li', { hasText: words }).first().waitFor({ timeout: 60_000 });
    await Promise.all([
      story('recover', /Recovered \d+ publications?/),
      story('latest', /Jumped over \d+ to the latest/),
      story('skip', /Skipped \d+, says the server/),
      story('disconnect', /Disconnected .*, reconnecting/),
    ]);
    await page.locator('.policy.behind').first().waitFor({ state: 'detached', timeout: 30_000 });
    assert.equal(await card('recover').locator('[data-cell=gaps]').innerText(), 'none');
    assert.deepEqual(page.errors, []);
  });
});

describe('the page about lost packets', () => {
  test('reads the same channels in three ways', async () => {
    const page = await open(browser, `${server.page}/lanes.html`);
    await page.locator('#note', { hasText: 'Connected three times' }).waitFor();
    for (const title of ['One stream', 'A stream for each channel', 'Datagrams']) {
      const card = page.locator('.way', { has: page.locator('h2', { hasText: title }) });
      await card.locator('[data-cell=received]', { hasText: /^[1-9][0-9]{2,}$/ }).waitFor();
    }
    assert.deepEqual(page.errors, []);
  });
});

describe('every page', () => {
  for (const path of ['', 'chat.html?name=Ada', 'chat.html', 'dashboard.html', 'lanes.html']) {
    test(`/${path} fits 1280, 390 and 320 pixels, in light and dark`, async () => {
      const page = await open(browser, `${server.page}/${path}`);
      if (path !== 'chat.html') await page.locator('cardea-header[state=connected]').waitFor({ state: 'attached' });
      for (const [width, height] of [[1280, 860], [390, 844], [320, 640]]) {
        await page.setViewportSize({ width, height });
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${overflow} pixels too wide at ${width}`);
          assert.ok((await page.screenshot()).length > 5_000, 'the screenshot is not empty');
        }
      }
      assert.deepEqual(page.errors, []);
    });
  }

  test('every control has a name for those who cannot see it', async () => {
    for (const path of ['', 'chat.html?name=Ada', 'dashboard.html', 'lanes.html']) {
      const page = await open(browser, `${server.page}/${path}`);
      await page.locator('cardea-header[state=connected]').waitFor({ state: 'attached' });
      const nameless = await page.evaluate(() => [...document.querySelectorAll('a, button, input, select, textarea')]
        .filter((control) => control.checkVisibility())
        .filter((control) => !(control.innerText?.trim() || control.ariaLabel || control.labels?.length || control.textContent.trim()))
        .map((control) => control.outerHTML));
      assert.deepEqual(nameless, [], path);
    }
  });
});
