-- Common beginning of `outbox-claim` and `outbox-dead`: moves an exposure to the dead stream.
-- Lua's `unpack` supports about 8,000 values, and an exposure has six.
local MAX_VALUES = 1000

local function bury(stream, dead, counts, group, max_dead, id, values)
  redis.call('XADD', dead, 'MAXLEN', '~', max_dead, '*',
    unpack(values, 1, math.min(#values, MAX_VALUES)))
  redis.call('XACK', stream, group, id)
  redis.call('XDEL', stream, id)
  redis.call('HINCRBY', counts, 'dead', 1)
end
