-- Removes delivered exposures. Repeating it is harmless.
-- KEYS: stream, counts
-- ARGV: group, entries ...
-- Returns: number of exposures that this call removed
local removed = 0
for i = 2, #ARGV do
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
  removed = removed + redis.call('XDEL', KEYS[1], ARGV[i])
end
if removed > 0 then
  redis.call('HINCRBY', KEYS[2], 'delivered', removed)
end
return removed
