import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectRedis, type RedisConnection } from '../../../src/infra/redis/connection.js';
import { openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import { RedisUnavailable } from '../../../src/infra/redis/unavailable.js';
import { encodeTuple } from '../../../src/projections/kernel/index-key.js';
import type { Checkpoint, ReadStore } from '../../../src/projections/kernel/ports.js';
import { commitOf, position, rows } from '../../contract/read-store-commits.js';
import { type RedisServer, startRedisServer } from '../../support/redis-server.js';
import { forgetfulProxy } from './forgetful-proxy.js';

let server: RedisServer;
let problems: RedisUnavailable[];
let dropped: string[];
beforeEach(async () => {
  server = await startRedisServer();
  problems = [];
  dropped = [];
});
afterEach(() => server.stop());

function open(url = server.url): { store: ReadStore; connection: RedisConnection } {
  const connection = connectRedis(url, {
    onProblem: (problem) => problems.push(problem),
    patienceMs: 200,
    answerMs: 1_000,
  });
  onTestFinished(() => connection.close());
  const store = openRedisReadStore({ connection, name: 'faults', epoch: 'log', onDropped: (why) => dropped.push(why) });
  return { store, connection };
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'worked';
  } catch (error) {
    if (error instanceof RedisUnavailable) return error.code;
    throw error;
  }
};
/** Asks until it is told; each refusal has waited for the connection itself. */
async function answered(store: ReadStore): Promise<Checkpoint | null> {
  for (;;)
    try {
      return await store.checkpoint('note@1.0');
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
    }
}
const counted = { counters: new Map([['r', new Map([[encodeTuple(['k']), 1]])]]) };

describe('a read store whose Redis is in trouble', () => {
  it('fails while Redis is gone and works when it is back, empty, in the same process', async () => {
    const { store, connection } = open();
    await store.commit([commitOf(null, 1, rows({ a: 1 }))]);
    expect(connection.status()).toMatchObject({ state: 'ready', fault: undefined });

    await server.kill();
    expect(await codeOf(store.commit([commitOf(1, 2)]))).toBe('unreachable');
    expect(await codeOf(store.snapshot((view) => view.row('note@1.0', 'a')))).toBe('unreachable');
    expect(connection.status()).toMatchObject({ state: 'reconnecting', fault: 'unreachable' });
    expect(problems.map(({ code }) => code)).toEqual(['unreachable']);

    await server.restart();
    expect(await answered(store)).toBeNull();
    expect(connection.status()).toMatchObject({ state: 'ready', fault: undefined });
    expect(await store.commit([commitOf(1, 2)])).toBe('conflict');
    expect(await store.commit([commitOf(null, 2, rows({ a: 2 }))])).toBe('committed');
    expect(dropped).toEqual([]);
  });

  it('begins to work when Redis is started after the program', async () => {
    await server.kill();
    const { store, connection } = open();
    expect(await codeOf(store.tables())).toBe('unreachable');
    expect(connection.status()).toMatchObject({ state: 'connecting', fault: 'unreachable' });
    await server.restart();
    expect(await answered(store)).toBeNull();
  });

  it('fails while Redis hangs, and works when it goes on', async () => {
    const { store, connection } = open();
    await store.commit([commitOf(null, 1)]);
    server.signal('SIGSTOP');
    expect(await codeOf(store.checkpoint('note@1.0'))).toBe('unreachable');
    expect(connection.status().fault).toBe('unreachable');
    server.signal('SIGCONT');
    expect(await answered(store)).toEqual({ position: position(1), events: 1 });
    expect(connection.status()).toMatchObject({ state: 'ready', fault: undefined });
  });

  it('shows an emptied Redis as tables that do not exist', async () => {
    const { store } = open();
    await store.commit([commitOf(null, 1, rows({ a: 1 }))]);
    await store.swap('note', null, '1.0');
    await server.flush();
    expect(await store.checkpoint('note@1.0')).toBeNull();
    expect(await store.live('note')).toBeNull();
    expect(await store.commit([commitOf(1, 2)])).toBe('conflict');
    expect(await store.tables()).toEqual([]);
    expect(await store.commit([commitOf(null, 2)])).toBe('committed');
  });

  it('has committed once when the answer was lost with the connection', async () => {
    const proxy = await forgetfulProxy(server.port);
    onTestFinished(() => proxy.close());
    const { store } = open(proxy.url);
    await store.commit([commitOf(null, 1, counted)]);
    proxy.loseNextAnswer();
    expect(await store.commit([commitOf(1, 2, counted)])).toBe('committed');
    expect(proxy.lost()).toBe(1);
    expect(await store.counters('note@1.0', 'r', [encodeTuple(['k'])])).toEqual([2]);
  });

  it('is told of a replica, which can be read but not written', async () => {
    const { store, connection } = open();
    await store.commit([commitOf(null, 1, rows({ a: 1 }))]);
    await server.ask('REPLICAOF', '127.0.0.1', 1);
    expect(await codeOf(store.commit([commitOf(1, 2, rows({ a: 2 }))]))).toBe('readonly');
    expect(await store.row('note@1.0', 'a')).toBe(1);
    expect(connection.status().fault).toBe('readonly');
    await server.ask('REPLICAOF', 'NO', 'ONE');
    expect(await store.commit([commitOf(1, 2, rows({ a: 2 }))])).toBe('committed');
    expect(connection.status().fault).toBeUndefined();
  });

  it('waits until Redis has loaded its data, and then has it', async () => {
    const { store } = open();
    await store.commit([commitOf(null, 1)]);
    await server.ask('EVAL', "for i = 1, 20000 do redis.call('SET', 'filler' .. i, i) end", 0);
    await server.ask('SAVE');
    await server.kill();
    await server.restart('--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024');
    let code = '';
    while (code !== 'loading') code = await codeOf(store.checkpoint('note@1.0'));
    expect(problems.map((problem) => problem.code)).toEqual(['unreachable', 'loading']);
    await server.ask('CONFIG', 'SET', 'key-load-delay', 0);
    expect(await answered(store)).toEqual({ position: position(1), events: 1 });
  });

  it('writes nothing when Redis is out of memory, and goes on reading', async () => {
    const { store, connection } = open();
    const full = { ...rows({ a: 1 }), ...counted };
    await store.commit([commitOf(null, 1, full), commitOf(null, 1, { table: 'other@1.0', ...full })]);
    await server.ask('CONFIG', 'SET', 'maxmemory', 1);
    const next = [commitOf(1, 2, { ...rows({ a: null }), ...counted }), commitOf(null, 2, { table: 'third@1.0' })];
    expect(await codeOf(store.commit(next))).toBe('out_of_memory');
    expect(await codeOf(store.swap('note', null, '1.0'))).toBe('out_of_memory');
    expect(await store.row('note@1.0', 'a')).toBe(1);
    expect(await store.counters('note@1.0', 'r', [encodeTuple(['k'])])).toEqual([1]);
    expect((await store.tables()).map((table) => table.position)).toEqual([position(1), position(1)]);
    await store.drop('other@1.0');
    await server.ask('CONFIG', 'SET', 'maxmemory', 0);
    expect(await store.commit(next)).toBe('committed');
    expect(connection.status().fault).toBeUndefined();
  });

  it('stands at one committed moment after kill -9 of a Redis that keeps a file (architecture.md §6)', async () => {
    await server.kill();
    await server.restart('--appendonly', 'yes');
    const { store } = open();
    let acknowledged = 0;
    const last = 400;
    const commits = async () => {
      for (let n = 0; n < last; n++) {
        const from = n === 0 ? null : n;
        const changes = { ...rows({ row: n + 1 }), ...counted };
        const tables = ['note@1.0', 'other@1.0'].map((table) => commitOf(from, n + 1, { table, ...changes }));
        if ((await store.commit(tables)) === 'committed') acknowledged = n + 1;
        if (n === last / 2) void server.kill();
      }
    };
    expect(await codeOf(commits())).toBe('unreachable');
    await server.restart('--appendonly', 'yes');
    const at = await answered(store);
    expect(at?.events).toBeGreaterThanOrEqual(acknowledged);
    for (const table of ['note@1.0', 'other@1.0']) {
      expect(await store.checkpoint(table)).toEqual(at);
      expect(await store.row(table, 'row')).toBe(at?.events);
      expect(await store.counters(table, 'r', [encodeTuple(['k'])])).toEqual([at?.events]);
    }
  });

  it('goes on when Redis has forgotten its scripts', async () => {
    const { store } = open();
    await store.commit([commitOf(null, 1)]);
    await server.ask('SCRIPT', 'FLUSH');
    expect(await store.commit([commitOf(1, 2)])).toBe('committed');
    expect(await store.checkpoint('note@1.0')).toEqual({ position: position(2), events: 2 });
  });

  it('leaves tables to be made anew when a commit breaks off half-way', async () => {
    const { store } = open();
    await store.commit([commitOf(null, 1, counted)]);
    await server.ask('SET', 'wuji:{faults}:read:counted:note@1.0', 'spoilt by hand');
    const other = { counters: new Map([['r', new Map([[encodeTuple(['other']), 1]])]]) };
    expect(await codeOf(store.commit([commitOf(1, 2, { ...rows({ a: 1 }), ...other })]))).toBe('failed');
    expect(await store.checkpoint('note@1.0')).toBeNull();
    expect(await store.commit([commitOf(null, 2, counted)])).toBe('committed');
    expect(await store.stats('note@1.0')).toEqual({ rows: 0, entries: 0, counters: 1 });
  });
});

