import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openEmbeddedKeyVault } from '../../../src/infra/seals/embedded.js';
import { keyVaultContract } from '../../contract/key-vault.contract.js';
import { memoryVault } from '../../support/seals.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

keyVaultContract('the vault of the tests', async () => {
  const vault = memoryVault();
  return { vault, again: async () => vault };
});

keyVaultContract('a vault in a folder', async () => {
  const folder = join(await temporaryFolder(), 'vault');
  const open = async () => {
    const vault = openEmbeddedKeyVault(folder);
    onTestFinished(() => vault.close());
    return vault;
  };
  return { vault: await open(), again: open };
});
