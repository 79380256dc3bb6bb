-- Gives a stream another epoch, if it still has that one. Whoever follows it looks from time to time.
-- KEYS and ARGV: as of ../renew.lua
-- Returns epoch, offset and nonce of the top.
local epoch = redis.call('HGET', KEYS[1], 'e')
if not epoch or epoch == ARGV[1] then
    redis.call('HSET', KEYS[1], 'e', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local top = redis.call('HMGET', KEYS[1], 'e', 's')
local offset = top[2] or '0'
return {top[1], offset, offset == '0' and '0' or '1'}
