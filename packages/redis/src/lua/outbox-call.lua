-- Common beginning of scripts whose calls are executed only once. A repeated call returns the first
-- result, and a call that arrives after the caller's next one does nothing.
--
-- Longer than any call can be in flight.
local KEEP_MS = 600000

-- Returns the result of this call, or of one that is too late; nil if it was not executed.
local function result_of(key, number)
  local last, result = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
  if not last or tonumber(last) < tonumber(number) then return nil end
  return last == number and tonumber(result) or 0
end

local function keep_result(key, number, result)
  redis.call('SET', key, number .. ' ' .. result, 'PX', KEEP_MS)
end
