import { describe, expect, it } from 'vitest';
import type { KeyVault } from '../../src/infra/seals/key-vault.js';
import { createMasterKey } from '../../src/infra/seals/master-key.js';
import { createSeals } from '../../src/infra/seals/seals.js';
import { masterKey } from '../support/seals.js';

/** `again`: what another node, or the next start, opens. Both are ended with the test. */
export type OpenVault = () => Promise<{ readonly vault: KeyVault; readonly again: () => Promise<KeyVault> }>;

const at = '2026-03-02T02:00:00.000Z';
const subject = '11111111-1111-5111-8111-111111111111';
const key = { subject, category: 'IDENTITY' } as const;
const place = '22222222-2222-5222-8222-222222222222 name';

async function all(vault: KeyVault) {
  const found: [string, unknown][] = [];
  for await (const [name, entry] of vault.entries()) found.push([name, entry]);
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What every key vault promises (`src/infra/seals/key-vault.ts`). */
export function keyVaultContract(name: string, open: OpenVault): void {
  describe(`${name} keeps keys (issue 5, part 3)`, () => {
    it('the first key of a name stays, whoever else makes one', async () => {
      const { vault, again } = await open();
      expect(await vault.get('a')).toBeUndefined();
      const made = await Promise.all([vault.add('a', 'one'), vault.add('a', 'two')]);
      expect(made[0]).toEqual(made[1]);
      expect(await (await again()).add('a', 'three')).toEqual(made[0]);
    });

    it('what is destroyed stays destroyed, and no key of its name is made again', async () => {
      const { vault, again } = await open();
      await vault.add('a', 'one');
      await vault.destroy('a', at);
      await vault.destroy('a', '2027-01-01T00:00:00.000Z');
      await vault.destroy('never made', at);
      const other = await again();
      expect(await other.get('a')).toEqual({ destroyedAt: at });
      expect(await other.add('a', 'two')).toEqual({ destroyedAt: at });
      expect(await other.rewrap('a', 'one', 'two')).toBe(false);
      expect(await other.add('never made', 'one')).toEqual({ destroyedAt: at });
    });

    it('another wrapping takes the place of the one that it was made from, and of no other', async () => {
      const { vault } = await open();
      await vault.add('a', 'one');
      expect(await vault.rewrap('a', 'else', 'two')).toBe(false);
      expect(await vault.rewrap('a', 'one', 'two')).toBe(true);
      expect(await vault.get('a')).toEqual({ wrapped: 'two' });
      expect(await vault.rewrap('missing', 'one', 'two')).toBe(false);
    });

    it('all entries can be listed, also very many', async () => {
      const { vault, again } = await open();
      const names = Array.from({ length: 1_200 }, (_, n) => `key ${String(n).padStart(4, '0')}`);
      await Promise.all(names.map((each) => vault.add(each, 'w')));
      await vault.destroy('key 0001', at);
      const found = await all(await again());
      expect(found.map(([each]) => each)).toEqual(names);
      expect(found[1]).toEqual(['key 0001', { destroyedAt: at }]);
    });

    it('two nodes seal and open with one key; a destroyed one opens nowhere that does not hold it, and after `forget` nowhere', async () => {
      const { vault, again } = await open();
      const sealsOf = (of: KeyVault) =>
        createSeals({ vault: of, wrapper: createMasterKey([masterKey(1)], name), place: name });
      const [one, two, three] = [sealsOf(vault), sealsOf(await again()), sealsOf(await again())];
      const sealed = await one.seal(key, place, '张三');
      if (sealed === 'ERASED') throw new Error('erased');
      expect(await two.seal(key, place, '张三')).toEqual(sealed);
      expect(await two.open(sealed)).toEqual({ text: '张三' });
      await one.destroy(subject, ['IDENTITY'], at);
      expect(await one.open(sealed)).toBe('ERASED');
      expect(await three.open(sealed)).toBe('ERASED');
      two.forget(subject);
      expect(await two.open(sealed)).toBe('ERASED');
      expect(await two.seal(key, place, '张三')).toBe('ERASED');
    });
  });
}
