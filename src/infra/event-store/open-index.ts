import { asStoreUnavailable } from '../store-unavailable.js';
import { hasIndex, isDoubted, markDoubted, markOpen, readMark, removeIndex, trustOf } from './closed-mark.js';
import { IndexDamaged } from './errors.js';
import { SealedIndex } from './sealed-index.js';

/**
 * The index of the segments in a folder, or an empty one in the place of one that is not as it was written. After an
 * orderly end a hash of the file tells that; after any other each entry is read and held against the sums that were
 * written with it, which is a tenth of the work of making it again. An index at which the process ends is not read twice.
 */
export async function openIndex(
  path: string,
  folder: string,
  onProblem: (problem: Error) => void,
): Promise<{ readonly sealed: SealedIndex; readonly acknowledged: number }> {
  const { index, acknowledged } = await readMark(path);
  const trust = await trustOf(path, index);
  if (trust === 'doubted') {
    await removeIndex(path);
    onProblem(new IndexDamaged(folder, isDoubted(index) ? 'could not be read' : 'is not as it was closed'));
  }
  if (trust !== 'unseen' || !hasIndex(path)) {
    await markOpen(path, acknowledged);
    return { sealed: await SealedIndex.at(path), acknowledged };
  }
  await markDoubted(path, acknowledged);
  let sealed = await wholeIndex(path, folder);
  if (!sealed) {
    await removeIndex(path);
    onProblem(new IndexDamaged(folder, 'is not as it was written'));
    sealed = await SealedIndex.at(path);
  }
  await markOpen(path, acknowledged);
  return { sealed, acknowledged };
}

async function wholeIndex(path: string, folder: string): Promise<SealedIndex | undefined> {
  let sealed: SealedIndex | undefined;
  try {
    sealed = await SealedIndex.at(path);
    if (sealed.isWhole()) {
      // What LMDB has of free pages it reads when it writes.
      sealed.noteAcknowledged(sealed.acknowledged);
      return sealed;
    }
  } catch (error) {
    const refused = asStoreUnavailable(folder, error);
    // All else that LMDB complains of is about what it has found in the file.
    if (refused.code !== 'write_failed') throw refused;
  }
  await sealed?.close();
  return undefined;
}
