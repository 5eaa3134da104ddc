-- Common beginning of `settle` and `restore`: writes a configuration, or names the parts that it
-- needs.
--
-- From ARGV[first] on: count, count x (name, hash of each part to store) [, field, value ...].
-- Fields are those of `config`: the head (scope, dialect, fmt, parts, omitted, by; sha:, etag: and
-- fetched: of every part, stream: of parts with a stream) and part:, enc: and size: of the given
-- parts.
-- Returns nil if it wrote, else the names of all parts that the caller must give, including those
-- already given.

-- Lua's `unpack` supports about 8,000 values.
local MAX_VALUES = 1000

local function in_chunks(command, key, values)
  for first = 1, #values, MAX_VALUES do
    local last = math.min(first + MAX_VALUES - 1, #values)
    redis.call(command, key, unpack(values, first, last))
  end
end

-- Whether the stored configuration belongs to another origin. The worker that loses this race does
-- not overwrite it.
local function has_other_owner(config, first)
  local scope = redis.call('HGET', config, 'scope')
  for i = first + 1 + 2 * tonumber(ARGV[first]), #ARGV, 2 do
    if ARGV[i] == 'scope' then return scope and scope ~= ARGV[i + 1] end
  end
end

local function store(config, first, is_repair, rev, sha, fence)
  local count = tonumber(ARGV[first])
  local fields = first + 1 + 2 * count
  local given = {}
  for i = fields, #ARGV, 2 do given[ARGV[i]] = true end
  local is_complete = true
  for _, name in ipairs({'scope', 'dialect', 'fmt', 'parts', 'omitted', 'by'}) do
    is_complete = is_complete and given[name]
  end
  local needed, kept = {}, {rev = true, sha = true, fence = true}
  for i = first + 1, fields - 1, 2 do
    local name, hash = ARGV[i], ARGV[i + 1]
    local is_stored = redis.call('HGET', config, 'sha:' .. name) == hash
      and redis.call('HEXISTS', config, 'part:' .. name) == 1
    if is_repair or not is_stored then
      needed[#needed + 1] = name
      is_complete = is_complete
        and given['part:' .. name] and given['enc:' .. name] and given['size:' .. name]
    end
    is_complete = is_complete
      and given['sha:' .. name] and given['etag:' .. name] and given['fetched:' .. name]
    kept['part:' .. name], kept['enc:' .. name], kept['size:' .. name] = true, true, true
  end
  -- Request all of them, not only the missing ones. Otherwise two writers could keep invalidating
  -- each other's calls.
  if not is_complete then return needed end

  local values = {}
  for i = fields, #ARGV do values[#values + 1] = ARGV[i] end
  for _, value in ipairs({'rev', rev, 'sha', sha, 'fence', fence}) do values[#values + 1] = value end
  in_chunks('HSET', config, values)
  local stale = {}
  for _, field in ipairs(redis.call('HKEYS', config)) do
    if not given[field] and not kept[field] then stale[#stale + 1] = field end
  end
  in_chunks('HDEL', config, stale)
  return nil
end
