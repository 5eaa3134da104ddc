-- Moves exposures of the caller to the dead stream, because they were delivered too often or cannot
-- be read.
-- The text of `outbox-call` precedes this script.
-- KEYS: stream, dead stream, counts, last call of the caller
-- ARGV: group, consumer, number of the call, maxDead, entries ...
-- Returns: number of exposures
--
-- Lua's `unpack` supports about 8,000 values, and an exposure has six.
local MAX_VALUES = 1000

local buried = result_of(KEYS[4], ARGV[3])
if buried then return buried end
local moved = 0
for i = 5, #ARGV do
  local id = ARGV[i]
  local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1]
  if entry and pending and pending[2] == ARGV[2] then
    local values = entry[2]
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*',
      unpack(values, 1, math.min(#values, MAX_VALUES)))
    redis.call('XACK', KEYS[1], ARGV[1], id)
    redis.call('XDEL', KEYS[1], id)
    moved = moved + 1
  end
end
if moved > 0 then
  redis.call('HINCRBY', KEYS[3], 'dead', moved)
  keep_result(KEYS[4], ARGV[3], moved)
end
return moved
