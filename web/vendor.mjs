// Copies the browser build of the client SDK, unchanged, to where the pages import it from.
import { cpSync, mkdirSync } from 'node:fs';

const from = new URL('node_modules/centrifuge/', import.meta.url);
const to = new URL('vendor/', import.meta.url);
mkdirSync(to, { recursive: true });
cpSync(new URL('build/index.mjs', from), new URL('centrifuge.js', to));
cpSync(new URL('LICENSE', from), new URL('centrifuge.LICENSE', to));
