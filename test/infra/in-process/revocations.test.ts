import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRevocations } from '../../../src/infra/in-process/revocations.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { nextYear, revocationsContract, tokenOf } from '../../contract/revocations.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

revocationsContract('in-process', async (now) => {
  const file = join(await temporaryFolder(), 'revoked', 'tokens.json');
  return { open: () => openRevocations(file, now), end: async () => {} };
});

describe('revocations in a file', () => {
  const now = () => 0;
  const revoked = tokenOf('m', { id: 'j-1' });

  it('do not let a server start that has forgotten them: a damaged file is told as what it is', async () => {
    const file = join(await temporaryFolder(), 'revoked.json');
    for (const text of ['', '[{"token":"j-1"', '{}', '[{"token":1,"until":2}]']) {
      await writeFile(file, text);
      await expect(openRevocations(file, now)).rejects.toMatchObject({ code: 'unknown_format' });
    }
  });

  it('are replaced whole: what a power cut left of the next file does not matter', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'revoked.json');
    await (await openRevocations(file, now)).revoke({ token: 'j-1', until: nextYear });
    expect(await readdir(folder)).toEqual(['revoked.json']);
    await writeFile(`${file}.new`, '[{"tok');
    expect((await openRevocations(file, now)).isRevoked(revoked)).toBe(true);
  });

  it('that cannot be written are in force all the same, and are written when they are given again', async () => {
    const folder = join(await temporaryFolder(), 'data');
    await writeFile(folder, 'a file where the folder should be');
    const file = join(folder, 'revoked.json');
    await expect(openRevocations(file, now)).rejects.toThrow(StoreUnavailable);

    const other = join(await temporaryFolder(), 'data');
    const node = await openRevocations(join(other, 'revoked.json'), now);
    await writeFile(other, 'a file where the folder should be');
    await expect(node.revoke({ token: 'j-1', until: nextYear })).rejects.toThrow(StoreUnavailable);
    expect(node.isRevoked(revoked)).toBe(true);
    await rm(other);
    await node.revoke({ token: 'j-1', until: nextYear });
    expect((await openRevocations(join(other, 'revoked.json'), now)).isRevoked(revoked)).toBe(true);
  });
});
