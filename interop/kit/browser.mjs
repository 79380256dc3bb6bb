import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import playwright from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A real Chromium: CHROMIUM names another than the installed one. */
export const launch = () => playwright.chromium.launch(options());

/** One that can be ended as a crash would: all its processes at once, by `kill`. */
export async function launchMortal() {
  const process = await playwright.chromium.launchServer(options());
  return { browser: await playwright.chromium.connect(process.wsEndpoint()), kill: () => process.kill() };
}

function options() {
  const executablePath = process.env.CHROMIUM ?? candidates.find(existsSync);
  if (!executablePath) throw new Error('no Chromium found: install the package chromium, or set CHROMIUM to its path');
  return {
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  };
}

/** The pages import the SDK from a folder that npm fills. */
export function prepareWeb() {
  const web = fileURLToPath(new URL('../../web/', import.meta.url));
  if (!existsSync(`${web}vendor/centrifuge.js`)) execFileSync('npm', ['ci'], { cwd: web, stdio: 'ignore' });
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
