-- Reports that the stored configuration of a revision is damaged. The leader receives a message. If
-- messages are not allowed, its next tick finds the report.
--
-- KEYS  config, poll
-- ARGV  rev, channel
-- returns 1 if this revision is stored, else 0

if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- The time distinguishes later reports of the same revision.
redis.call('HSET', KEYS[2], 'damaged', ARGV[1] .. '@' .. string.format('%.0f', now))
redis.pcall('PUBLISH', ARGV[2], 'x ' .. ARGV[1])
return 1
