import { execFileSync } from 'node:child_process';
import { constants, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** A key pair made by openssl, as an issuer has it: options are those of `openssl genpkey`. */
export function keyPair(kid, ...options) {
  const pem = execFileSync('openssl', ['genpkey', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const key = createPrivateKey(pem);
  return { kid, key, jwk: { ...createPublicKey(key).export({ format: 'jwk' }), kid, use: 'sig' } };
}

/** How openssl is told to make a key for each algorithm that tokens may be signed with. */
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const curve = (name) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
export const algorithms = {
  RS256: rsa, RS384: rsa, RS512: rsa, ES256: curve('P-256'), ES384: curve('P-384'), ES512: curve('P-521'), EdDSA: ['-algorithm', 'ED25519'],
};

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token of one of the algorithms above, or of PS256, which nobody here takes. */
export function signed(alg, { kid, key }, claims) {
  const head = `${base64url({ alg, kid })}.${base64url(claims)}`;
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const padding = alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  return `${head}.${sign(hash, Buffer.from(head), { key, dsaEncoding: 'ieee-p1363', ...padding }).toString('base64url')}`;
}
