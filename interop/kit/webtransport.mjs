import { readFileSync } from 'node:fs';

const sdk = new URL('../node_modules/centrifuge/', import.meta.url);
const lanes = readFileSync(new URL('../../web/webtransport.js', import.meta.url), 'utf8').replaceAll(/^export /gm, '');
const builds = { json: 'dist/centrifuge.js', protobuf: 'dist/centrifuge.protobuf.js' };

/** Makes the page ready: `connect(options)` gives it an SDK client over WebTransport that has one certificate to trust. */
export async function prepare(page, protocol = 'json') {
  await page.addScriptTag({ content: readFileSync(new URL(builds[protocol], sdk), 'utf8') });
  await page.addScriptTag({ content: `{${lanes}\nglobalThis.channelTransport = channelTransport; globalThis.developmentHashes = developmentHashes;}` });
  const evaluate = page.evaluate.bind(page);
  // the SDK throws plain objects
  page.evaluate = async (f, argument) => {
    const source = `async (a) => { try { return { value: await (${f})(a) }; } catch (e) { return { error: e instanceof Error ? String(e.stack) : JSON.stringify(e) }; } }`;
    const { value, error } = await evaluate(`(${source})(${JSON.stringify(argument)})`);
    if (error) throw new Error(error);
    return value;
  };
  await page.evaluate(async (protocol) => {
    const { hashes } = await (await fetch('/connection/webtransport/certificates')).json();
    const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    globalThis.plain = WebTransport;
    // the three lines that a page needs where no authority has signed the certificate: the SDK uses the global class
    globalThis.WebTransport = class extends WebTransport {
      constructor(url) { super(url, { serverCertificateHashes: hashes.map((h) => ({ algorithm: h.algorithm, value: bytes(h.value) })) }); }
    };
    globalThis.endpoint = (query = '') => `https://${location.host}/connection/webtransport${query}`;
    globalThis.connect = (options = {}) => {
      if (options.lanes) {
        globalThis.seen = [];
        const watch = (...what) => { seen.push(what); return options.lanes.watch?.(...what); };
        const Channels = channelTransport({ ...options.lanes, watch, hashes: hashes.map((h) => ({ algorithm: h.algorithm, value: bytes(h.value) })) });
        globalThis.WebTransport = class extends Channels { constructor(...a) { super(...a); globalThis.current = this; } };
      }
      const transports = [{ transport: 'webtransport', endpoint: endpoint(options.query) }];
      const client = new Centrifuge(transports, {
        protocol, minReconnectDelay: 50, maxReconnectDelay: 300, ...options.client,
      });
      client.log = [];
      for (const event of ['connecting', 'connected', 'disconnected', 'error']) {
        client.on(event, (context) => client.log.push([event, context.code ?? context.error?.code ?? 0, context.reason ?? context.transport ?? '']));
      }
      return client;
    };
    addEventListener('unhandledrejection', (event) => console.error(JSON.stringify(event.reason)));
    // data of publications, as text or JSON
    globalThis.read = (data) => (data instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(data)) : data);
    globalThis.write = (value) => (protocol === 'json' ? value : new TextEncoder().encode(JSON.stringify(value)));
  }, protocol);
}
