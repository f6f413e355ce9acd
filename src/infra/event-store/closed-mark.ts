import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What the log says of itself, beside its segments: how far it was acknowledged when it was closed, and what is known of
 * its index. LMDB reads pages without checking them, and ends the process at one that makes no sense.
 *
 *   closed   sha256 of the rest of the line | index | sequence that was acknowledged
 *   index    sha256 of data.mdb: as it was closed
 *            `open`: it changes, or did when the process ended
 *            `doubted`: it is read to its end for the first time, or has been found wrong
 */
const MARK = 'closed';
export const INDEX = 'data.mdb';
const OPEN = 'open';
const DOUBTED = 'doubted';

/** `doubted`: a process ended while it read the index, which may be why; or its hash is not that which was closed. */
export type IndexTrust = 'as closed' | 'unseen' | 'doubted';

/** A mark that is not there or cannot be read says nothing. */
export async function readMark(path: string): Promise<{ readonly index: string; readonly acknowledged: number }> {
  const mark = join(path, MARK);
  const [sum, index = '', acknowledged] = existsSync(mark) ? (await readFile(mark, 'utf8')).split(' ') : [];
  return sum === hashOf(`${index} ${acknowledged}`)
    ? { index, acknowledged: Number(acknowledged) }
    : { index: OPEN, acknowledged: 0 };
}

/** How far the index may be believed before it has been opened. */
export async function trustOf(path: string, index: string): Promise<IndexTrust> {
  if (index === OPEN) return 'unseen';
  if (index === DOUBTED) return 'doubted';
  return index === (await hashOfFile(join(path, INDEX))) ? 'as closed' : 'doubted';
}

export const isDoubted = (index: string): boolean => index === DOUBTED;
export const hasIndex = (path: string): boolean => existsSync(join(path, INDEX));
export const removeIndex = (path: string): Promise<void> => rm(join(path, INDEX), { force: true });

/** From here on the index changes. */
export const markOpen = (path: string, acknowledged: number): Promise<void> => writeMark(path, OPEN, acknowledged);

/** The next start does not believe the index, unless another mark follows. */
export const markDoubted = (path: string, acknowledged: number): Promise<void> =>
  writeMark(path, DOUBTED, acknowledged);

/** When the index is closed. */
export const markClosed = async (path: string, acknowledged: number): Promise<void> =>
  writeMark(path, await hashOfFile(join(path, INDEX)), acknowledged);

async function writeMark(path: string, index: string, acknowledged: number): Promise<void> {
  const rest = `${index} ${acknowledged}`;
  await writeFile(join(path, MARK), `${hashOf(rest)} ${rest}`, { flush: true });
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  if (existsSync(path)) for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
