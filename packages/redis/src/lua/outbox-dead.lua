-- Moves unreadable exposures of the caller to the dead stream.
-- The text of `outbox-bury` precedes this script.
-- KEYS: stream, dead stream, counts
-- ARGV: group, consumer, maxDead, entries ...
-- Returns: number of exposures
local moved = 0
for i = 4, #ARGV do
  local id = ARGV[i]
  local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1]
  if entry and pending and pending[2] == ARGV[2] then
    bury(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3], id, entry[2])
    moved = moved + 1
  end
end
return moved
