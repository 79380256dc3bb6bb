import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');
const files = (ending) => readdirSync(folder).filter((name) => name.endsWith(ending));

for (const page of files('.html')) {
  test(`${page} has a language, a title and a viewport, and links only to what exists`, () => {
    const html = read(page);
    assert.match(html, /<html lang="en">/);
    assert.match(html, /<title>[^<]+<\/title>/);
    assert.match(html, /<meta name="viewport"/);
    for (const [, target] of html.matchAll(/(?:href|src)="(?!https?:|#)([^"]+)"/g)) {
      assert.ok(existsSync(new URL(target.split('?')[0], folder)), target);
    }
  });
}

for (const script of files('.js')) {
  test(`${script} imports only what exists`, () => {
    for (const [, target] of read(script).matchAll(/^import .* from '(.+)';$/gm)) {
      assert.ok(existsSync(new URL(target, folder)), target);
    }
  });
}

/** The contrast of two colours, by WCAG 2.2: 1 to 21. */
function contrast(one, other) {
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const colours = Object.fromEntries([...read('cardea.css').matchAll(/^ {2}--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\);$/gm)]
  .map(([, name, light, dark]) => [name, [light, dark]]));

for (const [text, ground] of [
  ['ink', 'paper'], ['ink', 'leaf'], ['soft', 'paper'], ['soft', 'leaf'], ['verdigris', 'leaf'], ['verdigris', 'paper'],
  ['brass', 'leaf'], ['brass', 'brass-wash'], ['ink', 'brass-wash'], ['soft', 'brass-wash'], ['rust', 'leaf'],
  ['rust', 'rust-wash'], ['on-verdigris', 'verdigris'], ['leaf', 'rust'],
]) {
  test(`--${text} on --${ground} can be read, in light and dark`, () => {
    for (const scheme of [0, 1]) {
      const ratio = contrast(colours[text][scheme], colours[ground][scheme]);
      assert.ok(ratio >= 4.5, `${ratio.toFixed(2)} in ${scheme ? 'dark' : 'light'}`);
    }
  });
}
