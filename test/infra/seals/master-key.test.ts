import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { closeAll } from '../../../src/infra/closing.js';
import { createMasterKey, masterKeysOf } from '../../../src/infra/seals/master-key.js';
import type { KeySettings } from '../../../src/infra/seals/open.js';
import { openKeys } from '../../../src/infra/seals/open.js';
import { masterKey } from '../../support/seals.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const base64 = (key: Buffer) => key.toString('base64');

async function opened(settings: Partial<KeySettings> & { dataDir: string }) {
  const closing: (() => unknown)[] = [];
  const made: string[] = [];
  const keys = await openKeys(
    { mode: 'production', name: 'wuji', ...settings },
    { closing, onProblem: (problem) => expect.fail(String(problem)), onDevelopmentKey: (path) => made.push(path) },
  );
  onTestFinished(() => closeAll(closing));
  return { keys, made, close: () => closeAll(closing) };
}

describe('the master key (issue 5, part 3)', () => {
  it('production does not start without one, nor with a weak or unreadable one', async () => {
    const dataDir = await temporaryFolder();
    const refusedWith = async (settings: Partial<KeySettings>) => {
      const { keys } = await opened({ dataDir, ...settings });
      return isRefusal(keys) ? keys.refused : 'opened';
    };
    expect(await refusedWith({})).toBe('MASTER_KEY_MISSING');
    const weak = [
      '',
      'password',
      base64(Buffer.alloc(32)),
      base64(randomBytes(16)),
      base64(Buffer.from('ab'.repeat(16))),
    ];
    for (const text of weak) expect(await refusedWith({ masterKey: text })).toBe('MASTER_KEY_WEAK');
    expect(await refusedWith({ masterKey: `${base64(randomBytes(32))}\nshort` })).toBe('MASTER_KEY_WEAK');
    expect(await refusedWith({ masterKey: `${base64(randomBytes(32))}\n${base64(randomBytes(32))}` })).toBe('opened');
  });

  it('development makes its own, says so, and finds it again; only its owner can read it', async () => {
    const dataDir = await temporaryFolder();
    const first = await opened({ mode: 'development', dataDir });
    if (isRefusal(first.keys)) throw new Error(first.keys.refused);
    const [path = ''] = first.made;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(masterKeysOf(await readFile(path, 'utf8'), path)).toHaveLength(1);
    const sealed = await first.keys.seals.seal({ subject: 's', category: 'IDENTITY' }, 'e', 'text');
    await first.close();
    const second = await opened({ mode: 'development', dataDir });
    if (isRefusal(second.keys) || sealed === 'ERASED') throw new Error('refused');
    expect(await second.keys.seals.open(sealed)).toEqual({ text: 'text' });
  });

  it('a vault does not open under another master key than its own; the old one may stand below the new', async () => {
    const dataDir = await temporaryFolder();
    const [old, next] = [base64(masterKey(1)), base64(masterKey(9))];
    await (await opened({ dataDir, masterKey: old })).close();
    expect((await opened({ dataDir, masterKey: next })).keys).toMatchObject({ refused: 'MASTER_KEY_OTHER' });
    expect((await opened({ dataDir, masterKey: `${next},${old}` })).keys).toHaveProperty('seals');
  });

  it('a wrapped key is bound to its name, and to every byte', async () => {
    const wrapper = createMasterKey([masterKey(1)], 'vault');
    const wrapped = await wrapper.wrap('a', masterKey(3));
    expect(await wrapper.unwrap('a', wrapped)).toEqual(masterKey(3));
    expect(await wrapper.wrap('a', masterKey(3))).not.toBe(wrapped);
    await expect(wrapper.unwrap('b', wrapped)).rejects.toMatchObject({ code: 'damaged' });
    await expect(wrapper.unwrap('a', `${wrapped.slice(0, -4)}AAAA`)).rejects.toMatchObject({ code: 'damaged' });
    await expect(wrapper.unwrap('a', 'nonsense')).rejects.toMatchObject({ code: 'damaged' });
  });
});
