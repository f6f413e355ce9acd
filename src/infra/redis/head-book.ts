import { z } from 'zod';
import { createTurns } from '../../projections/kernel/waiting.js';
import type { HeadBook, SignedHead } from '../../projections/ledger/ports.js';
import { appendHead, headFile, headIn, inOrder, lineOf } from '../head-file.js';
import type { RedisConnection } from './connection.js';
import { run, script } from './script.js';

/** How many heads there are, and those of trees of a size or larger. */
const look = script(`
return {redis.call('ZCARD', KEYS[1]), redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf')}`);
const looked = z.tuple([z.number(), z.array(z.string())]);

/** What a node knows and Redis does not (any more). */
const put = script(`
for i = 1, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end`);

/** One more, when nobody has added any since its signer has looked. */
const add = script(`
if redis.call('ZCARD', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
return redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])`);

/**
 * The heads that all nodes share, in one sorted set by the size of their trees. Redis may lose them and a signature cannot
 * be made again, so each node keeps in a file of its own all that it has heard of. What either knows and the other does
 * not is exchanged whenever a node looks: so neither an emptied Redis nor a node with an empty or an older file forgets a
 * head that another knows. Nothing is taken over that is not signed.
 */
export function createRedisHeadBook(options: {
  readonly connection: RedisConnection;
  readonly name: string;
  /** The node's own file. */
  readonly path: string;
}): HeadBook {
  const { connection, name, path } = options;
  const own = headFile(path);
  const inTurn = createTurns();
  const keyOf = (log: string) => `wuji:{${name}}:heads:${log}`;
  /** By log and signature: all that is in the file. */
  const logs = new Map<string, Map<string, SignedHead>>();

  async function lookFrom(log: string, size: number) {
    const answer = await connection.use('read', (redis) => run(redis, look, [keyOf(log)], [String(size)]));
    const [count, lines] = looked.parse(answer);
    const heads = lines.map((line) => {
      const head = headIn(line);
      if (head?.log !== log || lineOf(head) !== line)
        throw new Error(`Redis holds a head of the log ${log} that nobody has signed: ${line}`);
      return head;
    });
    return { count, heads };
  }

  async function heads(log: string): Promise<readonly SignedHead[]> {
    const present = logs.get(log);
    const known = present ?? new Map((await own.heads(log)).map((head) => [head.signature, head]));
    const take = async (all: readonly SignedHead[]) => {
      for (const head of all) {
        if (known.has(head.signature)) continue;
        await appendHead(path, head);
        known.set(head.signature, head);
      }
    };
    // Mostly there is nothing new but at the end.
    const end = present && (await lookFrom(log, inOrder([...known.values()]).at(-1)?.size ?? 0));
    if (end) await take(end.heads);
    if (end?.count !== known.size) {
      const all = await lookFrom(log, 0);
      await take(all.heads);
      const there = new Set(all.heads.map(({ signature }) => signature));
      const missing = [...known.values()].filter(({ signature }) => !there.has(signature));
      const args = missing.flatMap((head) => [String(head.size), lineOf(head)]);
      if (missing.length > 0) await connection.use('write', (redis) => run(redis, put, [keyOf(log)], args));
    }
    logs.set(log, known);
    return inOrder([...known.values()]);
  }

  return {
    heads: (log) => inTurn(() => heads(log)),
    add: (head, known) =>
      inTurn(async () => {
        const args = [String(known.length), String(head.size), lineOf(head)];
        if ((await connection.use('write', (redis) => run(redis, add, [keyOf(head.log)], args))) !== 1) return false;
        await appendHead(path, head);
        logs.get(head.log)?.set(head.signature, head);
        return true;
      }),
  };
}
