// Copies the browser builds of the client SDKs, unchanged, to where the pages load them from.
import { cpSync, mkdirSync } from 'node:fs';

const to = new URL('vendor/', import.meta.url);
mkdirSync(to, { recursive: true });
for (const [name, build, file] of [
  ['centrifuge', 'build/index.mjs', 'centrifuge.js'],
  ['peerjs', 'dist/peerjs.min.js', 'peerjs.js'],
]) {
  const from = new URL(`node_modules/${name}/`, import.meta.url);
  cpSync(new URL(build, from), new URL(file, to));
  cpSync(new URL('LICENSE', from), new URL(`${name}.LICENSE`, to));
}
