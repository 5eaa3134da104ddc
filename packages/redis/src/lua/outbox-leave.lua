-- Removes a consumer that ends. One that still has exposures stays, and others may claim these at once.
-- KEYS: stream
-- ARGV: group, consumer, idle time from which others claim, number of exposures
-- Returns: 1 if it was removed
local held = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', ARGV[4], ARGV[2])
if #held == 0 then
  redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
  return 1
end
for _, pending in ipairs(held) do
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, pending[1],
    'IDLE', ARGV[3], 'RETRYCOUNT', pending[4], 'JUSTID')
end
return 0
