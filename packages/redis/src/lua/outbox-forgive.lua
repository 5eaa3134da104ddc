-- Takes back one delivery of each exposure that the consumer still has: the logger was down, which is
-- not the fault of the exposure.
-- KEYS: stream
-- ARGV: group, consumer, entries …
-- Returns: number of exposures
local forgiven = 0
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == ARGV[2] and pending[4] > 0 then
    local deliveries = pending[4] - 1
    -- IDLE: the exposure must not wait longer for a consumer whose logger works.
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i],
      'IDLE', pending[3], 'RETRYCOUNT', deliveries, 'JUSTID')
    forgiven = forgiven + 1
  end
end
return forgiven
