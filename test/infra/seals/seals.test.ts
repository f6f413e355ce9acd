import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sealed } from '../../../src/domain/kernel/personal.js';
import type { KeyVault } from '../../../src/infra/seals/key-vault.js';
import { createMasterKey } from '../../../src/infra/seals/master-key.js';
import { createSeals } from '../../../src/infra/seals/seals.js';
import { masterKey, memoryVault, sealsOf } from '../../support/seals.js';

const id = (n: number) => `11111111-1111-5111-8111-${String(n).padStart(12, '0')}`;
const key = { subject: id(1), category: 'CONTACT' } as const;

async function sealed(
  seals: ReturnType<typeof sealsOf>,
  at: string,
  text: string,
  of: typeof key = key,
): Promise<Sealed> {
  const made = await seals.seal(of, at, text);
  if (made === 'ERASED') throw new Error('erased');
  return made;
}

describe('sealed personal data (issue 5, part 3)', () => {
  it('opens to what it was, and the same text at the same place gives the same bytes: a retry proposes the same event', async () => {
    const vault = memoryVault();
    const [one, two] = [sealsOf(vault), sealsOf(vault)];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (text, at) => {
        const made = await sealed(one, at, text);
        expect(await two.open(made)).toEqual({ text });
        expect(await sealed(two, at, text)).toEqual(made);
      }),
    );
  });

  it('never uses a nonce twice: another text, or another place, gives another', async () => {
    const seals = sealsOf(memoryVault());
    const nonce = ({ sealed: bytes }: Sealed) => bytes.slice(0, 16);
    const texts = await Promise.all(
      ['a', 'b'].flatMap((text) => ['e1 name', 'e2 name'].map((at) => sealed(seals, at, text))),
    );
    expect(new Set(texts.map(nonce)).size).toBe(4);
    expect(new Set(texts.map(({ sealed: bytes }) => bytes.slice(16))).size).toBe(4);
  });

  it('says nothing of the text but its length', async () => {
    const made = await sealed(sealsOf(memoryVault()), 'e name', '13812345678');
    expect(JSON.stringify(made)).not.toContain('13812345678');
    expect(Buffer.from(made.sealed, 'base64url').toString('latin1')).not.toContain('13812345678');
  });

  it('does not open when a byte was changed, or when it was moved to another field, event, category or subject', async () => {
    const seals = sealsOf(memoryVault());
    const made = await sealed(seals, 'e1 name', 'text');
    await sealed(seals, 'e1 name', 'text', { subject: id(2), category: 'CONTACT' } as unknown as typeof key);
    const moved: readonly Partial<Sealed>[] = [
      { at: 'e1 nameMn' },
      { at: 'e2 name' },
      { category: 'IDENTITY' },
      { subject: id(2) },
      { sealed: `A${made.sealed.slice(1)}` },
      { sealed: `${made.sealed.slice(0, -1)}${made.sealed.endsWith('A') ? 'Q' : 'A'}` },
    ];
    await seals.seal({ subject: key.subject, category: 'IDENTITY' }, 'e', 'other');
    for (const change of moved)
      await expect((async () => seals.open({ ...made, ...change }))(), JSON.stringify(change)).rejects.toMatchObject({
        code: 'damaged',
      });
  });

  it('of a subject whose key is not in the vault is not taken for erased: the vault has lost it', async () => {
    const made = await sealed(sealsOf(memoryVault()), 'e', 'text');
    await expect(sealsOf(memoryVault()).open(made)).rejects.toMatchObject({ code: 'lost' });
  });

  it('a key that was on its way while it was to be forgotten is not kept', async () => {
    const vault = memoryVault();
    const made = await sealed(sealsOf(vault), 'e', 'text');
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: KeyVault = { ...vault, get: async (name) => asked.then(() => entry(name)) };
    const before = await vault.get(`${key.subject}.CONTACT`);
    let entry = async (_name: string) => before;
    const seals = createSeals({ vault: slow, wrapper: createMasterKey([masterKey(1)], 'm'), place: 'm' });
    const opening = seals.open(made);
    seals.forget(key.subject);
    answer();
    expect(await opening).toEqual({ text: 'text' });
    await vault.destroy(`${key.subject}.CONTACT`, 'now');
    entry = (name) => vault.get(name);
    expect(await seals.open(made)).toBe('ERASED');
  });
});
