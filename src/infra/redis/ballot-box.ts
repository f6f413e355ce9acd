import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { BallotBox } from '../../domain/ballots/ports.js';
import { newSalt, receiptOfMark, sealingOf } from '../ballot-box/sealing.js';
import type { RedisConnection } from './connection.js';
import { run, script } from './script.js';

/** The box of a ballot: the present one, else a new one. */
const make = script(`
if redis.call('HSETNX', KEYS[1], 'box', ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'salt', ARGV[2]) end
return redis.call('HGET', KEYS[1], 'box')`);

/** Mark and ballot in one step; all scores are 0, so that both lie sorted by themselves and keep no order of coming. */
const cast = script(`
if redis.call('HGET', KEYS[1], 'box') ~= ARGV[1] then return 'lost' end
if redis.call('HEXISTS', KEYS[1], 'shut') == 1 then return 'shut' end
if redis.call('ZADD', KEYS[2], 'NX', 0, ARGV[2]) == 0 then return 'again' end
redis.call('ZADD', KEYS[3], 0, ARGV[3])
return 'cast'`);

const shut = script(`
if redis.call('HGET', KEYS[1], 'box') ~= ARGV[1] then return false end
redis.call('HSET', KEYS[1], 'shut', '1')
return {redis.call('HGET', KEYS[1], 'salt'), redis.call('ZRANGE', KEYS[2], 0, -1), redis.call('ZRANGE', KEYS[3], 0, -1)}`);

const castAnswer = z.enum(['cast', 'again', 'shut', 'lost']);
const shutAnswer = z.tuple([z.string(), z.array(z.string()), z.array(z.string())]).nullable();

/**
 * Boxes that all nodes share: a hash with the id and the secret, and two sorted sets without scores. What Redis writes
 * down of its commands shows a mark beside a sealed ballot; without the operator's `key`, which Redis never sees, nobody
 * can tell whose and what (docs/ballots.md).
 */
export function createRedisBallotBox(options: {
  readonly connection: RedisConnection;
  readonly name: string;
  readonly key?: string | undefined;
}): BallotBox {
  const { connection, name, key } = options;
  const keysOf = (ballot: string) => {
    const prefix = `wuji:{${name}}:ballot:${z.uuid().parse(ballot)}`;
    return [prefix, `${prefix}:marks`, `${prefix}:ballots`] as const;
  };
  /** `undefined`: the box is not there, or another one is. */
  async function sealing(ballot: string, box: string) {
    const [found, salt] = await connection.use('read', (redis) => redis.hmget(keysOf(ballot)[0], 'box', 'salt'));
    return found === box && salt ? sealingOf(key, salt, ballot) : undefined;
  }

  return {
    async make(ballot) {
      const args = [randomUUID(), newSalt()];
      return z.string().parse(await connection.use('write', (redis) => run(redis, make, keysOf(ballot), args)));
    },
    async cast({ ballot, box, voter, content }) {
      const with_ = await sealing(ballot, box);
      if (!with_) return 'lost';
      const mark = with_.mark(voter);
      const args = [box, mark, with_.seal(content)];
      const answer = await connection.use('write', (redis) => run(redis, cast, keysOf(ballot), args));
      const outcome = castAnswer.parse(answer);
      return outcome === 'cast' ? { receipt: receiptOfMark(mark) } : outcome;
    },
    async receiptOf({ ballot, box, voter }) {
      const mark = (await sealing(ballot, box))?.mark(voter);
      if (mark === undefined) return undefined;
      const score = await connection.use('read', (redis) => redis.zscore(keysOf(ballot)[1], mark));
      return score === null ? undefined : receiptOfMark(mark);
    },
    async shut(ballot, box) {
      const answer = shutAnswer.parse(
        await connection.use('write', (redis) => run(redis, shut, keysOf(ballot), [box])),
      );
      if (!answer) return undefined;
      const [salt, marks, ballots] = answer;
      const { open } = sealingOf(key, salt, ballot);
      return { ballots: ballots.map(open), receipts: marks.map(receiptOfMark).sort() };
    },
    async destroy(ballot) {
      await connection.use('write', (redis) => redis.unlink(...keysOf(ballot)));
    },
  };
}
