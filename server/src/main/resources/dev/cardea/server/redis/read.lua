-- Reads a part of a stream, and where it stands. A stream that doesn't exist begins to.
-- KEYS: top, log
-- ARGV: an epoch in case there is none, meta ttl, history ttl (milliseconds), first and last offset that are
--       wanted ('-' and '+' are the ends), how many at most, bytes at most, from the newest on (1)
-- Returns epoch, offset and nonce of the top, and the messages.
local top = redis.call('HMGET', KEYS[1], 'e', 's', 'n')
if not top[1] then
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[1], 'e', ARGV[1], 's', '0', 'n', '0')
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return {ARGV[1], '0', '0'}
end
local result = {top[1], top[2], top[3]}
local limit = tonumber(ARGV[6])
if limit == 0 then return result end

local time = redis.call('TIME')
local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[3])
while true do
    local some = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 50)
    local expired = nil
    for _, entry in ipairs(some) do
        local offset, millis = string.match(entry[1], '^(%d+)-(%d+)$')
        if tonumber(millis) > oldest then break end
        expired = offset
    end
    if not expired then break end
    redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f', expired + 1))
end

local entries
if ARGV[8] == '1' then
    entries = redis.call('XREVRANGE', KEYS[2], ARGV[5], ARGV[4], 'COUNT', limit)
else
    entries = redis.call('XRANGE', KEYS[2], ARGV[4], ARGV[5], 'COUNT', limit)
end
local bytes = 0
for _, entry in ipairs(entries) do
    local message = entry[2][2]
    bytes = bytes + #message
    if bytes > tonumber(ARGV[7]) and #result > 3 then break end
    result[#result + 1] = message
end
return result
