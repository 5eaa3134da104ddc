-- Removes entries that another outbox has now. They no longer count as appended here.
-- KEYS: stream, counts, registry
-- ARGV: group, name of the outbox, entries ...
-- Returns: number of entries that are left
local removed = 0
for i = 3, #ARGV do
  redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[i]) -- there may be no group
  removed = removed + redis.call('XDEL', KEYS[1], ARGV[i])
end
redis.call('HINCRBY', KEYS[2], 'appended', -removed)
local left = redis.call('XLEN', KEYS[1])
if left == 0 then
  redis.call('HDEL', KEYS[3], ARGV[2])
end
return left
