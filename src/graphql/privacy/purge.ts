import type { Seals } from '../../domain/kernel/seal-ports.js';
import type { ReadModels } from '../../projections/kernel/projector-types.js';
import type { Standings } from '../../projections/privacy/standings.js';

/**
 * On this node: what may no longer be shown of a subject is gone from memory with the commit that says so. Every node
 * hears of every commit. Joined before the hub is, so that the hub shows no more than what then stands; `texts`: what
 * has been written out for people.
 */
export async function purgeWith(
  readModels: Pick<ReadModels, 'onCommitted'>,
  { standings, seals, texts }: { readonly standings: Standings; readonly seals: Seals; readonly texts: () => void },
): Promise<() => void> {
  const end = readModels.onCommitted((committed) => {
    const changed = standings.apply(committed);
    for (const subject of changed) seals.forget(subject);
    if (changed.length > 0) texts();
  });
  await standings.load();
  return end;
}
