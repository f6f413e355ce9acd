import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import { bootOfMachine, markClosed, markOpen, mayBeTorn } from './boot.js';

export type EmbeddedReadStoreOptions = {
  /** Its own folder: what is in it is thrown away when it cannot be used. */
  readonly folder: string;
  /** Of the log that the tables are folded from. Tables of another log are thrown away. */
  readonly epoch: string;
  /** Told why everything was thrown away; the read models are then folded from the log again. */
  readonly onDropped: (reason: string) => void;
  /**
   * Commits are taken in memory and written many at a time. Nobody else has the folder open; what a program holds that is
   * killed is folded from the log again. `onProblem`: told when it cannot be written and nobody waits for that.
   */
  readonly holds?: { readonly onProblem: (problem: unknown) => void } | undefined;
  /** Names the time since the machine was started, null where it has no name; that of this machine when not given. */
  readonly boot?: string | null;
};

/** An open folder. `close` resolves when all of it is on the disk. */
export type OpenFolder = { readonly root: RootDatabase<unknown, string>; close(): Promise<void> };

/** Of what is on disk; a folder of another format is thrown away. */
const format = '2';
/**
 * The folder's database when it is whole, of this format and of this log; else an empty one. No commit is flushed: the
 * system writes pages when it likes, and after a power cut nobody can say which (`boot.ts`).
 */
export function openOrBegin({
  folder,
  epoch,
  onDropped,
  boot = bootOfMachine(),
}: EmbeddedReadStoreOptions): OpenFolder {
  const file = join(folder, 'data.mdb');
  const begin = (): OpenFolder => {
    markOpen(folder, boot);
    const root = open<unknown, string>({ path: folder, encoding: 'json', maxDbs: 8, noSync: true });
    return { root, close: () => root.close().then(() => markClosed(folder, file)) };
  };
  if (existsSync(file)) {
    let fault = mayBeTorn(folder, boot) ? 'the machine went down while it was open' : faultOfFile(file);
    if (!fault) {
      const opened = begin();
      fault = faultOfIdentity(opened.root.get('identity'), epoch);
      if (!fault) return opened;
      void opened.root.close();
    }
    onDropped(`read store ${folder}: ${fault}`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  const opened = begin();
  opened.root.putSync('identity', { format, epoch });
  return opened;
}

/**
 * LMDB ends the process when it opens a file that is not its own, or reads a page beyond the file's end. So both meta
 * pages are looked at first: magic number, page size, number of the last page, as `MDB_meta` has them.
 */
function faultOfFile(file: string): string | undefined {
  const { size } = statSync(file);
  const descriptor = openSync(file, 'r');
  try {
    const meta = Buffer.alloc(160);
    let start = 0;
    for (const page of [0, 1]) {
      if (readSync(descriptor, meta, 0, meta.length, start) < meta.length) return 'its file is cut short';
      if (meta.readUInt32LE(24) !== 0xbeefc0de) return 'its file is not a database';
      const pageSize = meta.readUInt32LE(48);
      // A meta page that was never used says −1.
      const pages = Number(meta.readBigInt64LE(144)) + 1;
      if (pages * pageSize > size) return 'its file is cut short';
      start = pageSize * (page + 1);
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function faultOfIdentity(identity: unknown, epoch: string): string | undefined {
  const found = (identity ?? {}) as { readonly format?: string; readonly epoch?: string };
  if (found.format !== format) return `its format is ${found.format ?? 'unknown'}, not ${format}`;
  return found.epoch === epoch ? undefined : 'it was folded from another log';
}
