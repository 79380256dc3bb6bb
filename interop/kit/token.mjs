import { createHmac } from 'node:crypto';
import { SECRET } from './server.mjs';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token, signed with HMAC-SHA-256 (RFC 7519). */
export function sign(claims, secret = SECRET) {
  const head = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** Seconds since 1970, `seconds` from now. */
export const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
