import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** What the log asks of the file system; tests put faults in its place. All but `flushLater` is done when it returns. */
export type Disk = {
  open(path: string, flags: 'r' | 'r+' | 'wx+'): number;
  close(file: number): void;
  read(file: number, into: Buffer, length: number, at: number): number;
  /** May write less than it was given, and says how much. */
  write(file: number, from: Buffer, offset: number, length: number, at: number): number;
  truncate(file: number, size: number): void;
  /** What was written is on the disk when it returns. */
  flush(file: number): void;
  flushLater(file: number): Promise<void>;
  /** New, renamed and removed files of a folder are safe from a power cut. Windows has no such call. */
  flushFolder(path: string): void;
  size(file: number): number;
  rename(from: string, to: string): void;
  remove(path: string): void;
  list(path: string): string[];
};

export const realDisk: Disk = {
  open: fs.openSync,
  close: fs.closeSync,
  read: (file, into, length, at) => fs.readSync(file, into, 0, length, at),
  write: fs.writeSync,
  truncate: fs.ftruncateSync,
  flush: fs.fdatasyncSync,
  flushLater: promisify(fs.fdatasync),
  flushFolder: (path) => {
    if (process.platform === 'win32') return;
    const folder = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  },
  size: (file) => fs.fstatSync(file).size,
  rename: fs.renameSync,
  remove: (path) => fs.rmSync(path, { force: true }),
  list: (path) => fs.readdirSync(path),
};

export function writeAll(disk: Disk, file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += disk.write(file, bytes, done, bytes.length - done, at + done);
}

/** Reads as much as there is, up to a length. */
export function readUpTo(disk: Disk, file: number, into: Buffer, length: number, at: number): number {
  let done = 0;
  while (done < length) {
    const more = disk.read(file, done === 0 ? into : into.subarray(done), length - done, at + done);
    if (more === 0) break;
    done += more;
  }
  return done;
}
