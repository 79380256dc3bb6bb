-- Gives a stream another epoch, if it still has that one.
-- KEYS: top
-- ARGV: the epoch that a node has found wrong, the next one, meta ttl (milliseconds), the PUB/SUB channel,
--       how to publish there
-- Returns epoch, offset and nonce of the top.
local epoch = redis.call('HGET', KEYS[1], 'e')
if not epoch then
    redis.call('HSET', KEYS[1], 'e', ARGV[2], 's', '0', 'n', '0')
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif epoch == ARGV[1] then
    redis.call('HSET', KEYS[1], 'e', ARGV[2])
    redis.call(ARGV[5], ARGV[4], 'd\n')
end
return redis.call('HMGET', KEYS[1], 'e', 's', 'n')
