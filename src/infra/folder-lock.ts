import { mkdir, open as openFile, realpath } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { asStoreUnavailable, StoreUnavailable } from './store-unavailable.js';

export type FolderLock = { readonly folder: string; release(): Promise<void> };

const heldHere = new Set<string>();

/**
 * Makes the folder when it is missing and takes it for this process alone; rejects with `StoreUnavailable`.
 *
 * The lock is LMDB's own reader table, in a small environment beside the data: a process holds one read transaction open,
 * and the kernel tells whether its owner lives. So a process ended with kill -9 leaves nothing that has to be cleared,
 * and a number of a process that was given out again does not deceive.
 */
export async function lockFolder(wanted: string): Promise<FolderLock> {
  try {
    await mkdir(wanted, { recursive: true });
    const folder = await realpath(wanted);
    if (heldHere.has(folder)) throw new StoreUnavailable('in_use', folder);
    heldHere.add(folder);
    try {
      const release = await becomeOwner(folder);
      await flushFolder(dirname(folder));
      return {
        folder,
        release: async () => {
          await release();
          heldHere.delete(folder);
        },
      };
    } catch (error) {
      heldHere.delete(folder);
      throw error;
    }
  } catch (error) {
    throw asStoreUnavailable(wanted, error);
  }
}

async function becomeOwner(folder: string): Promise<() => Promise<void>> {
  const env = open<number, string>({ path: join(folder, 'owner'), noSubdir: false, overlappingSync: false });
  try {
    env.get('owner');
    const held = env.useReadTransaction();
    // The write transaction makes two processes that start at once take turns.
    const other = env.transactionSync(() => {
      env.readerCheck();
      const owner = env.get('owner');
      if (owner !== undefined && owner !== process.pid && livingReaders(env).includes(owner)) return owner;
      env.putSync('owner', process.pid);
      return undefined;
    });
    if (other !== undefined) {
      held.done();
      throw new StoreUnavailable('in_use', folder);
    }
    return async () => {
      held.done();
      await env.close();
    };
  } catch (error) {
    await env.close();
    // Two containers may give their processes the same number; the kernel refuses the second its place in the table.
    if (error instanceof Error && 'code' in error && error.code === constants.errno.EAGAIN)
      throw new StoreUnavailable('in_use', folder, error);
    throw error;
  }
}

/** The table is text: a head line, then `pid thread transaction` a line. */
const livingReaders = (env: RootDatabase<number, string>): number[] =>
  env
    .readerList()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => !Number.isNaN(pid));

/** A new file is only safe from a power cut when its folder is flushed too. Windows has no such call. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
