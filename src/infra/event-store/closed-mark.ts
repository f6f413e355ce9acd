import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a log that was closed says of itself, beside its segments: how far it was acknowledged, and the hash of its index.
 * LMDB reads pages without checking them, and ends the process at one that makes no sense: an index whose bytes are not
 * those that were closed is thrown away unread, and made again from the segments.
 *
 *   closed   sha256 of the rest of the line | sha256 of data.mdb, or `open` | sequence that was acknowledged
 */
const MARK = 'closed';
const UNKNOWN = 'open';
const INDEX = 'data.mdb';

export type Closed = { readonly acknowledged: number; readonly isIndexDamaged: boolean };

/**
 * Throws an index away that is not as it was closed. `undefined`: the log was not closed, or its mark cannot be read; then
 * nothing is known, and the index is used as it is. How far the log was acknowledged stays written until `removeClosedMark`.
 */
export async function takeClosedMark(path: string): Promise<Closed | undefined> {
  const found = await readClosedMark(path);
  if (!found) return undefined;
  const { index, acknowledged } = found;
  const isIndexDamaged = index !== UNKNOWN && index !== (await hashOfFile(join(path, INDEX)));
  if (isIndexDamaged) await rm(join(path, INDEX), { force: true });
  // From here on the index changes.
  await writeMark(path, UNKNOWN, acknowledged);
  return { acknowledged, isIndexDamaged };
}

/** What the mark says, when there is one that can be read. */
export async function readClosedMark(path: string) {
  const mark = join(path, MARK);
  if (!existsSync(mark)) return undefined;
  const [sum, index, acknowledged] = (await readFile(mark, 'utf8')).split(' ');
  return sum === hashOf(`${index} ${acknowledged}`) ? { index, acknowledged: Number(acknowledged) } : undefined;
}

/** When the log is open, and its index knows what was acknowledged. */
export const removeClosedMark = (path: string): Promise<void> => rm(join(path, MARK), { force: true });

/** When the index is closed. */
export async function writeClosedMark(path: string, acknowledged: number): Promise<void> {
  await writeMark(path, await hashOfFile(join(path, INDEX)), acknowledged);
}

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
