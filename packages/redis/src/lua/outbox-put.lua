-- Appends entries that another outbox had. They count as appended here.
-- KEYS: stream, counts, registry
-- ARGV: name of the outbox, then per entry: number of its fields and values, fields and values
local at, count = 2, 0
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  redis.call('XADD', KEYS[1], '*', unpack(ARGV, at + 1, last))
  at, count = last + 1, count + 1
end
redis.call('HINCRBY', KEYS[2], 'appended', count)
redis.call('HSETNX', KEYS[3], ARGV[1], 1)
return count
