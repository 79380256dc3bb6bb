// What a container image and a package do: the built folder and the launcher, copied somewhere else.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Server } from '../kit/server.mjs';

const run = promisify(execFile);
const root = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

test('an installed folder starts anywhere, with a start that was recorded there', async () => {
  await run(root('cardea'), ['version'], { timeout: 100_000 }); // builds if need be
  const folder = await mkdtemp(join(tmpdir(), 'cardea-installed-'));
  let server;
  try {
    await cp(root('server/target/cardea'), folder, { recursive: true });
    await cp(root('cardea'), join(folder, 'cardea'));
    await rm(join(folder, 'cardea.aot'));
    await run(join(folder, 'cardea'), ['record-start'], { timeout: 60_000 });

    server = await Server.installed(folder, 'health: {enabled: true}\n');
    assert.equal((await fetch(`${server.page}/health`)).status, 200);
    if (process.platform === 'linux') {
      assert.match(await readFile(`/proc/${server.pid}/maps`, 'utf8'), /cardea\.aot/, 'what was recorded is used');
    }
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true });
  }
});
