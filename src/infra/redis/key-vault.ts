import { z } from 'zod';
import type { KeyEntry, KeyVault } from '../seals/key-vault.js';
import { VaultUnavailable } from '../seals/keys-unavailable.js';
import type { RedisConnection } from './connection.js';
import { run, script } from './script.js';
import { RedisUnavailable } from './unavailable.js';

/** In front: a Redis that came back empty must not be filled with new keys, as if there had been none. */
const life = `
local life = redis.call('GET', KEYS[2])
if life ~= ARGV[1] then return redis.error_reply('VAULTLOST') end
`;
/** Only who has never seen the vault may begin it. */
const begin = script(`
if ARGV[2] == 'new' then redis.call('SET', KEYS[2], ARGV[1], 'NX') end
return redis.call('GET', KEYS[2])`);
const read = script(`${life}
return redis.call('HGET', KEYS[1], ARGV[2])`);
const add = script(`${life}
redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3])
return redis.call('HGET', KEYS[1], ARGV[2])`);
const rewrap = script(`${life}
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
return 1`);
const destroy = script(`${life}
local present = redis.call('HGET', KEYS[1], ARGV[2])
if not present or string.sub(present, 1, 2) == 'k ' then redis.call('HSET', KEYS[1], ARGV[2], ARGV[3]) end
return 1`);
const scan = script(`${life}
return redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', 500)`);

/**
 * In one hash, which never expires. This Redis must keep what it is given (`appendonly yes`), unlike one that only
 * holds read models. `newLife`: what an empty vault is called from now on; `known`: what it was called when this node
 * last saw it, and nothing else is taken. Closing leaves the connection open.
 */
export async function openRedisKeyVault(options: {
  readonly connection: RedisConnection;
  readonly name: string;
  readonly newLife: string;
  readonly known: string | undefined;
}): Promise<KeyVault & { readonly life: string }> {
  const { connection, name, newLife, known } = options;
  const keys = [`wuji:{${name}}:keys`, `wuji:{${name}}:keys:life`];

  async function ask(what: typeof add, ...args: readonly string[]): Promise<unknown> {
    try {
      return await connection.use('write', (redis) => run(redis, what, keys, args));
    } catch (error) {
      if (error instanceof Error && /VAULTLOST/.test(`${error.message} ${(error.cause as Error | undefined)?.message}`))
        throw new VaultUnavailable('lost', connection.server);
      if (error instanceof RedisUnavailable) throw new VaultUnavailable('unreachable', connection.server, error);
      throw error;
    }
  }
  const current = await ask(begin, known ?? newLife, known === undefined ? 'new' : 'known');
  if (typeof current !== 'string' || (known !== undefined && current !== known))
    throw new VaultUnavailable('lost', connection.server);
  const there = async (what: typeof add, ...args: readonly string[]) => ask(what, current, ...args);

  return {
    life: current,
    async get(entry) {
      const found = await there(read, entry);
      return found === null ? undefined : parsed(found);
    },
    add: async (entry, wrapped) => parsed(await there(add, entry, `k ${wrapped}`)),
    rewrap: async (entry, from, to) => (await there(rewrap, entry, `k ${from}`, `k ${to}`)) === 1,
    async destroy(entry, at) {
      await there(destroy, entry, `d ${at}`);
    },
    async *entries() {
      let cursor = '0';
      do {
        const [next, flat] = z.tuple([z.string(), z.array(z.string())]).parse(await there(scan, cursor));
        for (let i = 0; i + 1 < flat.length; i += 2) yield [flat[i] ?? '', parsed(flat[i + 1])];
        cursor = next;
      } while (cursor !== '0');
    },
    close: async () => {},
  };
}

/** `k <wrapped key>` or `d <when it was destroyed>`. */
function parsed(stored: unknown): KeyEntry {
  const text = z.string().parse(stored);
  return text.startsWith('k ') ? { wrapped: text.slice(2) } : { destroyedAt: text.slice(2) };
}
