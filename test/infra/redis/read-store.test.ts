import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { type Fence, openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import { RedisUnavailable } from '../../../src/infra/redis/unavailable.js';
import { encodeTuple, entryOf, rangeOf } from '../../../src/projections/kernel/index-key.js';
import type { ReadStore, TableCommit } from '../../../src/projections/kernel/ports.js';
import { damagedRowsContract } from '../../contract/damaged-rows.contract.js';
import { readStoreContract } from '../../contract/read-store.contract.js';
import { commitOf, position, rows } from '../../contract/read-store-commits.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { refuse, sharedServer } from './shared-server.js';

const shared = sharedServer();
let made = 0;

readStoreContract('redis', async () =>
  openRedisReadStore({ connection: shared.connection, name: `contract-${made++}`, epoch: 'log-1', onDropped: refuse }),
);

damagedRowsContract('redis', async () => {
  const name = `damaged-${made++}`;
  const { connection, server } = shared;
  const store = openRedisReadStore({ connection, name, epoch: 'log-1', onDropped: refuse });
  return {
    store,
    async harm(table, key, bytes) {
      await server.ask('HSET', `wuji:{${name}}:read:rows:${table}`, key, bytes);
      return store;
    },
  };
});

describe('the read store in Redis', () => {
  let name: string;
  let dropped: string[];
  beforeEach(() => {
    name = `store-${made++}`;
    dropped = [];
  });
  const open = (options: { name?: string; epoch?: string; fence?: () => Fence | undefined } = {}) =>
    openRedisReadStore({
      connection: shared.connection,
      name,
      epoch: 'log-1',
      onDropped: (why) => dropped.push(why),
      ...options,
    });
  const full = (n: number): Partial<TableCommit> => ({
    ...rows({ a: n }),
    indexes: new Map([['i', { add: [entryOf([n], 'a')], remove: [] }]]),
    counters: new Map([['r', new Map([[encodeTuple(['k']), n]])]]),
  });

  it('is there again after closing, and for another process', async () => {
    const first = open();
    await first.commit([commitOf(null, 1, full(1))]);
    await first.close();
    await expect(first.row('note@1.0', 'a')).rejects.toThrow(RedisUnavailable);
    expect(await open().row('note@1.0', 'a')).toBe(1);
    expect(dropped).toEqual([]);
  });

  it('does not meet a store of another name', async () => {
    const [one, other] = [open({ name: `${name}a` }), open({ name: `${name}b`, epoch: 'log-2' })];
    await one.commit([commitOf(null, 1, full(1))]);
    await one.swap('note', null, '1.0');
    expect(await other.checkpoint('note@1.0')).toBeNull();
    expect(await other.live('note')).toBeNull();
    await other.commit([commitOf(null, 2, full(2))]);
    expect(await one.row('note', 'a')).toBe(1);
    expect(dropped).toEqual([]);
    expect(() => open({ name: 'a*' })).toThrow(RangeError);
  });

  it('throws away the tables of another log, says so, and leaves nothing of them', async () => {
    const first = open();
    await first.commit([commitOf(null, 1, full(1))]);
    await first.swap('note', null, '1.0');
    const second = open({ epoch: 'log-2' });
    expect(await second.tables()).toEqual([]);
    expect(await second.live('note')).toBeNull();
    expect(await second.stats('note@1.0')).toEqual({ rows: 0, entries: 0, counters: 0 });
    expect(dropped.join()).toContain('another log');
    expect(await shared.server.ask('KEYS', `wuji:{${name}}:*`)).toEqual([`wuji:{${name}}:read:state`]);
  });

  it('tells the program whose store another log has taken, and lets it read and write nothing', async () => {
    const first = open();
    await first.commit([commitOf(null, 1, full(1))]);
    const second = open({ epoch: 'log-2' });
    await second.commit([commitOf(null, 1, full(2))]);
    for (const work of [first.row('note@1.0', 'a'), first.commit([commitOf(1, 2)]), first.drop('note@1.0')])
      await expect(work).rejects.toMatchObject({ code: 'other_log' });
    expect(await second.row('note@1.0', 'a')).toBe(2);
    expect(dropped).toHaveLength(1);
  });

  it('throws away tables of another format, and tables of which nobody knows the log', async () => {
    await open().commit([commitOf(null, 1, full(1))]);
    await shared.server.ask('HSET', `wuji:{${name}}:read:state`, 'identity', '0 log-1');
    expect(await open().tables()).toEqual([]);
    await open().commit([commitOf(null, 1, full(1))]);
    await shared.server.ask('DEL', `wuji:{${name}}:read:state`);
    expect(await open().tables()).toEqual([]);
    expect(dropped.map((why) => why.split(': ').at(-1))).toEqual([
      'its format is 0, not 1',
      'nobody knows of which log its tables are',
    ]);
  });

  it('begins once when many readers come first', async () => {
    await open().commit([commitOf(null, 1, full(1))]);
    const second = open({ epoch: 'log-2' });
    const found = await Promise.all(Array.from({ length: 20 }, () => second.row('note@1.0', 'a')));
    expect(new Set(found)).toEqual(new Set([undefined]));
    expect(dropped).toHaveLength(1);
  });

  it('takes nothing from a writer whose lease has passed to another (architecture.md §8)', async () => {
    const key = `wuji:{${name}}:lease`;
    await shared.server.ask('SET', key, 'A');
    let token: string | undefined = 'A';
    const store = open({ fence: () => (token === undefined ? undefined : { key, token }) });
    expect(await store.commit([commitOf(null, 1, full(1))])).toBe('committed');
    const before = await linesOf(store, 'note@1.0');
    await shared.server.ask('SET', key, 'B');
    expect(await store.commit([commitOf(1, 2, rows({ a: 2 }))])).toBe('conflict');
    expect(await store.swap('note', null, '1.0')).toBe(false);
    await expect(store.drop('note@1.0')).rejects.toMatchObject({ code: 'deposed' });
    await shared.server.ask('DEL', key);
    expect(await store.commit([commitOf(1, 2, rows({ a: 2 }))])).toBe('conflict');
    expect(await linesOf(store, 'note@1.0')).toEqual(before);
    expect(await store.live('note')).toBeNull();
    token = undefined;
    expect(await store.commit([commitOf(1, 2, rows({ a: 2 }))])).toBe('committed');
  });

  it('lets one of several writers through at a time, each with a connection of its own', async () => {
    const write = async (): Promise<number> => {
      const own = connectRedis(shared.server.url, { onProblem: refuse, answerMs: 30_000 });
      onTestFinished(() => own.close());
      const store = openRedisReadStore({ connection: own, name, epoch: 'log-1', onDropped: refuse });
      for (let won = 0; ; ) {
        const at = await store.checkpoint('note@1.0');
        const events = at?.events ?? 0;
        if (events === 60) return won;
        const counters = new Map([['r', new Map([[encodeTuple(['k']), 1]])]]);
        const taken = await store.commit([commitOf(at === null ? null : events, events + 1, { counters })]);
        if (taken === 'committed') won++;
      }
    };
    const won = await Promise.all([write(), write(), write()]);
    expect(won.reduce((sum, one) => sum + one)).toBe(60);
    expect(await open().counters('note@1.0', 'r', [encodeTuple(['k'])])).toEqual([60]);
  });

  it('takes a batch of any size, and removes one', async () => {
    const store = open();
    // More than a call in JavaScript (some 120,000) or in Lua (some 8,000) may have arguments.
    const keys = Array.from({ length: 70_000 }, (_, i) => `row ${i}`);
    const some = keys.slice(0, 9_000);
    const entries = some.map((key, i) => entryOf([i], key));
    const counters = (n: number) => ({
      counters: new Map([['r', new Map(some.map((key) => [encodeTuple([key]), n]))]]),
    });
    await store.commit([
      commitOf(null, 1, {
        rows: new Map(keys.map((key, i) => [key, i])),
        indexes: new Map([['i', { add: entries, remove: [] }]]),
        ...counters(3),
      }),
    ]);
    expect(await store.stats('note@1.0')).toEqual({ rows: keys.length, entries: 9_000, counters: 9_000 });
    const found = await store.rows('note@1.0', [...keys, ...keys, 'none']);
    expect(found.join()).toBe([...keys.keys(), ...keys.keys(), undefined].join());
    expect(await store.scan('note@1.0', 'i', { ...rangeOf({}), limit: 10_000 })).toEqual(entries);
    const counts = await store.countersIn('note@1.0', 'r', rangeOf({}));
    expect([counts.length, counts.filter(({ count }) => count !== 3)]).toEqual([9_000, []]);
    await store.commit([
      commitOf(1, 2, {
        rows: new Map(keys.map((key) => [key, null])),
        indexes: new Map([['i', { add: [], remove: entries }]]),
        ...counters(-3),
      }),
    ]);
    expect(await store.stats('note@1.0')).toEqual({ rows: 0, entries: 0, counters: 0 });
  });

  it('takes rows of 2 KB by the thousand in one commit', async () => {
    const store = open();
    const text = '建议'.repeat(340);
    await store.commit([
      commitOf(null, 1, { rows: new Map(Array.from({ length: 2_000 }, (_, i) => [`${i}`, { text }])) }),
    ]);
    expect(await store.row('note@1.0', '1999')).toEqual({ text });
  });

  it('refuses a counter that is no whole number, and writes nothing', async () => {
    const half = { counters: new Map([['r', new Map([[encodeTuple(['k']), 0.5]])]]) };
    await expect(open().commit([commitOf(null, 1, half)])).rejects.toThrow(RangeError);
    expect(await open().checkpoint('note@1.0')).toBeNull();
  });

  it('dumps the same lines as the embedded store', async () => {
    const embedded = openEmbeddedReadStore({ folder: await temporaryFolder(), epoch: 'log-1', onDropped: refuse });
    onTestFinished(() => embedded.close());
    const store = open();
    const names = Array.from({ length: 1_200 }, (_, i) => `${['z', 'A', '会', '🙂', 'é'][i % 5]}${i}`);
    const commit = commitOf(null, 1, {
      rows: new Map(names.map((key, i) => [key, { i }])),
      indexes: new Map([
        ['i', { add: names.map((key) => entryOf([key], key)), remove: [] }],
        ['b', { add: [entryOf([null, true, -1], 'a')], remove: [] }],
      ]),
      counters: new Map([['r', new Map(names.map((key, i) => [encodeTuple([key]), i + 1]))]]),
    });
    for (const each of [embedded, store]) await each.commit([commit]);
    const lines = await linesOf(store, 'note@1.0');
    expect(lines).toHaveLength(3 * 1_200 + 2);
    expect(lines).toEqual(await linesOf(embedded, 'note@1.0'));
  });

  it('breaks off a dump of a table that is changed meanwhile', async () => {
    const store = open();
    await store.commit([commitOf(null, 1, full(1))]);
    const lines = store.dump('note@1.0')[Symbol.asyncIterator]();
    expect((await lines.next()).value).toContain(position(1));
    await store.commit([commitOf(1, 2, rows({ a: 2 }))]);
    await expect(lines.next()).rejects.toThrow('changed while it was dumped');
  });
});

async function linesOf(store: ReadStore, table: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of store.dump(table)) lines.push(line);
  return lines;
}
