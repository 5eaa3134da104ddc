-- Counts a delivery of exposures before the consumer delivers them. If that ends the process, the
-- next consumer sees the count. With -1, takes a delivery back, because the logger was down and the
-- exposures did not cause the failure.
-- KEYS: stream
-- ARGV: group, consumer, 1 or -1, entries ...
-- Returns: the exposures that the consumer still has
local counted = {}
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == ARGV[2] then
    local deliveries = math.max(0, pending[4] + tonumber(ARGV[3]))
    -- After -1, the exposure must not wait longer for a consumer whose logger works.
    local idle = ARGV[3] == '1' and 0 or pending[3]
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i],
      'IDLE', idle, 'RETRYCOUNT', deliveries, 'JUSTID')
    counted[#counted + 1] = ARGV[i]
  end
end
return counted
