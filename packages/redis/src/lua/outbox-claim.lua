-- Takes over exposures whose consumer has not finished them for a while, without counting a delivery, and
-- moves those that were delivered too often to the dead stream. Forgets consumers that ended without a
-- word. Creates the group if there is none.
-- KEYS: stream, dead stream, counts
-- ARGV: group, consumer, minIdleMs, cursor, count, maxDeliveries, maxDead, forgetAfterMs
-- Returns: {next cursor, {{entry, deliveries, fields} …}, {{entry, fields} … that are dead}}
local stream, group, me = KEYS[1], ARGV[1], ARGV[2]
local taken = redis.pcall(
  'XAUTOCLAIM', stream, group, me, ARGV[3], ARGV[4], 'COUNT', ARGV[5], 'JUSTID'
)
if taken.err then
  -- NOGROUP: the first consumer, or Redis is empty again. Another error repeats itself here.
  redis.call('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
  return { '0-0', {}, {} }
end
local entries, dead = {}, {}
for _, id in ipairs(taken[2]) do
  local entry = redis.call('XRANGE', stream, id, id)[1]
  local pending = redis.call('XPENDING', stream, group, id, id, 1)[1]
  if not entry then
    -- Deleted by another hand: nothing is left to deliver.
    redis.call('XACK', stream, group, id)
  elseif pending and pending[4] >= tonumber(ARGV[6]) then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', unpack(entry[2]))
    redis.call('XACK', stream, group, id)
    redis.call('XDEL', stream, id)
    redis.call('HINCRBY', KEYS[3], 'dead', 1)
    dead[#dead + 1] = { id, entry[2] }
  elseif pending then
    entries[#entries + 1] = { id, pending[4], entry[2] }
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
