-- Reads the exposures that a consumer has received and not finished, without counting a delivery.
-- KEYS: stream
-- ARGV: group, consumer, start of the range, count
-- Returns: {{entry, deliveries, fields} ...}
local held = {}
for _, pending in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], '+', ARGV[4], ARGV[2])) do
  local entry = redis.call('XRANGE', KEYS[1], pending[1], pending[1])[1]
  if entry then
    held[#held + 1] = { pending[1], pending[4], entry[2] }
  else
    -- Deleted by someone else, so there is nothing to deliver.
    redis.call('XACK', KEYS[1], ARGV[1], pending[1])
  end
end
return held
