// Head-of-line blocking, seen by Chromium: 20 channels, each 20 messages a second of 200 bytes, through a relay that loses packets.
//
//   node benchmarks/head-of-line.mjs [--seconds 30] [--loss 0.03] [--delay 30] [--seed 1] [--modes one,channel,datagrams]
//   node benchmarks/head-of-line.mjs --stalled [--seconds 10]     one channel isn't read, the other 19 are
//
// Wants a built server (./cardea version), testkit/target/classes, and interop's npm packages. Prints a row of a table for each mode.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Server } from '../interop/kit/server.mjs';
import { launch, open } from '../interop/kit/browser.mjs';
import { prepare } from '../interop/kit/webtransport.mjs';

const { values } = parseArgs({ options: {
  seconds: { type: 'string' }, loss: { type: 'string', default: '0.03' }, delay: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' }, modes: { type: 'string', default: 'one,channel,datagrams' }, stalled: { type: 'boolean', default: false },
} });
const CHANNELS = 20;
const PER_SECOND = 20;
const BYTES = 200;
const LATE = 60;
const seconds = Number(values.seconds ?? (values.stalled ? 10 : 30));
const channels = Array.from({ length: CHANNELS }, (_, i) => `hol:${i}`);

const server = await Server.dev();
const browser = await launch();
const { Centrifuge } = await import('../interop/node_modules/centrifuge/build/index.mjs').then((sdk) => ({ Centrifuge: sdk.Centrifuge }));
const { default: WebSocket } = await import('../interop/node_modules/ws/wrapper.mjs');
const publisher = new Centrifuge(server.url, { websocket: WebSocket });
publisher.connect();
await publisher.ready();

async function relay() {
  const classes = fileURLToPath(new URL('../testkit/target/classes', import.meta.url));
  const java = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';
  const child = spawn(java, ['-cp', classes, 'dev.cardea.testkit.net.LossyRelay', '0', String(server.port), values.loss, values.delay, values.seed],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = await once(child.stdout, 'data');
  const port = Number(/port=(\d+)/.exec(String(first))[1]);
  return { port, end: async () => { const last = once(child.stdout, 'data'); child.stdin.end(); return String((await last)[0]).trim(); } };
}

/** Evenly spaced, one channel after the other. */
async function publish(forSeconds, { big } = {}) {
  const now = () => performance.timeOrigin + performance.now();
  const gap = 1000 / (CHANNELS * PER_SECOND);
  const begin = now();
  const total = forSeconds * CHANNELS * PER_SECOND;
  const pad = 'x'.repeat(BYTES - 60);
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor((now() - begin) / gap) + 1);
    for (; n < due; n++) {
      const i = n % CHANNELS;
      publisher.publish(channels[i], { n, t: now(), pad: big && i === 0 ? big : pad }).catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return total;
}

/** A page that subscribes to all channels and notes how long each message took. */
async function reader(port, lanes) {
  const page = await open(browser, `${server.page}/connection/webtransport/certificates`);
  await prepare(page, 'json');
  await page.evaluate(async ([port, lanes, channels]) => {
    globalThis.endpoint = () => `https://127.0.0.1:${port}/connection/webtransport`;
    globalThis.stalled = '';
    globalThis.took = new Map(channels.map((channel) => [channel, []]));
    globalThis.client = connect({ lanes: { ...lanes, watch: (channel) => (channel && channel === stalled ? new Promise(() => {}) : undefined) } });
    for (const channel of channels) {
      const sub = client.newSubscription(channel);
      sub.on('publication', ({ data }) => took.get(channel).push(performance.timeOrigin + performance.now() - data.t));
      sub.subscribe();
    }
    client.connect();
    for (const sub of Object.values(client.subscriptions())) await sub.ready(20_000);
  }, [port, lanes, channels]);
  const take = (which) => page.evaluate((which) => which.flatMap((channel) => took.get(channel).splice(0)), which);
  return { page, take };
}

function row(name, sent, took) {
  const sorted = took.sort((a, b) => a - b);
  const at = (share) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1) : '-');
  const late = sorted.filter((ms) => ms > LATE).length;
  return `| ${[name, sent, sorted.length, at(0.5), at(0.9), at(0.95), at(0.99), at(1), `${(100 * late / Math.max(1, sorted.length)).toFixed(1)} %`].join(' | ')} |`;
}

const head = `| mode | sent | received | p50 ms | p90 | p95 | p99 | max | > ${LATE} ms |\n|---|---|---|---|---|---|---|---|---|`;
const settle = () => new Promise((resolve) => setTimeout(resolve, 2000));
try {
  console.log(`${head}`);
  if (values.stalled) {
    const { page, take } = await reader(server.port, { streams: 'channel' });
    const rest = channels.slice(1);
    await publish(3); // warm
    await settle();
    await take(channels);
    const before = await publish(seconds);
    await settle();
    console.log(row('19 channels, all read', before * 19 / 20, await take(rest)));
    await take(channels);
    await page.evaluate((channel) => { stalled = channel; }, channels[0]);
    const after = await publish(seconds, { big: 'x'.repeat(20_000) });
    await settle();
    console.log(row('the same 19, one stalled', after * 19 / 20, await take(rest)));
    console.log(`the client is ${await page.evaluate(() => client.state)}`);
  } else {
    const kinds = { one: { streams: 'one' }, channel: { streams: 'channel' }, datagrams: { streams: 'channel', datagrams: ['hol:*'] } };
    for (const mode of values.modes.split(',')) {
      const path = await relay();
      const { page, take } = await reader(path.port, kinds[mode]);
      await publish(3); // the congestion window, and the page's code, get warm
      await settle();
      await take(channels);
      const sent = await publish(seconds);
      await settle();
      console.log(row(mode, sent, await take(channels)));
      await page.context().close();
      console.error(await path.end());
    }
  }
} finally {
  publisher.disconnect();
  await browser.close();
  await server.stop();
}
