-- Appends exposures to the outbox while it has room. Nothing is trimmed, because that would delete
-- undelivered exposures. A call may be repeated without its exposures.
-- The text of `outbox-call` precedes this script.
-- KEYS: stream, counts, last call of the caller, registry
-- ARGV: maxEntries, number of the call, name of the outbox, then per exposure: message id, kind,
-- event as JSON
-- Returns: {number of exposures that were appended (the first ones), length of the stream}
local length = redis.call('XLEN', KEYS[1])
local appended = result_of(KEYS[3], ARGV[2])
if appended then return { appended, length } end
local given = (#ARGV - 3) / 3
local room = math.max(0, tonumber(ARGV[1]) - length)
local count = math.min(given, room)
for i = 0, count - 1 do
  local at = 4 + i * 3
  redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'kind', ARGV[at + 1], 'event', ARGV[at + 2])
end
if count > 0 then
  redis.call('HINCRBY', KEYS[2], 'appended', count)
  -- So that a stream without a consumer is found, although no process knows its name any more.
  redis.call('HSETNX', KEYS[4], ARGV[3], 1)
end
keep_result(KEYS[3], ARGV[2], count)
return { count, length + count }
