import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadStore } from '../../projections/kernel/ports.js';
import { openEmbeddedReadStore } from './embedded.js';

/**
 * Empty read stores in folders of their own below `folder`, each gone when it is closed. What a crash has left goes
 * before the first; what another living process has there stays.
 */
export function scratchStores(folder: string, epoch: string): () => Promise<ReadStore> {
  let ready: Promise<void> | undefined;
  return async () => {
    ready ??= removeRemains(folder);
    await ready;
    const own = await mkdtemp(join(folder, `scratch-${process.pid}-`));
    const store = openEmbeddedReadStore({
      folder: own,
      epoch,
      onDropped(reason) {
        throw new Error(reason); // it was made a moment ago
      },
    });
    return {
      ...store,
      async close() {
        await store.close();
        await rm(own, { recursive: true, force: true });
      },
    };
  };
}

async function removeRemains(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const [, pid] = /^scratch-(\d+)-/.exec(name) ?? [];
    if (pid && !isOther(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Another process that runs. Ours has no scratch yet: one of its number is of an earlier life. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
