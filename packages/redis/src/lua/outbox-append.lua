-- Appends exposures to the outbox as far as it has room. Nothing is trimmed: that would delete
-- exposures that nobody delivered.
-- KEYS: stream, counts
-- ARGV: maxEntries, then per exposure: message id, kind, event as JSON
-- Returns: {number of exposures that were appended (the first ones), length of the stream}
local length = redis.call('XLEN', KEYS[1])
local given = (#ARGV - 1) / 3
local room = math.max(0, tonumber(ARGV[1]) - length)
local count = math.min(given, room)
for i = 0, count - 1 do
  local at = 2 + i * 3
  redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'kind', ARGV[at + 1], 'event', ARGV[at + 2])
end
if count > 0 then
  redis.call('HINCRBY', KEYS[2], 'appended', count)
end
return { count, length + count }
