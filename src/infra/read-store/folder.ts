import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { open } from 'lmdb';

export type EmbeddedReadStoreOptions = {
  /** Its own folder: what is in it is thrown away when it cannot be used. */
  readonly folder: string;
  /** Of the log that the tables are folded from. Tables of another log are thrown away. */
  readonly epoch: string;
  /** Told why everything was thrown away; the read models are then folded from the log again. */
  readonly onDropped: (reason: string) => void;
};

/** Of what is on disk; a folder of another format is thrown away. */
const format = '2';
/** The folder's database when it is whole, of this format and of this log; else an empty one. */
export function openOrBegin({ folder, epoch, onDropped }: EmbeddedReadStoreOptions): RootDatabase<unknown, string> {
  const begin = () => open<unknown, string>({ path: folder, encoding: 'json', maxDbs: 8 });
  const file = join(folder, 'data.mdb');
  if (existsSync(file)) {
    let fault = faultOfFile(file);
    if (!fault) {
      const root = begin();
      fault = faultOfIdentity(root.get('identity'), epoch);
      if (!fault) return root;
      void root.close();
    }
    onDropped(`read store ${folder}: ${fault}`);
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  const root = begin();
  root.putSync('identity', { format, epoch });
  return root;
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
