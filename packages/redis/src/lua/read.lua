-- Reads one snapshot of the stored configuration: its head, and the parts that the reader lacks.
--
-- KEYS  config, poll
-- ARGV  name, hash ... of the parts that the reader has
-- returns {rev, sha, scope, dialect, fmt, okAgeMs or -1, parts, omitted, fence} and per part {name,
-- sha, etag, size, fetched, enc, bytes, stream}, with enc and bytes nil if the reader has the part;
-- {"0"} without a configuration
local head = redis.call(
  'HMGET', KEYS[1], 'rev', 'sha', 'scope', 'dialect', 'fmt', 'parts', 'omitted', 'fence'
)
if not head[1] then return {'0'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ok_at = tonumber(redis.call('HGET', KEYS[2], 'okAt'))
local held = {}
for i = 1, #ARGV, 2 do held[ARGV[i]] = ARGV[i + 1] end
-- `false` becomes nil in the reply. A Lua nil would end the reply.
local reply = {
  head[1], head[2] or '', head[3] or '', head[4] or '', head[5] or '',
  ok_at and math.max(0, now - ok_at) or -1,
  head[6] or '', head[7] or '', head[8] or '0',
}
for name in string.gmatch(head[6] or '', '[^,]+') do
  local part = redis.call(
    'HMGET', KEYS[1], 'sha:' .. name, 'etag:' .. name, 'size:' .. name, 'fetched:' .. name, 'stream:' .. name
  )
  local stored = {false, false}
  if not part[1] or held[name] ~= part[1] then
    stored = redis.call('HMGET', KEYS[1], 'enc:' .. name, 'part:' .. name)
  end
  reply[#reply + 1] = {
    name, part[1] or '', part[2] or '', part[3] or '', part[4] or '', stored[1], stored[2],
    part[5] or '',
  }
end
return reply
