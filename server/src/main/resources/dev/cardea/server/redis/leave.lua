-- A client has left a channel.
-- KEYS: who, until when
-- ARGV: client
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {}
