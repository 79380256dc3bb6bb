-- A client has left a channel.
-- KEYS and ARGV: as of ../leave.lua
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {}
