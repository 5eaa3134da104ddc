-- Releases the lease, so that another worker can take it immediately. The gate stays, because it
-- paces the next leader.
--
-- KEYS  lease
-- ARGV  token, channel
-- returns 1 if the caller held the lease, else 0

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.pcall('PUBLISH', ARGV[2], 'l')
return 1
