import { join } from 'node:path';
import { StoreUnavailable } from '../store-unavailable.js';
import { type Disk, writeAll } from './disk.js';
import { LogStopped } from './errors.js';
import { createSegment, segmentName } from './segment-file.js';

/** Zeros are written ahead: a flush of what the file has already is one write, without the file system's own books. */
const LEAST_AHEAD = 65_536;
const MOST_AHEAD = 2_097_152;
const zeros = Buffer.alloc(MOST_AHEAD);
/**
 * Up to so many milliseconds a flush is waited for on the spot: to be woken by another thread costs a fast disk more than
 * the flush itself. A slower disk flushes while the process does other things.
 */
const FAST_FLUSH = 2;

/** What may end by itself, and leaves nothing of a write behind that cannot be taken away. */
const PASSING: Readonly<Record<string, 'disk_full' | 'too_many_files'>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EFBIG: 'disk_full',
  EMFILE: 'too_many_files',
  ENFILE: 'too_many_files',
};

export type Segment = { readonly first: number; readonly file: number; readonly end: number };

/** The end of the log. What it did not write whole and flush, it takes away again before anybody is told so. */
export class SegmentWriter {
  #file: number;
  #end: number;
  #allocated: number;
  #flushing = 0;
  #first: number;
  #stopped: LogStopped | undefined;

  constructor(
    readonly disk: Disk,
    /** How errors name the place. */
    readonly folder: string,
    readonly path: string,
    readonly epoch: string,
    active: Segment,
    readonly flushes: 'adaptive' | 'waited for' | 'beside',
  ) {
    this.#file = active.file;
    this.#first = active.first;
    this.#end = active.end;
    this.#allocated = disk.size(active.file);
  }

  get file(): number {
    return this.#file;
  }

  get end(): number {
    return this.#end;
  }

  get stopped(): LogStopped | undefined {
    return this.#stopped;
  }

  /** The bytes are on the disk when it returns or, when it returns a promise, when that resolves. One at a time. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#stopped) throw this.#stopped;
    try {
      writeAll(this.disk, this.#file, bytes, this.#end);
      this.#layOut(this.#end + bytes.length);
      const beside = this.flushes === 'adaptive' ? this.#flushing > FAST_FLUSH : this.flushes === 'beside';
      const begun = performance.now();
      const done = () => {
        this.#flushing += (performance.now() - begun - this.#flushing) / 8;
        this.#end += bytes.length;
      };
      if (beside)
        return this.disk.flushLater(this.#file).then(done, (error: unknown) => {
          throw this.#undo(error);
        });
      this.disk.flush(this.#file);
      done();
      return undefined;
    } catch (error) {
      throw this.#undo(error);
    }
  }

  /** What comes next stands in a new segment. Returns the file of the old one. */
  startSegment(first: number): number {
    if (this.#stopped) throw this.#stopped;
    try {
      this.disk.truncate(this.#file, this.#end);
      this.#allocated = this.#end;
      this.disk.flush(this.#file);
      const file = createSegment(this.disk, this.path, { epoch: this.epoch, first });
      const old = this.#file;
      this.#file = file;
      this.#first = first;
      this.#end = this.#allocated = this.disk.size(file);
      return old;
    } catch (error) {
      throw this.#undo(error);
    }
  }

  #layOut(end: number): void {
    if (end <= this.#allocated) return;
    const size = Math.min(Math.max(LEAST_AHEAD, end), MOST_AHEAD);
    this.#allocated = end + size;
    try {
      writeAll(this.disk, this.#file, size === MOST_AHEAD ? zeros : zeros.subarray(0, size), end);
    } catch (error) {
      // Without room ahead the log still grows event by event, as far as the disk goes.
      if (passing(error) === undefined) throw error;
    }
  }

  /**
   * Whether what was refused for want of room or of a descriptor would be taken now. It lays room out and opens a file, as
   * the next write may; only while no write is under way.
   */
  takesMore(): boolean {
    if (this.#stopped) return false;
    try {
      this.disk.close(this.disk.open(join(this.path, segmentName(this.#first)), 'r'));
      writeAll(this.disk, this.#file, zeros.subarray(0, LEAST_AHEAD), this.#end);
      this.#allocated = Math.max(this.#allocated, this.#end + LEAST_AHEAD);
      return true;
    } catch (error) {
      // It is asked again; a write meets what else there is.
      if (passing(error) === undefined) throw error;
      return false;
    }
  }

  /** A full disk may have room again, and descriptors come back. After any other error nobody knows what a later flush would say. */
  #undo(error: unknown): StoreUnavailable {
    let outcome: 'not written' | 'unknown' = 'not written';
    try {
      this.disk.truncate(this.#file, this.#end);
      this.#allocated = this.#end;
      this.disk.flush(this.#file);
      const code = passing(error);
      if (code) return new StoreUnavailable(code, this.folder, error);
    } catch {
      outcome = 'unknown';
    }
    this.#stopped = new LogStopped(this.folder, outcome, error);
    return this.#stopped;
  }

  close(): void {
    this.disk.close(this.#file);
  }
}

const passing = (error: unknown): 'disk_full' | 'too_many_files' | undefined =>
  error instanceof Error && 'code' in error ? PASSING[String(error.code)] : undefined;
