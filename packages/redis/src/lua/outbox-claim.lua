-- Takes over exposures that their consumer has not finished for a while, without counting a
-- delivery. Removes consumers that ended without leaving. Creates the group if it is missing.
-- KEYS: stream
-- ARGV: group, consumer, minIdleMs, cursor, count, maxDeliveries, forgetAfterMs, consumer of exposures
-- that `outbox-refuse` set aside
-- Returns: {next cursor, {entry ...}, {entry ... that was set aside}, {{entry, fields} ... that was
-- delivered too often}}
local stream, group, me = KEYS[1], ARGV[1], ARGV[2]
local aside = {}
local found = redis.pcall('XPENDING', stream, group, 'IDLE', ARGV[3], ARGV[4], '+', ARGV[5], ARGV[8])
for _, pending in ipairs(found) do aside[pending[1]] = true end
local taken = redis.pcall(
  'XAUTOCLAIM', stream, group, me, ARGV[3], ARGV[4], 'COUNT', ARGV[5], 'JUSTID'
)
if taken.err then
  -- NOGROUP means that this is the first consumer, or that Redis was emptied. Other errors repeat
  -- here.
  redis.call('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
  return { '0-0', {}, {}, {} }
end
local entries, refused, worn = {}, {}, {}
for _, id in ipairs(taken[2]) do
  local entry = redis.call('XRANGE', stream, id, id)[1]
  local pending = redis.call('XPENDING', stream, group, id, id, 1)[1]
  if not entry then
    -- Deleted by someone else, so there is nothing to deliver.
    redis.call('XACK', stream, group, id)
  elseif pending and pending[4] >= tonumber(ARGV[6]) then
    worn[#worn + 1] = { id, entry[2] }
  elseif pending then
    entries[#entries + 1] = id
    if aside[id] then refused[#refused + 1] = id end
  end
end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  local facts = {}
  for i = 1, #consumer, 2 do
    facts[consumer[i]] = consumer[i + 1]
  end
  -- Keep consumers with pending exposures. Otherwise these would stay in the stream, and no
  -- consumer would get them.
  if facts.pending == 0 and facts.idle > tonumber(ARGV[7]) and facts.name ~= me then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, facts.name)
  end
end
return { taken[1], entries, refused, worn }