describe('a password', () => {
  it.each(['wrong-word', ''])('that Redis refuses is told without being shown: "%s"', async (password) => {
    await server.ask('CONFIG', 'SET', 'requirepass', 'right-word');
    const { store } = open(server.url.replace('//', `//:${password}@`));
    expect(await codeOf(store.checkpoint('note@1.0'))).toBe('auth');
    expect(problems.map(({ code }) => code)).toEqual(['auth']);
    const shown = inspect(problems, { depth: null, showHidden: true });
    expect(shown).toContain(`127.0.0.1:${server.port}`);
    expect(shown).not.toMatch(/(wrong|right)-word/);
  });

  it('that Redis knows opens the door, also when it has characters of its own in the URL', async () => {
    await server.ask('CONFIG', 'SET', 'requirepass', 'p@ss/wörd');
    const { store } = open(server.url.replace('//', `//:${encodeURIComponent('p@ss/wörd')}@`));
    expect(await store.checkpoint('note@1.0')).toBeNull();
  });

  it.each(['localhost:6379', 'http://:secret-word@localhost', 'redis://:secret-word@', 'redis://:secret-word@h/x'])(
    'does not show when the URL is none of Redis: %s',
    (url) => {
      let said: unknown;
      try {
        open(url);
      } catch (error) {
        said = error;
      }
      expect(said).toBeInstanceOf(RangeError);
      expect(inspect(said, { depth: null })).not.toContain('secret-word');
    },
  );
});

it('a closed connection says so, and closing twice does no harm', async () => {
  const { store, connection } = open();
  await store.commit([commitOf(null, 1)]);
  await connection.close();
  await connection.close();
  expect(await codeOf(store.checkpoint('note@1.0'))).toBe('closed');
  expect(problems).toEqual([]);
});
