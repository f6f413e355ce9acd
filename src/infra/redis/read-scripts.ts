import { script } from './script.js';

/*
 * KEYS[1] is what all keys begin with; its hash tag puts them on one node. ARGV[1] is the identity of the store as the
 * caller knows it, ARGV[2] a table. The answer: 'ok', the sequence at which what was read last changed, the sequence of
 * the last change of anything, and what was asked for. So two reads of which the one's last change comes not after the
 * other's last change of anything, and the other way round, have seen one moment.
 *
 * Keys: `state` (hash: identity, sequence, last), `checkpoints` (hash: table ▶ "sequence events position"), `live`
 * (hash: name ▶ version), `sequences` (hash: table or name ▶ sequence of the last change), `pause`, `rest`; and for each
 * table `rows:<table>` (hash: key ▶ JSON), `entries:<table>` (sorted set: "index entry"), `counts:<table>` (hash:
 * "rollup key" ▶ count), `counted:<table>` (sorted set of the same keys).
 */
const HEAD = `
local prefix = KEYS[1]
local state = redis.call('HMGET', prefix .. 'state', 'identity', 'sequence')
if state[1] ~= ARGV[1] then return { 'unknown', state[1] or '' } end
local name, since = ARGV[2], 0
local function changed(key) since = math.max(since, tonumber(redis.call('HGET', prefix .. 'sequences', key) or 0)) end
if not string.find(name, '@', 1, true) then
  changed(name)
  name = name .. '@' .. (redis.call('HGET', prefix .. 'live', name) or '')
end
local function part(kind) return prefix .. kind .. ':' .. name end
local function answer(found) return { 'ok', string.format('%.0f', since), state[2] or '0', found } end
-- In pages, because Lua passes no more than some 8,000 arguments.
local function get(key, fields, first)
  local found, size = {}, 0
  for at = first, #fields, 5000 do
    local page = redis.call('HMGET', key, unpack(fields, at, math.min(at + 4999, #fields)))
    for i = 1, #page do found[size + i] = page[i] end
    size = size + #page
  end
  return found
end
`;

/** "sequence events position". */
export const readCheckpoint = script(`${HEAD}
local at = redis.call('HGET', prefix .. 'checkpoints', name)
if at then since = math.max(since, tonumber(string.match(at, '^%d+'))) else changed(name) end
return answer(at)`);

/** ARGV: `rows` or `counts`, keys … */
export const readFields = script(`${HEAD}
changed(name)
return answer(get(part(ARGV[3]), ARGV, 4))`);

/** ARGV: start, stop, limit, `reverse` or nothing. */
export const readEntries = script(`${HEAD}
changed(name)
if ARGV[6] == 'reverse' then
  return answer(redis.call('ZRANGE', part('entries'), ARGV[3], ARGV[4], 'BYLEX', 'REV', 'LIMIT', 0, ARGV[5]))
end
return answer(redis.call('ZRANGE', part('entries'), ARGV[3], ARGV[4], 'BYLEX', 'LIMIT', 0, ARGV[5]))`);

/** ARGV: start, stop. Keys, and their counts. */
export const readCounts = script(`${HEAD}
changed(name)
local keys = redis.call('ZRANGE', part('counted'), ARGV[3], ARGV[4], 'BYLEX')
return answer({ keys, get(part('counts'), keys, 1) })`);

export const readStats = script(`${HEAD}
changed(name)
return answer({ redis.call('HLEN', part('rows')), redis.call('ZCARD', part('entries')), redis.call('HLEN', part('counts')) })`);

/** ARGV: cursor, how many at least. The next cursor, and row keys: each at least once. */
export const readRowKeys = script(`${HEAD}
changed(name)
local page = redis.call('HSCAN', part('rows'), ARGV[3], 'COUNT', ARGV[4])
local keys = {}
for i = 1, #page[2], 2 do keys[#keys + 1] = page[2][i] end
return answer({ page[1], keys })`);

/** ARGV: `entries` or `counted`, first and last rank. */
export const readRanks = script(`${HEAD}
changed(name)
return answer(redis.call('ZRANGE', part(ARGV[3]), ARGV[4], ARGV[5]))`);

/** ARGV[2]: `checkpoints` or `live`. Fields and values, of all tables or names. */
export const readAll = script(`
local identity = redis.call('HGET', KEYS[1] .. 'state', 'identity')
if identity ~= ARGV[1] then return { 'unknown', identity or '' } end
return { 'ok', redis.call('HGETALL', KEYS[1] .. ARGV[2]) }`);
