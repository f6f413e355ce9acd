import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ReadStore } from '../../projections/kernel/ports.js';
import { argumentsOf } from './commit-arguments.js';
import type { RedisConnection } from './connection.js';
import { dump } from './dump.js';
import { createIdentity } from './identity.js';
import { readAll, readStats } from './read-scripts.js';
import { run, type Script } from './script.js';
import { type Moment, snapshot } from './snapshot.js';
import { RedisUnavailable } from './unavailable.js';
import { checkpointOf, listOf, type Read, viewOf } from './view.js';
import { writeCommit, writeDrop, writeSwap } from './write-scripts.js';

/** The lease that one of several writers holds: its key in Redis, and what stands there as long as it is held. */
export type Fence = { readonly key: string; readonly token: string };

export type RedisReadStoreOptions = {
  readonly connection: RedisConnection;
  /** Stores of other names are not seen: letters, digits, `-`, `_`, `.` */
  readonly name: string;
  /** Of the log that the tables are folded from. Tables of another log are thrown away. */
  readonly epoch: string;
  /** Told why everything was thrown away; the read models are then folded from the log again. */
  readonly onDropped: (reason: string) => void;
  /** Asked before each write: with a lease that has passed to another writer nothing is written. */
  readonly fence?: (() => Fence | undefined) | undefined;
};

/** How often a writer asks whether a reader's pause is over. */
const PAUSE_POLL_MS = 5;

/**
 * Read models in Redis 6.2 or later. Every method is one script and one round trip; a commit is one script, so that
 * nobody sees half of it. Closing leaves the connection open, which others may share.
 */
export function openRedisReadStore(options: RedisReadStoreOptions): ReadStore {
  const { connection, name, fence } = options;
  if (!/^[\w.-]+$/.test(name)) throw new RangeError(`not a name for a read store: ${name}`);
  const prefix = `wuji:{${name}}:read:`;
  const identity = createIdentity({ ...options, prefix });
  let closed = false;

  /** The script's answer, once the store in Redis is known to be ours. */
  async function call(kind: 'read' | 'write', script: Script, args: readonly string[], keys: readonly string[] = []) {
    for (;;) {
      if (closed) throw new RedisUnavailable('closed', connection.server);
      const reply = await connection.use(kind, (redis) =>
        run(redis, script, [prefix, ...keys], [identity.value, ...args]),
      );
      const [said, ...rest] = listOf(reply);
      if (said !== 'unknown') {
        identity.confirm();
        return { said, rest };
      }
      await identity.begin(String(rest[0]));
    }
  }

  const readWith =
    (moment?: Moment): Read =>
    async (script, table, args = []) => {
      moment?.check();
      const { rest } = await call('read', script, [table, ...args]);
      moment?.see({ since: Number(rest[0]), until: Number(rest[1]) });
      return rest[2];
    };
  const all = async (what: 'checkpoints' | 'live') => {
    const fields = listOf((await call('read', readAll, [what])).rest[0]).map(String);
    return new Map(fields.flatMap((field, i) => (i % 2 === 0 ? [[field, fields[i + 1] ?? ''] as const] : [])));
  };

  async function write(script: Script, args: readonly string[]): Promise<'done' | 'conflict' | 'deposed'> {
    const id = randomUUID();
    for (;;) {
      const lease = fence?.();
      const { said, rest } = await call('write', script, [id, lease?.token ?? '', ...args], lease ? [lease.key] : []);
      if (said === 'done' || said === 'conflict' || said === 'deposed') return said;
      await wait(Math.min(Number(rest[0]), PAUSE_POLL_MS));
    }
  }

  return {
    ...viewOf(readWith()),
    async commit(tables) {
      return (await write(writeCommit, argumentsOf(tables))) === 'done' ? 'committed' : 'conflict';
    },
    snapshot: (read) => snapshot({ connection, prefix }, (moment) => viewOf(readWith(moment)), read),
    live: async (of) => (await all('live')).get(of) ?? null,
    async swap(of, from, version) {
      return (await write(writeSwap, [of, from === null ? '' : `=${from}`, version])) === 'done';
    },
    async drop(table) {
      if ((await write(writeDrop, [table])) === 'deposed') throw new RedisUnavailable('deposed', connection.server);
    },
    async tables() {
      const found = [...(await all('checkpoints'))].map(([table, at]) => ({ table, ...checkpointOf(at) }));
      return found.sort((a, b) => (a.table < b.table ? -1 : 1));
    },
    async stats(table) {
      const [rows, entries, counters] = listOf(await readWith()(readStats, table)).map(Number);
      return { rows: rows ?? 0, entries: entries ?? 0, counters: counters ?? 0 };
    },
    dump: (table) => dump(table, readWith),
    async close() {
      closed = true;
    },
  };
}
