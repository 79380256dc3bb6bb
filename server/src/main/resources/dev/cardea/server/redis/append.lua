-- Appends a publication to a stream, or tells it without, in one step.
-- KEYS: top, log, result (only with an idempotency key)
-- ARGV: payload, nonce, flags, history size (0: the channel has none), history ttl, meta ttl, an epoch in case
--       there is none, the PUB/SUB channel, how to publish there, skips history (1), version, version epoch,
--       result ttl. Times are in milliseconds.
-- Returns epoch and offset.
local size = tonumber(ARGV[4])
if KEYS[3] then
    local known = redis.call('HMGET', KEYS[3], 'e', 's')
    if known[1] then return known end
end
local function done(epoch, offset)
    if KEYS[3] then
        redis.call('HSET', KEYS[3], 'e', epoch, 's', offset)
        redis.call('PEXPIRE', KEYS[3], ARGV[13])
    end
    return {epoch, offset}
end
local passing = 'p ' .. ARGV[3] .. '\n' .. ARGV[1]
if size == 0 then
    redis.call(ARGV[9], ARGV[8], passing)
    return done('', '0')
end
local top = redis.call('HMGET', KEYS[1], 'e', 's', 'n', 'v', 'w')
local epoch, offset, previous = top[1], top[2], top[3]
if not epoch then
    epoch, offset, previous = ARGV[7], '0', '0'
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[1], 'e', epoch, 's', '0', 'n', '0')
end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if ARGV[10] == '1' then
    redis.call(ARGV[9], ARGV[8], passing)
    return done(epoch, offset)
end
if ARGV[11] ~= '0' then
    -- unsigned numbers of 64 bits, which Lua has none of: the longer one is the greater
    local known, version = top[4] or '0', ARGV[11]
    local comparable = ARGV[12] == '' or ARGV[12] == (top[5] or '')
    if comparable and (#version < #known or (#version == #known and version <= known)) then
        return done(epoch, offset)
    end
    redis.call('HSET', KEYS[1], 'v', version)
    if ARGV[12] ~= '' then redis.call('HSET', KEYS[1], 'w', ARGV[12]) end
end
offset = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 's', 1))
redis.call('HSET', KEYS[1], 'n', ARGV[2])
local message = 'a ' .. epoch .. ' ' .. offset .. ' ' .. ARGV[2] .. ' ' .. previous .. ' ' .. ARGV[3] .. '\n' .. ARGV[1]
local time = redis.call('TIME')
local millis = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('XADD', KEYS[2], 'MAXLEN', '=', ARGV[4], offset .. '-' .. millis, 'd', message)
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call(ARGV[9], ARGV[8], message)
return done(epoch, offset)
