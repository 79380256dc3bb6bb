-- Appends a publication as Centrifugo does, or tells it without, in one step.
-- KEYS and ARGV: as of ../append.lua; the nonce isn't kept.
-- Returns epoch and offset.
if KEYS[3] then
    local known = redis.call('HMGET', KEYS[3], 'e', 's')
    if known[1] then return {known[1], known[2] or '0'} end
end
local function done(epoch, offset)
    if KEYS[3] then
        redis.call('HSET', KEYS[3], 'e', epoch, 's', offset)
        redis.call('PEXPIRE', KEYS[3], ARGV[13])
    end
    return {epoch, offset}
end
if ARGV[4] == '0' then
    redis.call(ARGV[9], ARGV[8], ARGV[1])
    return done('', '0')
end
local top = redis.call('HMGET', KEYS[1], 'e', 's', 'v', 've')
local epoch, offset = top[1], top[2] or '0'
if not epoch then
    epoch = ARGV[7]
    redis.call('HSET', KEYS[1], 'e', epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if ARGV[10] == '1' then
    redis.call(ARGV[9], ARGV[8], ARGV[1])
    return done(epoch, offset)
end
if ARGV[11] ~= '0' then
    local known, version = top[3] or '0', ARGV[11]
    local comparable = ARGV[12] == '' or ARGV[12] == (top[4] or '')
    if comparable and (#version < #known or (#version == #known and version <= known)) then
        return done(epoch, offset)
    end
    redis.call('HSET', KEYS[1], 'v', version, 've', ARGV[12])
end
local previous = ''
if ARGV[3] == '1' then
    local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
    if newest[1] then previous = newest[1][2][2] end
end
offset = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 's', 1))
if offset == '1' then
    redis.call('DEL', KEYS[2])
    previous = ''
end
redis.call('XADD', KEYS[2], 'MAXLEN', '=', ARGV[4], offset, 'd', ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local at = offset .. ':' .. epoch
if ARGV[3] == '1' then
    redis.call(ARGV[9], ARGV[8], '__d1:' .. at .. ':' .. #previous .. ':' .. previous .. ':' .. #ARGV[1] .. ':' .. ARGV[1])
else
    redis.call(ARGV[9], ARGV[8], '__p1:' .. at .. '__' .. ARGV[1])
end
return done(epoch, offset)
