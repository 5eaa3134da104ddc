-- Lets another process fetch flag definitions: the caller was about to, and ends.
-- KEYS: gate
-- ARGV: token
-- Returns: 1 if the caller was about to
if redis.call('GET', KEYS[1]) ~= 's:' .. ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
