import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';

const script = fileURLToPath(new URL('../../web/vendor/peerjs.js', import.meta.url));

/** Chromium's pages may talk with each other over the loopback, and have a camera that is none. */
export const CALLS = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required', '--auto-select-desktop-capture-source=Entire screen'];

/** A page with npm peerjs, unchanged, and a peer; what happens to it is in page.evaluate(() => happened). */
export async function peer(browser, server, id, { token = `token-of-${id}`, port = server.port } = {}) {
  const page = await open(browser, `${server.page}/lanes.html`);
  page.setDefaultTimeout(20_000);
  await page.addScriptTag({ path: script });
  await page.evaluate(([name, itsToken, itsPort]) => {
    globalThis.happened = [];
    globalThis.become = (at) => {
      const made = new peerjs.Peer(name, { host: '127.0.0.1', port: at, path: '/peerjs', token: itsToken, config: { iceServers: [] } });
      globalThis.me = made;
      made.on('open', () => happened.push('open'));
      made.on('disconnected', () => happened.push('disconnected'));
      made.on('error', ({ type }) => happened.push(type));
      made.on('connection', (connection) => connection.on('data', (text) => {
        happened.push(`${connection.peer}: ${text}`);
        connection.send(`echo ${text}`);
      }));
    };
    globalThis.say = (to, text) => {
      const connection = me.connect(to);
      connection.on('open', () => connection.send(text));
      connection.on('data', (answer) => happened.push(`${to}: ${answer}`));
    };
    become(itsPort);
  }, [id, token, port]);
  return page;
}

/** Waits until it has happened to the page's peer, `times` in all. */
export async function happens(page, what, times = 1) {
  await page.waitForFunction(([text, count]) => happened.filter((each) => each === text).length >= count, [what, times])
    .catch(async (error) => { throw new Error(`${what}: ${JSON.stringify(await page.evaluate(() => happened))} ${error.message}`); });
}

export const say = (page, to, text) => page.evaluate(([whom, what]) => say(whom, what), [to, text]);

/** Waits until the call page has shown more pictures of the other one. */
export async function sees(page, frames = 10) {
  const count = () => page.evaluate(() => document.querySelector('#theirs').getVideoPlaybackQuality().totalVideoFrames);
  const before = await count();
  await page.waitForFunction((until) => document.querySelector('#theirs').getVideoPlaybackQuality().totalVideoFrames >= until, before + frames);
}
