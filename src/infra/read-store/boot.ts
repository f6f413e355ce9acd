import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a folder says of itself while it is open, or was not closed. */
const OPEN = 'open';
/** What no machine's boot is called: nothing is known of what the disk holds. */
const NEVER = '';

/** Names the time since the machine was started; null where the system does not say. */
export function bootOfMachine(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/**
 * Whether the pages of a folder may be torn: it was not closed, and the machine has been started anew since, so that what
 * the system had not yet written to the disk is lost. While the machine runs, a process that dies loses nothing.
 */
export function mayBeTorn(folder: string, boot: string | null): boolean {
  const mark = join(folder, OPEN);
  return existsSync(mark) && (boot === null || readFileSync(mark, 'utf8') !== boot);
}

/** Is on the disk when it returns: before anything is written that could be torn. */
export function markOpen(folder: string, boot: string | null): void {
  writeFileSync(join(folder, OPEN), boot ?? NEVER, { flush: true });
  flush(folder, fsyncSync);
}

/** After the last write. The mark goes when all pages are on the disk; a disk that does not take them is not trusted again. */
export function markClosed(folder: string, file: string): void {
  try {
    flush(file, fdatasyncSync);
  } catch (error) {
    writeFileSync(join(folder, OPEN), NEVER);
    throw error;
  }
  rmSync(join(folder, OPEN), { force: true });
}

function flush(path: string, how: (descriptor: number) => void): void {
  const descriptor = openSync(path, 'r');
  try {
    how(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
