-- Gives the lease back, so that another worker takes it at once. The gate stays: it paces the next leader.
--
-- KEYS  lease
-- ARGV  token, channel
-- returns 1 if the lease was the caller's, else 0

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.pcall('PUBLISH', ARGV[2], 'l')
return 1
