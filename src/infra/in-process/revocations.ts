import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Revocation, Revocations } from '../../graphql/guard/ports.js';
import { flushFolder } from '../folder-lock.js';
import { asStoreUnavailable, StoreUnavailable } from '../store-unavailable.js';
import { revokedTokens } from './revoked-tokens.js';

export const revocationShape = z.union([
  z.object({ token: z.string(), until: z.number() }),
  z.object({ holder: z.string(), issuedUpTo: z.number(), until: z.number() }),
]) satisfies z.ZodType<Revocation>;

/** What one node has been told, on its disk. */
export type KeptRevocations = Revocations & {
  /** As `revoke`, for several; nothing is written when none of them is new. */
  keep(revocations: readonly Revocation[]): Promise<void>;
  all(): readonly Revocation[];
};

/**
 * Kept in one small file. Rejects with `StoreUnavailable`, also when the file is damaged: a server that has forgotten
 * what was revoked must not start. `now`: milliseconds since 1970.
 */
export async function openRevocations(file: string, now: () => number): Promise<KeptRevocations> {
  const { add, all, isRevoked, onRevoked } = revokedTokens(now);
  add(await readFrom(file));
  let unwritten = false;
  let writing: Promise<void> = Promise.resolve();
  /** One at a time; each writes all there is. */
  async function write(): Promise<void> {
    if (!unwritten) return;
    unwritten = false;
    try {
      await writeTo(file, all());
    } catch (error) {
      unwritten = true;
      throw error;
    }
  }
  function keep(revocations: readonly Revocation[]): Promise<void> {
    if (add(revocations)) unwritten = true;
    writing = writing.then(write, write);
    return writing;
  }
  return { all, isRevoked, onRevoked, keep, revoke: (revocation) => keep([revocation]) };
}

async function readFrom(file: string): Promise<readonly Revocation[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw asStoreUnavailable(dirname(file), error);
  }
  try {
    return z.array(revocationShape).parse(JSON.parse(text));
  } catch (cause) {
    throw new StoreUnavailable('unknown_format', dirname(file), cause);
  }
}

/** The new file takes the place of the old one whole, and only when it is on the disk. */
async function writeTo(file: string, revocations: readonly Revocation[]): Promise<void> {
  const folder = dirname(file);
  try {
    await mkdir(folder, { recursive: true });
    const draft = await open(`${file}.new`, 'w', 0o600);
    try {
      await draft.writeFile(JSON.stringify(revocations));
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(`${file}.new`, file);
    await flushFolder(folder);
  } catch (error) {
    throw asStoreUnavailable(folder, error);
  }
}
