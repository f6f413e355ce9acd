import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { closeAll } from '../../src/infra/closing.js';
import type { OpenKeys } from '../../src/infra/seals/open.js';
import { openKeys } from '../../src/infra/seals/open.js';
import { startRedisServer } from '../support/redis-server.js';
import { masterKey } from '../support/seals.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

const subject = '11111111-1111-5111-8111-111111111111';
const [gone, kept] = [
  { subject, category: 'CONTACT' },
  { subject, category: 'IDENTITY' },
] as const;
const base64 = (first: number) => masterKey(first).toString('base64');

async function withSeals<T>(dataDir: string, file: string, work: (keys: OpenKeys) => Promise<T>, keyVaultUrl?: string) {
  const closing: (() => unknown)[] = [];
  try {
    return await work(await openFrom(dataDir, file, closing, keyVaultUrl));
  } finally {
    await closeAll(closing);
  }
}
async function openFrom(dataDir: string, file: string, closing: (() => unknown)[], keyVaultUrl?: string) {
  const masterKey = await readFile(file, 'utf8');
  const keys = await openKeys(
    { mode: 'production', name: 'wuji', dataDir, masterKey, keyVaultUrl },
    { closing, onProblem: () => {}, onDevelopmentKey: () => {} },
  );
  if (isRefusal(keys)) throw new Error(keys.refused);
  return keys;
}

/** A vault with one key, and one that was destroyed. */
async function vault() {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'master');
  await writeFile(file, base64(1));
  const env = { WUJI_MODE: 'production', WUJI_DATA: dataDir, WUJI_MASTER_KEY_FILE: file };
  const sealed = await withSeals(dataDir, file, async ({ seals }) => {
    await seals.seal(gone, 'e', 'telephone');
    await seals.destroy(subject, ['CONTACT'], '2026-03-02T02:00:00.000Z');
    return seals.seal(kept, 'e', '萨仁');
  });
  if (sealed === 'ERASED') throw new Error('erased');
  return { dataDir, file, env, sealed };
}

test('rotate-key: afterwards the new master key alone opens everything, and the old one nothing (issue 5, part 3)', async () => {
  const { dataDir, file, env, sealed } = await vault();
  await writeFile(file, `${base64(7)}\n${base64(1)}\n`);
  const rotate = () => wuji(['privacy', 'rotate-key', '--lang', 'en'], { env });
  expect(await rotate()).toMatchObject({ code: 0, out: 'wrapped anew: 2, as they were: 1\n' });
  expect(await rotate()).toMatchObject({ code: 0, out: 'wrapped anew: 0, as they were: 3\n' });
  await writeFile(file, base64(1));
  expect(await rotate()).toMatchObject({ code: 1, err: expect.stringContaining('MASTER_KEY_OTHER') });
  await writeFile(file, base64(7));
  await withSeals(dataDir, file, async ({ seals }) => {
    expect(await seals.open(sealed)).toEqual({ text: '萨仁' });
    expect(await seals.seal(gone, 'e', 'again')).toBe('ERASED');
  });
});

test('copy-keys: another vault opens the same, and keeps what was destroyed', async () => {
  const { file, env, sealed } = await vault();
  const target = await temporaryFolder();
  const copy = await wuji(['privacy', 'copy-keys', '--to', target, '--lang', 'en'], { env });
  expect(copy).toMatchObject({ code: 0, out: 'keys 1, destroyed 1\n' });
  await withSeals(target, file, async ({ seals }) => {
    expect(await seals.open(sealed)).toEqual({ text: '萨仁' });
    expect(await seals.seal(gone, 'e', 'again')).toBe('ERASED');
  });
});

test('copy-keys to a real Redis and back: the same opens, what was destroyed stays so, and running it again is harmless', async () => {
  const { dataDir, file, env, sealed } = await vault();
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const copyTo = (place: string, from: Readonly<Record<string, string>> = env) =>
    wuji(['privacy', 'copy-keys', '--to', place, '--lang', 'en'], { env: from });
  const opensAll = ({ seals }: OpenKeys) =>
    Promise.all([seals.open(sealed), seals.seal(gone, 'e', 'again')]).then((found) =>
      expect(found).toEqual([{ text: '萨仁' }, 'ERASED']),
    );

  const toRedis = () => copyTo(redis.url);
  expect(await toRedis()).toMatchObject({ code: 0, out: 'keys 1, destroyed 1\n' });
  const first = await redis.ask('HGETALL', 'wuji:{wuji}:keys');
  expect(JSON.stringify(first)).toContain(subject);
  expect(await toRedis()).toMatchObject({ code: 0, out: 'keys 1, destroyed 1\n' });
  expect(await redis.ask('HGETALL', 'wuji:{wuji}:keys'), 'nothing was written again').toEqual(first);
  await withSeals(dataDir, file, opensAll, redis.url);

  const back = await temporaryFolder();
  const toFolder = () => copyTo(back, { ...env, WUJI_KEY_VAULT_URL: redis.url });
  expect(await toFolder()).toMatchObject({ code: 0, out: 'keys 1, destroyed 1\n' });
  expect(await toFolder()).toMatchObject({ code: 0, out: 'keys 1, destroyed 1\n' });
  await withSeals(back, file, opensAll);
}, 60_000);

test('copy-keys: erased in the source since the last copy, it is erased in Redis with the next', async () => {
  const { dataDir, file, env, sealed } = await vault();
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const copy = () => wuji(['privacy', 'copy-keys', '--to', redis.url, '--lang', 'en'], { env });
  await copy();
  await withSeals(dataDir, file, ({ seals }) => seals.destroy(subject, ['IDENTITY'], '2026-03-03T02:00:00.000Z'));
  expect(await copy()).toMatchObject({ code: 0, out: 'keys 0, destroyed 2\n' });
  await withSeals(dataDir, file, async ({ seals }) => expect(await seals.open(sealed)).toBe('ERASED'), redis.url);
}, 60_000);

test('copy-keys takes no vault for its own: of another master key, or with other keys of the same names', async () => {
  const { file, env } = await vault();
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const copy = (from = env) => wuji(['privacy', 'copy-keys', '--to', redis.url], { env: from });
  const other = await temporaryFolder();
  const otherFile = join(other, 'master');
  await writeFile(otherFile, base64(7));
  await withSeals(other, otherFile, ({ seals }) => seals.seal(kept, 'e', '别人'), redis.url);
  const before = await redis.ask('HGETALL', 'wuji:{wuji}:keys');
  expect(await copy()).toMatchObject({ code: 1, err: expect.stringContaining('MASTER_KEY_OTHER') });
  // Both master keys at hand, the vault opens; the keys in it are others all the same.
  await writeFile(file, `${base64(7)}\n${base64(1)}\n`);
  expect(await copy()).toMatchObject({ code: 1, err: expect.stringContaining('VAULT_HAS_OTHER_KEYS') });
  expect(await redis.ask('HGETALL', 'wuji:{wuji}:keys'), 'nothing was changed').toEqual(before);
  await writeFile(file, base64(9));
  expect(await copy(), 'the source').toMatchObject({ code: 1, err: expect.stringContaining('MASTER_KEY_OTHER') });
}, 60_000);

test('without a master key production says what to do', async () => {
  const env = { WUJI_MODE: 'production', WUJI_DATA: await temporaryFolder() };
  expect(await wuji(['privacy', 'rotate-key'], { env })).toMatchObject({
    code: 1,
    err: expect.stringContaining('openssl rand -base64 32'),
  });
});
