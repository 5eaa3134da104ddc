-- Decides whether a process fetches flag definitions now. The gate is closed for the whole interval
-- at once, because the vendor's client reports nothing after "not modified". Without stored
-- definitions, other processes wait for the result, so a process that dies while it fetches must
-- not block them for a whole interval.
-- KEYS: fence, gate, config, poll
-- ARGV: token, gateMs, emptyGateMs, known (greatest fence number or revision that the caller has
-- had)
-- Returns: {1 if it fetches, its fence number, stored revision or '0', stored hash or ''}
local stored = redis.call('HMGET', KEYS[3], 'rev', 'sha')
local rev, sha = stored[1] or '0', stored[2] or ''
if redis.call('EXISTS', KEYS[2]) == 1 then
  return { 0, '0', rev, sha }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local n = math.max(tonumber(redis.call('HGET', KEYS[1], 'n') or 0) + 1, tonumber(ARGV[4]) + 1, now)
local gateMs = rev == '0' and ARGV[3] or ARGV[2]
redis.call('SET', KEYS[2], 's:' .. ARGV[1], 'PX', gateMs)
redis.call('HSET', KEYS[1], 'n', string.format('%.0f', n), 'owner', ARGV[1])
redis.call('HSET', KEYS[4], 'due', string.format('%.0f', now + gateMs), 'by', ARGV[1])
return { 1, string.format('%.0f', n), rev, sha }
