-- Takes over exposures whose consumer has not finished them for a while, and moves those that were
-- delivered too often to the dead stream. Creates the group if there is none. Forgets consumers that ended without a word.
-- KEYS: stream, dead stream, counts
-- ARGV: group, consumer, minIdleMs, cursor, count, maxDeliveries, maxDead, forgetAfterMs
-- Returns: {next cursor, {{entry, deliveries, fields} …}, {{entry, fields} … that are dead}}
local stream, group, me = KEYS[1], ARGV[1], ARGV[2]
local taken = redis.pcall('XAUTOCLAIM', stream, group, me, ARGV[3], ARGV[4], 'COUNT', ARGV[5])
if taken.err then
  -- NOGROUP: the first consumer, or Redis is empty again. Another error repeats itself here.
  redis.call('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
  return { '0-0', {}, {} }
end
local entries, dead = {}, {}
for _, entry in ipairs(taken[2]) do
  -- Redis 6.2 returns false for an entry that was deleted.
  if entry and entry[2] then
    local id, fields = entry[1], entry[2]
    local pending = redis.call('XPENDING', stream, group, id, id, 1)
    local deliveries = pending[1] and pending[1][4] or 1
    if deliveries > tonumber(ARGV[6]) then
      redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', unpack(fields))
      redis.call('XACK', stream, group, id)
      redis.call('XDEL', stream, id)
      redis.call('HINCRBY', KEYS[3], 'dead', 1)
      dead[#dead + 1] = { id, fields }
    else
      entries[#entries + 1] = { id, deliveries, fields }
    end
  end
end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  local facts = {}
  for i = 1, #consumer, 2 do
    facts[consumer[i]] = consumer[i + 1]
  end
  -- With pending exposures it stays: they would stay in the stream, but nobody would get them.
  if facts.pending == 0 and facts.idle > tonumber(ARGV[8]) and facts.name ~= me then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, facts.name)
  end
end
return { taken[1], entries, dead }
