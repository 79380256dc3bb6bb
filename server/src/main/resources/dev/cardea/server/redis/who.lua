-- Who is in a channel.
-- KEYS: who, until when
-- Returns clients and their infos in turn.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)
for i = 1, #gone, 1000 do
    local some = {unpack(gone, i, math.min(i + 999, #gone))}
    redis.call('HDEL', KEYS[1], unpack(some))
    redis.call('ZREM', KEYS[2], unpack(some))
end
return redis.call('HGETALL', KEYS[1])
