import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import playwright from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The installed Chromium: CHROMIUM names another one. */
export function chromium() {
  const found = process.env.CHROMIUM ?? candidates.find(existsSync);
  if (!found) throw new Error('no Chromium found: install the package chromium, or set CHROMIUM to its path');
  return found;
}

/** A real Chromium, with further flags, or started by another program. */
export const launch = (more = [], executablePath = chromium()) => playwright.chromium.launch(options(more, executablePath));

/** One that can be ended as a crash would: all its processes at once, by `kill`. */
export async function launchMortal() {
  const process = await playwright.chromium.launchServer(options());
  return { browser: await playwright.chromium.connect(process.wsEndpoint()), kill: () => process.kill() };
}

function options(more = [], executablePath = chromium()) {
  return {
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...more],
  };
}

/** The pages import the SDK from a folder that npm fills. */
export function prepareWeb() {
  const web = fileURLToPath(new URL('../../web/', import.meta.url));
  if (!existsSync(`${web}vendor/peerjs.js`)) execFileSync('npm', ['ci'], { cwd: web, stdio: 'ignore' });
}

/** A page that fails the test when a script fails in it. */
export async function open(browser, url, { width = 1280, height = 860, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  await page.goto(url);
  return page;
}
