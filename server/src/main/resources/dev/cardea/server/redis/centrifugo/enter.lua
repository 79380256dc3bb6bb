-- A client is in a channel, for another time to live; ages are in seconds.
-- KEYS and ARGV: as of ../enter.lua
local seconds = math.ceil(tonumber(ARGV[1]) / 1000)
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[2], string.format('%.0f', redis.call('TIME')[1] + seconds), ARGV[2])
redis.call('EXPIRE', KEYS[1], seconds)
redis.call('EXPIRE', KEYS[2], seconds)
return {}
