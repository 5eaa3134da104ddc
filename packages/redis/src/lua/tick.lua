-- One poll of Redis by a worker. Takes, renews or observes the lease.
--
-- KEYS  lease, fence, gate, config, poll
-- ARGV  token, leaseMs, claimMs, eligible 0|1, known (the greatest revision or n that this worker
-- has had), want (0 nothing, 1 a poll if one is due, 2 a poll now, 3 renew my claim), scope, fence
-- of the worker's content
-- returns {held 0|1, n, poll 0|1, gatePttl, leasePttl, rev or "0", sha or "", overdueMs or
-- -999999999, okAgeMs or -1, outcome, status, failures, scope, leader's token or "", ageMs of the
-- last settle or -1, last report of damage or ""}

local token, known, want = ARGV[1], tonumber(ARGV[5]), ARGV[6]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local config = redis.call('HMGET', KEYS[4], 'rev', 'sha', 'scope')
local holder = redis.call('GET', KEYS[1])
local held, n, poll = 0, '0', 0

-- A worker of another origin must never take the lease.
if not config[3] or config[3] == ARGV[7] then
  if holder == token then
    -- This is the first write of the script. Redis checks its memory limit only there, and PEXPIRE
    -- passes that check, so a leader keeps its lease even if memory is short.
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    held = 1
  elseif not holder and ARGV[4] == '1' then
    -- Same as above, with a command that changes nothing. A fleet whose Redis is short of memory
    -- needs a leader, too.
    redis.call('DEL', KEYS[1])
    redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
    holder = token
    held = 1
  end
end

if held == 1 then
  local fence = redis.call('HMGET', KEYS[2], 'n', 'owner')
  local seen = tonumber(ARGV[8]) or 0
  n = fence[1]
  -- Assign a new number only if another worker has led, or everything was flushed, so that a
  -- running poll stays valid after a short interruption. A promoted replica may not know that
  -- another worker has led, but the content that this one has read shows it. `known` includes the
  -- worker's own n, because otherwise a flush within one millisecond could repeat it.
  if not n or fence[2] ~= token or tonumber(n) < seen then
    n = string.format('%.0f', math.max((tonumber(n) or 0) + 1, known + 1, seen + 1, now))
    redis.call('HSET', KEYS[2], 'n', n, 'owner', token)
  end
  local gate = redis.call('GET', KEYS[3])
  -- The backoff of a worker that may have lost its own connection to the origin does not delay
  -- other workers.
  local is_settled = gate and (string.sub(gate, 1, 2) == 's:' or gate == 'f:' .. token)
  local at = tonumber(redis.call('HGET', KEYS[5], 'at'))
  local is_claimed = false
  -- A claim does not delay the leader. It belongs to a dead or former leader, or to a discarded
  -- poll.
  if want == '1' or want == '2' then
    if not is_settled or (want == '2' and (not at or now - at >= 1000)) then
      poll = 1
      is_claimed = true
    end
  elseif want == '3' then
    is_claimed = not is_settled
  end
  if is_claimed then
    redis.call('SET', KEYS[3], 'c:' .. token, 'PX', ARGV[3])
    -- The due time moves with the claim. A dead leader's claim may expire before its lease, and the
    -- fleet must not be overdue at that moment.
    redis.call('HSET', KEYS[5], 'due', string.format('%.0f', now + ARGV[3]))
  end
end

local last = redis.call('HMGET', KEYS[5], 'due', 'okAt', 'outcome', 'status', 'failures', 'at', 'damaged')
local due, ok_at, at = tonumber(last[1]), tonumber(last[2]), tonumber(last[6])
return {
  held, n, poll, redis.call('PTTL', KEYS[3]), redis.call('PTTL', KEYS[1]),
  config[1] or '0', config[2] or '',
  due and now - due or -999999999,
  ok_at and math.max(0, now - ok_at) or -1,
  last[3] or '', last[4] or '', last[5] or '0',
  config[3] or '', holder or '',
  at and math.max(0, now - at) or -1,
  last[7] or '',
}
