import { beforeEach, describe, expect, it } from 'vitest';
import { openRedisReadStore } from '../../../src/infra/redis/read-store.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { commitOf, rows } from '../../contract/read-store-commits.js';
import { refuse, sharedServer } from './shared-server.js';

const shared = sharedServer();

describe('a snapshot in Redis', () => {
  let name: string;
  let store: ReadStore;
  let at: number;
  let made = 0;
  beforeEach(async () => {
    name = `snapshot-${made++}`;
    store = openRedisReadStore({ connection: shared.connection, name, epoch: 'log', onDropped: refuse });
    at = 1;
    await store.commit([commitOf(null, 1, rows({ a: 1, b: 1 })), commitOf(null, 1, { table: 'other@1.0' })]);
  });
  const commit = (changes = {}, table = 'note@1.0') => store.commit([commitOf(at, ++at, { table, ...changes })]);
  const write = () => commit(rows({ a: at + 1, b: at + 1 }));

  it('is read once when nothing is written', async () => {
    let runs = 0;
    await store.snapshot(async (view) => {
      runs++;
      return [await view.row('note@1.0', 'a'), await view.checkpoint('note@1.0'), await view.row('note', 'a')];
    });
    expect(runs).toBe(1);
  });

  it('is read once when only what it does not read is written', async () => {
    let runs = 0;
    const seen = await store.snapshot(async (view) => {
      runs++;
      const a = await view.row('note@1.0', 'a');
      expect(await store.commit([commitOf(1, 2, { table: 'other@1.0', ...rows({ c: 1 }) })])).toBe('committed');
      // Its checkpoint moves, its rows do not.
      expect(await commit()).toBe('committed');
      return [a, await view.row('note@1.0', 'b')];
    });
    expect([runs, seen]).toEqual([1, [1, 1]]);
  });

  it('breaks off a run as soon as it is overtaken, and forgets what that run threw or returned', async () => {
    let runs = 0;
    let beyond = 0;
    const seen = await store.snapshot(async (view) => {
      const first = ++runs === 1;
      const a = await view.row('note@1.0', 'a');
      if (first) await write();
      try {
        const b = await view.row('note@1.0', 'b');
        if (first) beyond++;
        return [a, b];
      } catch {
        return 'of a run that was overtaken';
      }
    });
    expect([seen, runs, beyond]).toEqual([[2, 2], 2, 0]);
  });

  it('ends although a writer commits between any two reads: after three runs writers wait for it, and then go on', async () => {
    let runs = 0;
    const writes: Promise<unknown>[] = [];
    const seen = await store.snapshot(async (view) => {
      runs++;
      const a = await view.row('note@1.0', 'a');
      const written = write();
      writes.push(written);
      // In the fourth run the writer only gets its turn after the reader.
      if (runs <= 3) await written;
      return [a, await view.row('note@1.0', 'b')];
    });
    expect([seen, runs]).toEqual([[4, 4], 4]);
    expect(await Promise.all(writes)).toEqual(['committed', 'committed', 'committed', 'committed']);
    expect(await store.row('note@1.0', 'a')).toBe(5);
  });

  it('makes swaps and drops wait, too', async () => {
    let runs = 0;
    const later: Promise<unknown>[] = [];
    const seen = await store.snapshot(async (view) => {
      runs++;
      const a = await view.row('note', 'a');
      if (runs <= 3) await write();
      else later.push(store.swap('note', null, '1.0'), store.drop('note@1.0'));
      return [a, await view.row('note@1.0', 'b')];
    });
    expect([seen, runs]).toEqual([[undefined, 4], 4]);
    expect(await Promise.all(later)).toEqual([true, undefined]);
    expect(await store.live('note')).toBe('1.0');
    expect(await store.checkpoint('note@1.0')).toBeNull();
  });

  it('a pause whose reader has died ends by itself', async () => {
    await shared.server.ask('SET', `wuji:{${name}}:read:pause`, 'of a dead reader', 'PX', 200);
    expect(await write()).toBe('committed');
  });

  it('does not let readers keep writers out: after a pause writers have their turn', async () => {
    await shared.server.ask('SET', `wuji:{${name}}:read:rest`, 'writers', 'PX', 60_000);
    let runs = 0;
    await store.snapshot(async (view) => {
      await view.row('note@1.0', 'a');
      if (++runs <= 5) await write();
      expect(await shared.server.ask('EXISTS', `wuji:{${name}}:read:pause`)).toBe(0);
      await view.row('note@1.0', 'b');
    });
    expect(runs).toBe(6);
  });

  it('is not taken in by a Redis that was emptied and filled between two reads', async () => {
    let runs = 0;
    const seen = await store.snapshot(async (view) => {
      const a = await view.row('note@1.0', 'a');
      if (++runs === 1) {
        await shared.server.flush();
        await store.commit([commitOf(null, 1, rows({ a: 9, b: 9 }))]);
      }
      return [a, await view.row('note@1.0', 'b')];
    });
    expect(seen).toEqual([9, 9]);
  });
});
