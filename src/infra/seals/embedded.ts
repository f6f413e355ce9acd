import { mkdirSync } from 'node:fs';
import type { Database } from 'lmdb';
import { open } from 'lmdb';
import { asStoreUnavailable } from '../store-unavailable.js';
import type { KeyEntry, KeyVault } from './key-vault.js';
import { VaultUnavailable } from './keys-unavailable.js';

/**
 * In LMDB, in a folder of its own: it has another backup, and another life, than the log beside it. Throws
 * `StoreUnavailable` when the folder cannot be used. Several processes may use it at once.
 */
export function openEmbeddedKeyVault(folder: string): KeyVault {
  const keys = begin(folder);
  /** One transaction; it is on the disk when it resolves. */
  async function write<T>(work: () => T): Promise<T> {
    try {
      const result = await keys.transaction(work);
      await keys.flushed;
      return result;
    } catch (error) {
      throw new VaultUnavailable('unreachable', folder, error);
    }
  }
  return {
    async get(name) {
      keys.resetReadTxn(); // LMDB goes on reading as of a moment ago, and a key may have been destroyed since
      return keys.get(name);
    },
    add: (name, wrapped) =>
      write(() => {
        const present = keys.get(name);
        if (!present) void keys.put(name, { wrapped });
        return present ?? { wrapped };
      }),
    rewrap: (name, from, to) =>
      write(() => {
        const present = keys.get(name);
        const stands = present !== undefined && 'wrapped' in present && present.wrapped === from;
        if (stands) void keys.put(name, { wrapped: to });
        return stands;
      }),
    destroy: (name, at) =>
      write(() => {
        const present = keys.get(name);
        if (!present || 'wrapped' in present) void keys.put(name, { destroyedAt: at });
      }),
    async *entries() {
      for (const { key, value } of keys.getRange()) yield [key, value];
    },
    close: () => keys.close(),
  };
}

function begin(folder: string): Database<KeyEntry, string> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return open<KeyEntry, string>({ path: folder, encoding: 'json' });
  } catch (error) {
    throw asStoreUnavailable(folder, error);
  }
}
