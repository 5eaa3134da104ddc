-- Ends a poll: records its outcome, opens the gate for the next one, and publishes changes.
-- The text of `store` precedes this script.
--
-- KEYS  lease, fence, gate, config, poll
-- ARGV  n, token, sha, known, outcome, gateMs, channel, status, failures, lookMs, repair 0|1, own
-- gate 0|1 (it delays only this worker), count, count x (name, hash) [, field, value ...]
-- returns {"fenced", rev} | {"body", rev, {name ...}} | {"same", rev} | {"published", rev,
-- receivers}

-- n is the fence number at the start of the poll. A worker that has lost the lease since must not
-- publish. The owner is compared as well, because numbers may repeat after a flush. The lease
-- itself is not checked: if it expired and no other worker took it, no other worker has published.
local fence = redis.call('HMGET', KEYS[2], 'n', 'owner')
local stored = redis.call('HMGET', KEYS[4], 'rev', 'sha')
local rev = stored[1] or '0'
if fence[1] ~= ARGV[1] or fence[2] ~= ARGV[2] or has_other_owner(KEYS[4], 13) then
  return {'fenced', rev}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local is_ok = ARGV[5] == 'ok'
local is_repair = ARGV[11] == '1'
local is_new = is_ok and (not stored[1] or stored[2] ~= ARGV[3] or is_repair)
if is_new then
  -- The revision keeps growing if Redis comes back empty or its clock is set back.
  rev = string.format('%.0f', math.max(tonumber(rev) + 1, tonumber(ARGV[4]) + 1, now))
  local needed = store(KEYS[4], 13, is_repair, rev, ARGV[3], ARGV[1])
  if needed then return {'body', stored[1] or '0', needed} end
end

-- If nothing was published, this is the first write. Redis checks its memory limit only at the
-- first write, and DEL passes that check. The outcome must be recorded even if memory is short. A
-- publish would have been refused earlier.
redis.call('DEL', KEYS[3])
local facts = {
  'at', string.format('%.0f', now), 'due', string.format('%.0f', now + ARGV[6]),
  'outcome', ARGV[5], 'status', ARGV[8], 'failures', ARGV[9],
  'by', string.match(ARGV[2], '^(.*)%.') or '',
}
if is_ok then
  -- The data may be as old as the start of the attempt.
  facts[#facts + 1] = 'okAt'
  facts[#facts + 1] = string.format('%.0f', now - ARGV[10])
end
redis.call('HSET', KEYS[5], unpack(facts))
redis.call('SET', KEYS[3], (ARGV[12] == '1' and 'f:' or 's:') .. ARGV[2], 'PX', ARGV[6])
if not is_new then return {'same', rev} end
-- Last, and protected, because a script is not rolled back, and the permission to publish may be
-- missing.
local receivers = redis.pcall('PUBLISH', ARGV[7], 'c ' .. rev)
return {'published', rev, type(receivers) == 'number' and receivers or -1}
