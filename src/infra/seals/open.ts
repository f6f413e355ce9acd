import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Seals } from '../../domain/kernel/seal-ports.js';
import type { Closing } from '../closing.js';
import { readIfThere, writeOnce } from '../development-key.js';
import { asStoreUnavailable } from '../store-unavailable.js';
import { openEmbeddedKeyVault } from './embedded.js';
import type { KeyVault, KeyWrapper } from './key-vault.js';
import { VaultUnavailable } from './keys-unavailable.js';
import { createMasterKey, masterKeyRefusals, masterKeysOf } from './master-key.js';
import { createSeals } from './seals.js';

export type KeySettings = {
  readonly mode: 'development' | 'production';
  readonly dataDir: string;
  readonly name: string;
  readonly masterKey?: string | undefined;
  readonly keyVaultUrl?: string | undefined;
};
export type OpenKeys = {
  readonly seals: Seals;
  readonly vault: KeyVault;
  readonly wrapper: KeyWrapper;
  /** The vault's folder or server, for people. */
  readonly place: string;
};

type Deps = {
  readonly closing: Closing;
  readonly onProblem: (problem: unknown) => void;
  /** Told where the key is that development has made itself. */
  readonly onDevelopmentKey: (path: string) => void;
};

/** By it a vault tells its master key from any other. Its name cannot be a subject's. */
export const check = 'check';

/** The vault that the settings name, under the master key that they name. A refusal: the program may not start with them. */
export async function openKeys(settings: KeySettings, deps: Deps): Promise<OpenKeys | Refusal> {
  const masters = await masterKeys(settings, deps.onDevelopmentKey);
  if (isRefusal(masters)) return masters;
  const { vault, place } = await vaultOf(settings, deps);
  deps.closing.push(() => vault.close());
  const wrapper = createMasterKey(masters, place);
  try {
    const proof = (await vault.get(check)) ?? (await vault.add(check, await wrapper.wrap(check, randomBytes(32))));
    if ('wrapped' in proof) await wrapper.unwrap(check, proof.wrapped);
  } catch (error) {
    if (error instanceof VaultUnavailable && error.code === 'other_master_key')
      return masterKeyRefusals.MASTER_KEY_OTHER({ place });
    throw error;
  }
  return { vault, wrapper, place, seals: createSeals({ vault, wrapper, place }) };
}

async function masterKeys(settings: KeySettings, onDevelopmentKey: Deps['onDevelopmentKey']) {
  if (settings.masterKey !== undefined) return masterKeysOf(settings.masterKey, 'WUJI_MASTER_KEY');
  if (settings.mode === 'production') return masterKeyRefusals.MASTER_KEY_MISSING();
  const path = join(settings.dataDir, 'keys', 'master-development.key');
  await oneLine(settings.dataDir, 'master-development.key', () => randomBytes(32).toString('base64'));
  onDevelopmentKey(path);
  return masterKeysOf(await readFile(path, 'utf8'), path);
}

async function vaultOf(settings: KeySettings, { closing, onProblem }: Deps) {
  const url = settings.keyVaultUrl;
  if (url === undefined) {
    const folder = join(settings.dataDir, 'vault');
    return { vault: openEmbeddedKeyVault(folder), place: folder };
  }
  const [{ connectRedis }, { openRedisKeyVault }] = await Promise.all([
    import('../redis/connection.js'),
    import('../redis/key-vault.js'),
  ]);
  const connection = connectRedis(url, { onProblem });
  closing.push(() => connection.close());
  const { dataDir, name } = settings;
  const known = await readIfThere(join(dataDir, 'keys', lifeFile));
  const vault = await openRedisKeyVault({ connection, name, newLife: randomUUID(), known });
  await oneLine(dataDir, lifeFile, () => vault.life);
  return { vault, place: connection.server };
}

/** Which vault this node has worked with: an empty one must not take its place unseen. */
const lifeFile = 'vault-life';

/** Written at the first call and never again; only the owner can read it. */
async function oneLine(dataDir: string, file: string, text: () => string): Promise<void> {
  const folder = join(dataDir, 'keys');
  try {
    if ((await readIfThere(join(folder, file))) !== undefined) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeOnce(join(folder, file), text());
  } catch (error) {
    throw asStoreUnavailable(dataDir, error);
  }
}
