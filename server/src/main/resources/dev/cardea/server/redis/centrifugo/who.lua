-- Who is in a channel; ages are in seconds.
-- KEYS: as of ../who.lua
-- Returns clients and their infos in turn.
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', redis.call('TIME')[1])
for i = 1, #gone, 1000 do
    local some = {unpack(gone, i, math.min(i + 999, #gone))}
    redis.call('HDEL', KEYS[1], unpack(some))
    redis.call('ZREM', KEYS[2], unpack(some))
end
return redis.call('HGETALL', KEYS[1])
