import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Sha256 } from '../../domain/kernel/event-hash.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { hashOfLeaf, leafOf } from '../../domain/proof/leaf.js';
import { entryOf } from '../kernel/index-key.js';
import type { Checkpoint, ReadStore } from '../kernel/ports.js';
import { tableOf } from '../kernel/ports.js';
import type { Pause, Reached } from '../kernel/waiting.js';
import { backoffMs, createWaiters, pause } from '../kernel/waiting.js';
import type { Edge, Tile } from './tiles.js';
import { addLeaf, edgeOf, tileKey, tileRow } from './tiles.js';

/** A change in the tree's shape or in how an event becomes a leaf needs a new version. */
export const ledgerTable = tableOf('ledger', '1.0');
/** `[position of a tile's first leaf]`: finds the tile of an event. */
export const byPosition = 'byPosition';

export type LedgerDeps = {
  /** The log as it is stored: what is sealed stays sealed. */
  readonly events: Pick<EventStore, 'subscribe' | 'head'>;
  readonly readStore: ReadStore;
  readonly sha256: Sha256;
  readonly onProblem: (problem: Error) => void;
  readonly batchSize?: number | undefined;
  readonly pause?: Pause | undefined;
};

export type Ledger = {
  start(): void;
  stop(): Promise<void>;
  readonly status: () => { readonly position: Position | undefined; readonly error: Error | undefined };
  waitFor(position: Position, timeoutMs: number): Promise<Reached>;
};

/**
 * Keeps the Merkle tree over the whole log: leaf n is the n-th event. It reads the log beside the projector, because it
 * needs the events as they are stored, not as the program understands them, and so that nobody waits for its hashing.
 * The tree and its checkpoint are committed together, compare-and-set: of two ledgers on one store each leaf is added once.
 */
export function createLedger(deps: LedgerDeps): Ledger {
  const { events, readStore, sha256, onProblem, batchSize = 1_000, pause: wait = pause } = deps;
  const control = new AbortController();
  const { signal } = control;
  const waiters = createWaiters();
  let at: Checkpoint | null = null;
  let error: Error | undefined;
  let running: Promise<void> | undefined;

  async function follow(): Promise<void> {
    await beginAgain();
    const edge = await openEdge(readStore, at?.events ?? 0);
    const after = at?.position;
    for await (const batch of events.subscribe({ ...(after && { after }), signal, batchSize })) {
      error = undefined;
      if (batch.events.length > 0 && !(await add(edge, batch.events))) return;
    }
  }

  /** Where the store says the tree stands. A tree that is ahead of the log belongs to another one. */
  async function beginAgain() {
    at = await readStore.checkpoint(ledgerTable);
    const head = await events.head();
    if (at && (head === undefined || at.position > head)) {
      onProblem(new Error('the ledger is ahead of the log, which was put back: it is made anew'));
      await readStore.drop(ledgerTable);
      at = null;
    }
    waiters.moved(at?.position);
  }

  /** `false`: another process was faster. */
  async function add(edge: Edge, batch: readonly RecordedEvent[]): Promise<boolean> {
    const rows = new Map<string, Tile>();
    const entries: string[] = [];
    for (const event of batch) {
      const leaf = { hash: hashOfLeaf(sha256, leafOf(sha256, event)), position: event.position };
      addLeaf(sha256, edge, leaf, (key, tile) => {
        rows.set(key, tile);
        if (tile.positions?.length === 1) entries.push(entryOf([event.position], key));
      });
    }
    const to = { position: batch.at(-1)?.position ?? '', events: edge.size };
    const indexes = new Map(entries.length > 0 ? [[byPosition, { add: entries, remove: [] }]] : []);
    const commit = { table: ledgerTable, from: at?.position ?? null, to, rows, indexes, counters: new Map() };
    if ((await readStore.commit([commit])) === 'conflict') return false;
    at = to;
    waiters.moved(to.position);
    return true;
  }

  async function run() {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await follow();
        failures = 0;
      } catch (cause) {
        if (signal.aborted) return;
        error = new Error('the ledger is retrying', { cause });
        onProblem(error);
        await wait(backoffMs(++failures), signal);
      }
    }
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      control.abort();
      waiters.end();
      await running;
    },
    status: () => ({ position: at?.position, error }),
    waitFor: waiters.wait,
  };
}

async function openEdge(readStore: ReadStore, size: number): Promise<Edge> {
  const rows = await readStore.rows(ledgerTable, edgeOf(size).map(tileKey));
  return { size, tiles: rows.map((row): Tile => (row === undefined ? { hashes: [] } : tileRow.parse(row))) };
}
