-- Lets another process fetch flag definitions, because the caller ends before its own fetch.
-- KEYS: gate
-- ARGV: token
-- Returns: 1 if the caller was about to fetch
if redis.call('GET', KEYS[1]) ~= 's:' .. ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
