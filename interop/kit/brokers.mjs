import { Nats } from './nats.mjs';
import { Redis } from './redis.mjs';

/** What servers can share, and how they are told of it. */
export const brokers = [
  { name: 'Redis', start: () => Redis.start(), keys: ({ url }) => `engine: {type: redis, redis: {address: "${url}"}}` },
  { name: 'NATS', start: () => Nats.start(), keys: ({ url }) => `broker: {enabled: true, type: nats, nats: {url: "${url}"}}` },
];
