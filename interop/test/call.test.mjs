// The call page in a real Chromium with a camera that is none: two people see and hear each other.
import { after, afterEach, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { API_KEY, Server } from '../kit/server.mjs';
import { eventually } from '../kit/deadline.mjs';
import { launch, open, prepareWeb } from '../kit/browser.mjs';
import { CALLS, sees } from '../kit/peers.mjs';

let server;
let browser;
before(async () => {
  prepareWeb();
  [server, browser] = await Promise.all([Server.dev(), launch(CALLS)]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const pictures = process.env.PICTURES; // a folder: what it looks like is kept there
let rooms = 0;

async function call(query = '', size = {}) {
  const room = `r${process.pid}-${++rooms}`;
  const host = await open(browser, `${server.page}/call.html${query}#${room}`, size);
  await host.click('#start');
  await host.locator('#status', { hasText: 'Send this link' }).waitFor();
  const guest = await open(browser, await host.inputValue('#link'), size);
  await guest.click('#start');
  return [host, guest];
}

const isKind = (page, kind) => page.locator(`#pair[data-kind="${kind}"]`).waitFor();

for (const [width, height] of [[1280, 1000], [390, 844]]) {
  test(`at ${width} pixels two people see each other, write, and read how they are connected`, async () => {
    const [host, guest] = await call('', { width, height });
    await Promise.all([sees(host), sees(guest)]);
    await Promise.all([isKind(host, 'host'), isKind(guest, 'host')]);
    await guest.locator('#text:enabled').waitFor();
    await guest.fill('#text', 'Can you hear me?');
    await guest.press('#text', 'Enter');
    await host.locator('#said .theirs', { hasText: 'Can you hear me?' }).waitFor();
    await host.fill('#text', 'Yes.');
    await host.press('#text', 'Enter');
    await guest.locator('#said .theirs', { hasText: 'Yes.' }).waitFor();
    for (const page of [host, guest]) {
      await page.waitForFunction(() => /[1-9].* [kM]bit/.test(document.querySelector('#received').textContent)
        && /ms$/.test(document.querySelector('#round-trip').textContent) && /%$/.test(document.querySelector('#loss').textContent));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing stands out of the page');
      assert.deepEqual(page.errors, []);
    }
    if (pictures) {
      await sees(host, 100);
      await host.screenshot({ path: `${pictures}/call-${width}.png`, fullPage: true });
      const alone = await open(browser, `${server.page}/call.html`, { width, height, colorScheme: 'dark' });
      await alone.click('#start');
      await alone.locator('#status', { hasText: 'Send this link' }).waitFor();
      await alone.screenshot({ path: `${pictures}/call-alone-${width}.png`, fullPage: true });
    }
  });
}

test('a muted microphone is silent and a camera that is off is dark for the other one', async () => {
  const [host, guest] = await call();
  await Promise.all([sees(host), sees(guest)]);
  const level = () => guest.evaluate(async () => {
    const [track] = document.querySelector('#theirs').srcObject.getAudioTracks();
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    const until = performance.now() + 1500; // the fake microphone beeps once a second
    while (performance.now() < until) {
      await new Promise(requestAnimationFrame);
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
    }
    await context.close();
    return loudest;
  });
  assert.ok(await level() > 0.01, 'it is heard');
  await host.click('#microphone');
  assert.equal(await host.getAttribute('#microphone', 'aria-pressed'), 'true');
  await eventually(level, (loudest) => loudest < 0.005, 'silence');
  await host.click('#camera');
  await guest.waitForFunction(() => {
    const video = document.querySelector('#theirs');
    const canvas = new OffscreenCanvas(32, 24);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, 32, 24);
    return context.getImageData(0, 0, 32, 24).data.every((value, i) => i % 4 === 3 || value < 24);
  });
});

test('a screen is shared, and the camera is back when that ends', async () => {
  const [host, guest] = await call();
  await sees(guest);
  // the screen of a machine that may have none
  await host.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 500 });
      const context = canvas.getContext('2d');
      setInterval(() => { context.fillStyle = `hsl(${Date.now() / 20 % 360} 90% 50%)`; context.fillRect(0, 0, 1000, 500); }, 50);
      return canvas.captureStream(20);
    };
  });
  const ratio = (wanted) => guest.waitForFunction((is) => {
    const { videoWidth, videoHeight } = document.querySelector('#theirs');
    return Math.abs(videoWidth / videoHeight - is) < 0.1;
  }, wanted);
  await host.click('#screen');
  await host.locator('#screen', { hasText: 'Stop sharing' }).waitFor();
  await ratio(2);
  await host.click('#screen');
  await ratio(16 / 9);
  assert.deepEqual(host.errors, []);
});

test('only through the relay, the call goes through the server', async () => {
  const [host, guest] = await call();
  await Promise.all([sees(host), sees(guest)]);
  await Promise.all([host.check('#relayed'), guest.check('#relayed')]);
  await Promise.all([isKind(host, 'relay'), isKind(guest, 'relay')]);
  await Promise.all([sees(host), sees(guest)]);
  for (const page of [host, guest])
    assert.match(await page.innerText('#local-kind'), /relay/);
  const answer = await fetch(`${server.page}/api/turn/allocations`, { headers: { 'X-API-Key': API_KEY } });
  assert.ok((await answer.json()).allocations.length >= 1, 'an allocation is open');
});

test('who hangs up is gone, and who opens the link again is back in the call', async () => {
  const [host, guest] = await call();
  await Promise.all([sees(host), sees(guest)]);
  await host.reload();
  await guest.locator('body:not(.in-call)').waitFor();
  await host.click('#start');
  await Promise.all([sees(host), sees(guest)]);
  await guest.click('#hang-up');
  await host.locator('#status', { hasText: 'has gone' }).waitFor();
  const third = await open(browser, guest.url());
  await third.click('#start');
  await Promise.all([sees(host), sees(third)]);
  const fourth = await open(browser, guest.url());
  await fourth.click('#start');
  await fourth.locator('#status', { hasText: 'Two people are in this call already' }).waitFor();
});
