-- Saves assignments of one subject.
-- KEYS: hash of the subject
-- ARGV: ttlMs, then per assignment: mode, key, variation. Mode 's' sets it. Mode 'n' sets it only
-- if there is none, for a subject whose stored assignments the caller does not know.
-- Returns: the stored variation of each given assignment
local stored = {}
for i = 2, #ARGV, 3 do
  local key, variation = ARGV[i + 1], ARGV[i + 2]
  if ARGV[i] == 's' then
    redis.call('HSET', KEYS[1], key, variation)
  elseif redis.call('HSETNX', KEYS[1], key, variation) == 0 then
    variation = redis.call('HGET', KEYS[1], key)
  end
  stored[#stored + 1] = variation
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return stored
