import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { headFile } from '../../../src/infra/head-file.js';
import { connectRedis } from '../../../src/infra/redis/connection.js';
import { createRedisHeadBook } from '../../../src/infra/redis/head-book.js';
import { RedisUnavailable } from '../../../src/infra/redis/unavailable.js';
import type { AuditKey, SignedHead } from '../../../src/projections/ledger/ports.js';
import { headBookContract } from '../../contract/head-book.contract.js';
import { headBy, newKey } from '../../support/audit-keys.js';
import { startRedisServer } from '../../support/redis-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { sharedServer } from './shared-server.js';

const shared = sharedServer();
let made = 0;

headBookContract('Redis', async () => {
  const name = `heads-${made++}`;
  const path = join(await temporaryFolder(), 'audit', 'heads.jsonl');
  return { path, open: () => createRedisHeadBook({ connection: shared.connection, name, path }) };
});

/** Nodes of one system, each with a folder of its own. */
async function nodes() {
  const name = `heads-${made++}`;
  const key = await newKey();
  const node = async (...own: SignedHead[]) => {
    const path = join(await temporaryFolder(), 'audit', 'heads.jsonl');
    await mkdir(dirname(path));
    for (const head of own) await appendFile(path, `${JSON.stringify(head)}\n`);
    const open = () => createRedisHeadBook({ connection: shared.connection, name, path });
    const inFile = async () => (await headFile(path).heads('log')).map(({ size }) => size);
    return { path, open, book: open(), inFile };
  };
  return { key, node, redisKey: `wuji:{${name}}:heads:log` };
}
const sizesOf = async (book: { heads(log: string): Promise<readonly SignedHead[]> }) =>
  (await book.heads('log')).map(({ size }) => size);
const heads = (key: AuditKey, ...sizes: number[]) => sizes.map((size) => headBy(key, { size }));
const [one, two, three] = [1, 2, 3];

describe('the heads of several nodes (issue 5 part 1)', () => {
  it('a node that takes over knows what the others signed, also before it was there, and has it in its own file', async () => {
    const { key, node } = await nodes();
    const first = await node();
    for (const head of heads(key, one, two)) await first.book.add(head, await first.book.heads('log'));
    const second = await node();
    expect(await sizesOf(second.book)).toEqual([one, two]);
    const [next] = heads(key, three);
    await second.book.add(next as SignedHead, await second.book.heads('log'));
    expect(await sizesOf(first.book)).toEqual([one, two, three]);
    expect([await first.inFile(), await second.inFile()]).toEqual([
      [one, two, three],
      [one, two, three],
    ]);
  });

  it('a head cannot be added by a node that has not seen what another has added meanwhile', async () => {
    const { key, node } = await nodes();
    const [first, second] = [await node(), await node()];
    const known = await second.book.heads('log');
    const [a, b] = heads(key, one, two);
    expect(await first.book.add(a as SignedHead, [])).toBe(true);
    expect(await second.book.add(b as SignedHead, known)).toBe(false);
    expect(await second.inFile()).toEqual([]);
    expect(await second.book.add(b as SignedHead, await second.book.heads('log'))).toBe(true);
  });

  it('files that were kept by each node for itself are put together, whichever comes first', async () => {
    const { key, node } = await nodes();
    const first = await node(...heads(key, 1, 4));
    const second = await node(...heads(key, 2, 3));
    await first.book.heads('log');
    expect(await sizesOf(second.book)).toEqual([1, 2, 3, 4]);
    expect(await sizesOf(first.book)).toEqual([1, 2, 3, 4]);
    expect(await first.inFile()).toEqual([1, 2, 3, 4]);
  });

  it('an emptied Redis is filled again by whoever looks, while it runs and when it starts', async () => {
    const { key, node, redisKey } = await nodes();
    const first = await node(...heads(key, 1, 2));
    await first.book.heads('log');
    for (const book of [first.book, first.open()]) {
      await shared.server.flush();
      expect(await sizesOf(book)).toEqual([1, 2]);
      expect(await shared.server.ask('ZCARD', redisKey)).toBe(2);
    }
    await shared.server.flush();
    const second = await node();
    const [later] = heads(key, 5);
    await second.book.add(later as SignedHead, await second.book.heads('log')); // knows nothing of the first two
    expect(await sizesOf(first.book)).toEqual([1, 2, 5]);
    expect(await sizesOf(second.book)).toEqual([1, 2, 5]);
  });

  it('a node that has lost its file has it again', async () => {
    const { key, node } = await nodes();
    const first = await node(...heads(key, 1, 2));
    await first.book.heads('log');
    await rm(first.path);
    expect(await sizesOf(first.open())).toEqual([1, 2]);
    expect(await first.inFile()).toEqual([1, 2]);
  });

  it.each([
    ['nobody has signed', (line: string) => line.replace('"size":9', '"size":8')],
    ['is of another log', (line: string) => line],
    ['is written in another way', (line: string) => line.replace('{', '{ ')],
  ])('what somebody has put into Redis and %s is named, and reaches no file', async (what, change) => {
    const { key, node, redisKey } = await nodes();
    const first = await node(...heads(key, 1));
    await first.book.heads('log');
    const forged = headBy(key, { size: 9, log: what === 'is of another log' ? 'other' : 'log' });
    await shared.server.ask('ZADD', redisKey, 9, change(JSON.stringify(forged)));
    for (const book of [first.book, first.open()]) await expect(sizesOf(book)).rejects.toThrow(/nobody has signed/);
    expect(await readFile(first.path, 'utf8')).not.toContain(forged.signature);
  });

  it('while Redis is away nothing is told and nothing added, and what was known is known after it', async () => {
    const redis = await startRedisServer();
    onTestFinished(() => redis.stop());
    const connection = connectRedis(redis.url, { onProblem: () => {}, patienceMs: 200 });
    onTestFinished(() => connection.close());
    const path = join(await temporaryFolder(), 'heads.jsonl');
    const book = createRedisHeadBook({ connection, name: 'away', path });
    const [a, b] = heads(await newKey(), 1, 2) as [SignedHead, SignedHead];
    await book.add(a, await book.heads('log'));
    await redis.kill();
    await expect(book.heads('log')).rejects.toThrow(RedisUnavailable);
    await expect(book.add(b, [a])).rejects.toThrow(RedisUnavailable);
    await redis.restart(); // empty
    await vi.waitFor(async () => expect(await book.heads('log')).toEqual([a]), { timeout: 15_000 });
    expect(await book.add(b, [a])).toBe(true);
  });
});
