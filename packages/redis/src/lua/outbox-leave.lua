-- Removes a consumer that ends. If it still has exposures, it stays, and others may claim these
-- immediately.
-- KEYS: stream
-- ARGV: group, consumer, idle time after which others claim, number of exposures
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
