import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file system of its own in memory, of so many bytes; unmounted when the test ends. Mounting is root's right. */
export function smallDisk(bytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'wuji-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'wuji-test', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  const ballast = join(folder, 'ballast');
  return {
    folder,
    /** Takes all the room that is left. */
    fill() {
      const file = openSync(ballast, 'a');
      try {
        for (let size = 1_048_576; size >= 4_096; )
          try {
            writeSync(file, Buffer.alloc(size));
          } catch {
            size /= 2;
          }
      } finally {
        closeSync(file);
      }
    },
    clear: () => rmSync(ballast, { force: true }),
    /** Nobody may have a file open for writing. */
    remount: (how: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${how}`, folder]),
  };
}
