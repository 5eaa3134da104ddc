-- Removes delivered exposures.
-- The text of `outbox-call` precedes this script.
-- KEYS: stream, counts, last call of the caller
-- ARGV: group, number of the call, entries ...
-- Returns: number of exposures that this call removed
local finished = result_of(KEYS[3], ARGV[2])
if finished then return finished end
local removed = 0
for i = 3, #ARGV do
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
  removed = removed + redis.call('XDEL', KEYS[1], ARGV[i])
end
if removed > 0 then
  redis.call('HINCRBY', KEYS[2], 'delivered', removed)
  keep_result(KEYS[3], ARGV[2], removed)
end
return removed
