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
  const write = createWriter(keys, folder);
  return {
    async get(name) {
      keys.resetReadTxn(); // LMDB goes on reading as of a moment ago, and a key may have been destroyed since
      return keys.get(name);
    },
    add: (name, wrapped) =>
      write(() => {
        const present = keys.get(name);
        if (!present) keys.putSync(name, { wrapped });
        return present ?? { wrapped };
      }),
    rewrap: (name, from, to) =>
      write(() => {
        const present = keys.get(name);
        const stands = present !== undefined && 'wrapped' in present && present.wrapped === from;
        if (stands) keys.putSync(name, { wrapped: to });
        return stands;
      }),
    destroy: (name, at) =>
      write(() => {
        const present = keys.get(name);
        if (!present || 'wrapped' in present) keys.putSync(name, { destroyedAt: at });
      }),
    async *entries() {
      for (const { key, value } of keys.getRange()) yield [key, value];
    },
    close: () => keys.close(),
  };
}

/** `run` does the work, and gives what tells its result. */
type Write = { readonly run: () => () => void; readonly reject: (error: Error) => void };

/**
 * All writes of one turn share a transaction, which is on the disk when they resolve. LMDB's own way to do that beside
 * leaves rejections that nobody can catch: a full disk would end the process.
 */
function createWriter(keys: Database<KeyEntry, string>, folder: string) {
  let waiting: Write[] = [];
  function commit(): void {
    const writes = waiting;
    waiting = [];
    try {
      for (const tell of keys.transactionSync(() => writes.map(({ run }) => run()))) tell();
    } catch (error) {
      for (const { reject } of writes) reject(new VaultUnavailable('unreachable', folder, error));
    }
  }
  return <T>(work: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commit);
      const run = () => {
        const result = work();
        return () => resolve(result);
      };
      waiting.push({ run, reject });
    });
}

function begin(folder: string): Database<KeyEntry, string> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // `overlappingSync: false` is what makes a commit wait for the disk.
    return open<KeyEntry, string>({ path: folder, encoding: 'json', overlappingSync: false });
  } catch (error) {
    throw asStoreUnavailable(folder, error);
  }
}
