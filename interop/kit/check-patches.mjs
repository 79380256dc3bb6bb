// Applies with npm fossil-delta what FossilPairsTest wrote: node kit/check-patches.mjs FILE
import { readFileSync } from 'node:fs';
import { applyDelta } from 'fossil-delta';

const bytes = readFileSync(process.argv[2]);
let at = 0;
const next = () => {
  const length = bytes.readUInt32BE(at);
  at += 4 + length;
  return bytes.subarray(at - length, at);
};
let patches = 0;
while (at < bytes.length) {
  const [base, target, patch] = [next(), next(), next()];
  if (!target.equals(Buffer.from(applyDelta(base, patch)))) throw new Error(`patch ${patches} makes another target`);
  patches++;
}
console.log(`${patches} patches make their targets`);
