-- Reports that what is stored under a revision is damaged. The leader hears the message, and its next tick
-- finds the report where messages are refused.
--
-- KEYS  config, poll
-- ARGV  rev, channel
-- returns 1 if this revision is stored, else 0

if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- With the time, so that a later report of the same revision is another one.
redis.call('HSET', KEYS[2], 'damaged', ARGV[1] .. '@' .. string.format('%.0f', now))
redis.pcall('PUBLISH', ARGV[2], 'x ' .. ARGV[1])
return 1
