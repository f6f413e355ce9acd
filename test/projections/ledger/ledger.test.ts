import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { hashOfLeaf, leafOf } from '../../../src/domain/proof/leaf.js';
import { leafHash, nodeHash, provesConsistency, provesInclusion } from '../../../src/domain/proof/merkle.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { sha256 } from '../../../src/infra/sha256.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { createLedger, ledgerTable } from '../../../src/projections/ledger/ledger.js';
import { proofsFrom } from '../../../src/projections/ledger/proofs.js';
import type { Edge, Tile } from '../../../src/projections/ledger/tiles.js';
import { addLeaf, hashFrom } from '../../../src/projections/ledger/tiles.js';
import { all, samples } from '../../contract/event-store.contract.js';
import { fill, logIn } from '../../support/logs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

function mth(hashes: readonly string[]): string {
  if (hashes.length <= 1) return hashes[0] ?? sha256('');
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(sha256, mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}

async function readStoreIn(epoch: string): Promise<ReadStore> {
  const store = openEmbeddedReadStore({ folder: await temporaryFolder(), epoch, onDropped: () => {} });
  onTestFinished(() => store.close());
  return store;
}

function ledgerOf(events: EventStore, readStore: ReadStore, batchSize?: number) {
  const problems: Error[] = [];
  const ledger = createLedger({ events, readStore, sha256, onProblem: (problem) => problems.push(problem), batchSize });
  onTestFinished(() => ledger.stop());
  ledger.start();
  return { ...ledger, problems };
}

const linesOf = async (store: ReadStore) => all(store.dump(ledgerTable));

describe('the ledger (issue 5 part 1): the tree over the log as a projection', () => {
  it('has at every size the root that the definition gives; a tile only grows', () => {
    const hashes = Array.from({ length: 5_000 }, (_, i) => leafHash(sha256, String(i)));
    const tiles = new Map<string, Tile>();
    const edge: Edge = { size: 0, tiles: [] };
    for (const [i, hash] of hashes.entries())
      addLeaf(sha256, edge, { hash, position: String(i) }, (key, tile) => tiles.set(key, tile));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), (size) => {
        const root = hashFrom(sha256, [0, size], (key) => tiles.get(key));
        expect(root).toBe(mth(hashes.slice(0, size)));
      }),
    );
  });

  it('proves every event of the log under its head, and each head under a later one', async () => {
    const events = await logIn(await temporaryFolder());
    await fill(events, 300, 10);
    const readStore = await readStoreIn(events.epoch);
    const ledger = ledgerOf(events, readStore, 70);
    expect(await ledger.waitFor((await events.head()) ?? '', 30_000)).toBe('reached');
    const proofs = proofsFrom(readStore, sha256);
    const log = await all(events.readAll());
    const { size, position } = await proofs.size();
    expect({ size, position }).toEqual({ size: 300, position: log.at(-1)?.position });
    const { root } = await proofs.tree(size);
    expect(root).toBe(mth(log.map((event) => hashOfLeaf(sha256, leafOf(sha256, event)))));
    for (const [index, event] of log.entries()) {
      expect(await proofs.leafAt(event.position)).toBe(index);
      const proof = {
        leaf: hashOfLeaf(sha256, leafOf(sha256, event)),
        index,
        size,
        path: await proofs.inclusion(index, size),
      };
      expect(provesInclusion(sha256, proof, root)).toBe(true);
    }
    for (const earlier of [0, 1, 63, 64, 65, 200, 299, 300]) {
      const path = await proofs.consistency(earlier, size);
      expect(provesConsistency(sha256, await proofs.tree(earlier), { size, root }, path)).toBe(true);
    }
    expect(await proofs.leafAt('0')).toBeUndefined();
    expect(ledger.problems).toEqual([]);
  });

  it('is the same byte for byte when it is made anew, however the log was cut into batches, and goes on where it stood', async () => {
    const events = await logIn(await temporaryFolder());
    const [first, second] = [await readStoreIn(events.epoch), await readStoreIn(events.epoch)];
    await fill(events, 100, 5);
    const before = ledgerOf(events, first, 7);
    await before.waitFor((await events.head()) ?? '', 30_000);
    await before.stop();
    await events.append('suggestion-later', samples('later', 100), 'no_stream');
    const after = ledgerOf(events, first);
    const anew = ledgerOf(events, second);
    for (const ledger of [after, anew])
      expect(await ledger.waitFor((await events.head()) ?? '', 30_000)).toBe('reached');
    expect(await linesOf(first)).toEqual(await linesOf(second));
    expect((await linesOf(first)).length).toBeGreaterThan(4);
  });

  it('adds each leaf once, with two of them alive', async () => {
    const events = await logIn(await temporaryFolder());
    const readStore = await readStoreIn(events.epoch);
    const both = [ledgerOf(events, readStore, 3), ledgerOf(events, readStore, 5)];
    await fill(events, 90, 30);
    for (const ledger of both) expect(await ledger.waitFor((await events.head()) ?? '', 30_000)).toBe('reached');
    const log = await all(events.readAll());
    const proofs = proofsFrom(readStore, sha256);
    expect(await proofs.tree(90)).toEqual({
      size: 90,
      root: mth(log.map((event) => hashOfLeaf(sha256, leafOf(sha256, event)))),
    });
    expect(await proofs.size()).toMatchObject({ size: 90 });
  });
});
