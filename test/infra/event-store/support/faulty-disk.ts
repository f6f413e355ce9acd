import { type Disk, realDisk } from '../../../../src/infra/event-store/disk.js';

/** What the disk does instead of an operation. `partly`: a write puts so many of its bytes there first. */
export type Fault = { readonly error: Error; readonly partly?: (length: number) => number };
type Operation = 'write' | 'flush' | 'truncate' | 'rename';

export const diskError = (code: string): Error => Object.assign(new Error(code), { code });

/** The real disk, which asks before each operation that changes something whether it fails. Counts them from 0. */
export function faultyDisk(fault: (operation: Operation, count: number) => Fault | undefined) {
  let count = 0;
  /** Sectors that were overwritten and not flushed, as they were, by file. */
  const unflushed = new Map<number, { at: number; before: Buffer }[]>();
  const asked = (operation: Operation): Fault | undefined => fault(operation, count++);
  const guard = (operation: Operation) => {
    const found = asked(operation);
    if (found) throw found.error;
  };
  const remember = (file: number, at: number, length: number) => {
    const before = Buffer.alloc(length);
    realDisk.read(file, before, length, at);
    unflushed.set(file, [...(unflushed.get(file) ?? []), { at, before }]);
  };
  const disk: Disk = {
    ...realDisk,
    write(file, from, offset, length, at) {
      const found = asked('write');
      const bytes = found ? Math.floor(found.partly?.(length) ?? 0) : length;
      remember(file, at, bytes);
      const done = bytes > 0 ? realDisk.write(file, from, offset, bytes, at) : 0;
      if (found) throw found.error;
      return done;
    },
    flush(file) {
      guard('flush');
      realDisk.flush(file);
      unflushed.delete(file);
    },
    async flushLater(file) {
      guard('flush');
      await realDisk.flushLater(file);
      unflushed.delete(file);
    },
    truncate(file, size) {
      guard('truncate');
      realDisk.truncate(file, size);
    },
    rename(from, to) {
      guard('rename');
      realDisk.rename(from, to);
    },
  };
  return {
    disk,
    /** A power cut: of what was not flushed, each sector is on the disk or not. Files must still be open. */
    loseSectors(isLost: () => boolean): void {
      for (const [file, writes] of unflushed)
        for (const { at, before } of writes.reverse())
          for (let sector = 0; sector < before.length; sector += 512)
            if (isLost()) {
              const length = Math.min(512, before.length - sector);
              realDisk.write(file, before, sector, length, at + sector);
            }
    },
  };
}
