-- Sets exposures aside that the logger refused while it accepted others. Their failures say nothing
-- about the logger, not even to the consumer that claims them next. Counts no delivery.
-- KEYS: stream
-- ARGV: group, consumer, consumer of exposures that are set aside, entries ...
-- Returns: number of exposures
local refused = 0
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[i], 'JUSTID')
    refused = refused + 1
  end
end
return refused
