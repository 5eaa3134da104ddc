-- Notes that a process of a source uses the namespace. Forgets other sources after a while.
-- KEYS: sources
-- ARGV: source, time after which a source has no process any more, time after which it is forgotten
-- Returns: {time, {source, "since seen" ...}}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(ms) return string.format('%.0f', ms) end

local noted = redis.call('HGETALL', KEYS[1])
local since = now
for i = 1, #noted, 2 do
  local from, seen = string.match(noted[i + 1], '^(%d+) (%d+)$')
  local age = seen and now - tonumber(seen) or 0
  if noted[i] == ARGV[1] then
    if from and age <= tonumber(ARGV[2]) then since = tonumber(from) end
  elseif age > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], noted[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[1], text(since) .. ' ' .. text(now))
return { text(now), redis.call('HGETALL', KEYS[1]) }
