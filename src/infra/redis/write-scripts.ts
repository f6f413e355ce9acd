import { script } from './script.js';

/*
 * Keys as in `read-scripts.ts`. ARGV[1] is the identity of the store, ARGV[2] an id of this write, ARGV[3] the fencing
 * token with KEYS[2] as its key. A write that is sent again, because its answer was lost with the connection, is
 * recognised by its id. The sequence is the server's clock in microseconds, or one more than the last: also a Redis that
 * came back empty or older never uses a number twice for different contents.
 */
const HEAD = `
local prefix = KEYS[1]
local state = prefix .. 'state'
local known = redis.call('HMGET', state, 'identity', 'sequence', 'last')
if known[1] ~= ARGV[1] then return { 'unknown', known[1] or '' } end
if known[3] == ARGV[2] then return { 'done' } end
if KEYS[2] and redis.call('GET', KEYS[2]) ~= ARGV[3] then return { 'deposed' } end
local pause = redis.call('PTTL', prefix .. 'pause')
if pause >= 0 then return { 'paused', pause } end
local time = redis.call('TIME')
local sequence = string.format('%.0f', math.max(tonumber(known[2] or 0) + 1, time[1] * 1000000 + time[2]))
local function changed(key) redis.call('HSET', prefix .. 'sequences', key, sequence) end
local function clear(name)
  for _, kind in ipairs({ 'rows', 'entries', 'counts', 'counted' }) do
    redis.call('UNLINK', prefix .. kind .. ':' .. name)
  end
end
local function done()
  redis.call('HSET', state, 'sequence', sequence, 'last', ARGV[2])
  return { 'done' }
end
`;

/**
 * ARGV: number of tables; for each table name, '' or '=' .. position from, events and position to, and how many
 * arguments there are of rows put, rows removed, entries put, entries removed, counters; then those arguments.
 * Redis refuses a script for want of memory at its first write that may take some, and never after one: so that comes
 * first. And should a command fail all the same, the tables are left without a checkpoint, so that they are made anew.
 */
export const writeCommit = script(`${HEAD}
local tables, head = tonumber(ARGV[4]), 9
local function headOf(n) return 5 + (n - 1) * head end
for n = 1, tables do
  local at = redis.call('HGET', prefix .. 'checkpoints', ARGV[headOf(n)])
  if (at and '=' .. string.match(at, '^%d+ %d+ (.*)$') or '') ~= ARGV[headOf(n) + 1] then return { 'conflict' } end
end
redis.call('HSET', state, 'sequence', sequence)
for n = 1, tables do redis.call('HDEL', prefix .. 'checkpoints', ARGV[headOf(n)]) end
local at = headOf(tables + 1)
-- In pages of an even number, because Lua passes no more than some 8,000 arguments.
local function take(count, command, key)
  local stop = at + tonumber(count)
  while at < stop do
    local last = math.min(at + 4999, stop - 1)
    redis.call(command, key, unpack(ARGV, at, last))
    at = last + 1
  end
end
for n = 1, tables do
  local h = headOf(n)
  local name = ARGV[h]
  local function part(kind) return prefix .. kind .. ':' .. name end
  if ARGV[h + 1] == '' then clear(name) end
  local first = at
  take(ARGV[h + 4], 'HSET', part('rows'))
  take(ARGV[h + 5], 'HDEL', part('rows'))
  take(ARGV[h + 6], 'ZADD', part('entries'))
  take(ARGV[h + 7], 'ZREM', part('entries'))
  local counts, counted = part('counts'), part('counted')
  local stop = at + tonumber(ARGV[h + 8])
  while at < stop do
    local key, delta = ARGV[at], tonumber(ARGV[at + 1])
    local count = redis.call('HINCRBY', counts, key, ARGV[at + 1])
    if count == 0 then
      redis.call('HDEL', counts, key)
      redis.call('ZREM', counted, key)
    elseif count == delta then
      redis.call('ZADD', counted, 0, key)
    end
    at = at + 2
  end
  redis.call('HSET', prefix .. 'checkpoints', name, sequence .. ' ' .. ARGV[h + 2] .. ' ' .. ARGV[h + 3])
  if at > first or ARGV[h + 1] == '' then changed(name) end
end
return done()`);

/** ARGV: name, '' or '=' .. version it has, version it gets. */
export const writeSwap = script(`${HEAD}
local live = redis.call('HGET', prefix .. 'live', ARGV[4])
if (live and '=' .. live or '') ~= ARGV[5] then return { 'conflict' } end
changed(ARGV[4])
redis.call('HSET', prefix .. 'live', ARGV[4], ARGV[6])
return done()`);

/** ARGV: table. UNLINK only takes the keys away; Redis frees what was in them beside its work. Also when it is out of memory. */
export const writeDrop = script(`${HEAD}
redis.call('HDEL', prefix .. 'checkpoints', ARGV[4])
clear(ARGV[4])
changed(ARGV[4])
return done()`);

/**
 * ARGV: identity found, identity to be, keys to remove … Only if nobody else was faster.
 */
export const writeBegin = script(`
local identity = redis.call('HGET', KEYS[1] .. 'state', 'identity') or ''
if identity ~= ARGV[1] then return 0 end
for at = 3, #ARGV, 5000 do redis.call('UNLINK', unpack(ARGV, at, math.min(at + 4999, #ARGV))) end
redis.call('HSET', KEYS[1] .. 'state', 'identity', ARGV[2])
return 1`);

/**
 * ARGV: token, milliseconds. Writers wait while it lasts, and after it there is none for as long as it took, so that
 * readers cannot keep writers out. 1: it is ours.
 */
export const takePause = script(`
if redis.call('EXISTS', KEYS[1] .. 'pause', KEYS[1] .. 'rest') > 0 then return 0 end
redis.call('SET', KEYS[1] .. 'pause', ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[1] .. 'rest', ARGV[1], 'PX', ARGV[2] * 2)
return 1`);

/** ARGV: token, milliseconds it was taken for, the shortest rest in milliseconds. */
export const endPause = script(`
if redis.call('GET', KEYS[1] .. 'pause') ~= ARGV[1] then return 0 end
local taken = ARGV[2] - redis.call('PTTL', KEYS[1] .. 'pause')
redis.call('DEL', KEYS[1] .. 'pause')
redis.call('SET', KEYS[1] .. 'rest', ARGV[1], 'PX', math.max(ARGV[3], taken))
return 1`);
