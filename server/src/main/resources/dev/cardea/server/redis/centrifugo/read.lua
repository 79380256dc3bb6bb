-- Reads a part of a stream that Centrifugo may have written, and where it stands. One that doesn't exist begins to.
-- KEYS and ARGV: as of ../read.lua; such a stream has one time to live, so no entry is older than the others.
-- Returns epoch, offset and nonce of the top, and the messages as if of a stream that isn't Centrifugo's; all nonces are 1.
local top = redis.call('HMGET', KEYS[1], 'e', 's')
if not top[1] then
    redis.call('HSET', KEYS[1], 'e', ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return {ARGV[1], '0', '0'}
end
local epoch, offset = top[1], top[2] or '0'
local result = {epoch, offset, offset == '0' and '0' or '1'}
local limit = tonumber(ARGV[6])
if limit == 0 then return result end
local entries
if ARGV[8] == '1' then
    entries = redis.call('XREVRANGE', KEYS[2], ARGV[5], ARGV[4], 'COUNT', limit)
else
    entries = redis.call('XRANGE', KEYS[2], ARGV[4], ARGV[5], 'COUNT', limit)
end
local bytes = 0
for _, entry in ipairs(entries) do
    local at = string.match(entry[1], '^(%d+)-')
    local payload = entry[2][2]
    bytes = bytes + #payload
    if bytes > tonumber(ARGV[7]) and #result > 3 then break end
    result[#result + 1] = 'a ' .. epoch .. ' ' .. at .. ' 1 ' .. (at == '1' and '0' or '1') .. ' 0\n' .. payload
end
return result
