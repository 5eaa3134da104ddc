-- Restores a configuration that Redis has lost, with its old revision. Needs no lease.
-- The text of `store` precedes this script.
--
-- KEYS  config, poll
-- ARGV  rev, sha, channel, okAgeMs, fence, count, count x (name, hash) [, field, value ...]
-- returns {"newer", rev} | {"body", rev, {name ...}} | {"restored", rev, receivers}

local stored = redis.call('HGET', KEYS[1], 'rev') or '0'
if tonumber(stored) >= tonumber(ARGV[1]) or has_other_owner(KEYS[1], 6) then return {'newer', stored} end
local needed = store(KEYS[1], 6, false, ARGV[1], ARGV[2], ARGV[5])
if needed then return {'body', stored, needed} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Otherwise a worker that starts after a flush, while the vendor is down, would treat it as fresh.
redis.call('HSETNX', KEYS[2], 'okAt', string.format('%.0f', now - ARGV[4]))
local receivers = redis.pcall('PUBLISH', ARGV[3], 'c ' .. ARGV[1])
return {'restored', ARGV[1], type(receivers) == 'number' and receivers or -1}
