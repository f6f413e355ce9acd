import { join } from 'node:path';
import type { ProposedEvent } from '../../src/domain/kernel/event.js';
import type { Contender } from '../harness/bench.js';
import { loadPeer } from '../harness/peers.js';
import type { Work } from './contenders.js';
import { inNewFolder } from './contenders.js';

/** What is used of the package. */
export type EmmettConnection = {
  command(text: string): Promise<unknown>;
  close(): void;
};
export type EmmettEvent = Pick<ProposedEvent, 'type' | 'data'> & { readonly metadata: object };
export type EmmettSqlite = {
  sqliteConnection(options: { fileName: string }): EmmettConnection;
  createEventStoreSchema(connection: EmmettConnection): Promise<void>;
  appendToStream(
    connection: EmmettConnection,
    stream: string,
    type: string,
    events: readonly EmmettEvent[],
    options: { expectedStreamVersion: bigint },
  ): Promise<{ success: true; nextStreamPosition: bigint } | { success: false }>;
};

export const asEmmett = ({ type, data, ...metadata }: ProposedEvent): EmmettEvent => ({ type, data, metadata });

/**
 * One connection for all, as emmett's own store would open one for each append. Writers take turns on it: a transaction that
 * begins within another's would be acknowledged before either is committed.
 */
export const emmett = (work: Work): Contender =>
  inNewFolder('emmett-sqlite, one shared connection', 'peer', work, async (folder) => {
    const package_ = await loadPeer<EmmettSqlite>('@event-driven-io/emmett-sqlite');
    const connection = package_.sqliteConnection({ fileName: join(folder, 'emmett.db') });
    await connection.command('PRAGMA journal_mode = WAL');
    await connection.command('PRAGMA synchronous = FULL');
    await package_.createEventStoreSchema(connection);
    async function commit(stream: string, event: ProposedEvent, last: number): Promise<number> {
      const expectedStreamVersion = BigInt(last + 1);
      const events = [asEmmett(event)];
      const result = await package_.appendToStream(connection, stream, 'suggestion', events, { expectedStreamVersion });
      if (!result.success) throw new Error(`conflict in ${stream}`);
      return Number(result.nextStreamPosition) - 1;
    }
    let turn: Promise<unknown> = Promise.resolve();
    return {
      append(stream, event, last) {
        const appended = turn.then(() => commit(stream, event, last));
        turn = appended;
        return appended;
      },
      close: () => connection.close(),
    };
  });
