import { join } from 'node:path';
import type { EmmettConnection, EmmettSqlite } from '../append/emmett.js';
import { asEmmett } from '../append/emmett.js';
import { newEvent } from '../append/load.js';
import type { Contender } from '../harness/bench.js';
import { loadPeer } from '../harness/peers.js';
import { contender, inFolder } from './contenders.js';

type Message = { readonly type: string; readonly metadata: { readonly streamPosition: bigint } };
type Consumer = {
  processor(options: {
    processorId: string;
    startFrom: 'BEGINNING';
    eachMessage(message: Message): void;
    stopAfter(message: Message): boolean;
  }): unknown;
  /** Resolves when all processors have stopped. */
  start(): Promise<void>;
  close(): Promise<void>;
};
type EmmettStore = {
  consumer(options: { pulling?: { batchSize: number; pullingFrequencyInMs: number } }): Consumer;
};
type Package = Omit<EmmettSqlite, 'sqliteConnection'> & {
  getSQLiteEventStore(options: { fileName: string; schema: { autoMigration: 'None' } }): EmmettStore;
  sqliteConnection(options: { fileName: string }): EmmettConnection & {
    withTransaction(work: () => Promise<void>): Promise<void>;
  };
};

/** In a transaction, while the log is filled. */
const PAGE = 200;

/** Batches of 100 and 50 ms after each, as the package comes; or ten times as large and without a pause. */
const pace = {
  'with its defaults': undefined,
  'tuned: batches of 1,000, no pause': { batchSize: 1_000, pullingFrequencyInMs: 0 },
};

/** What it does about each event: it is given to a handler, and the checkpoint is moved. */
export const emmettConsumer = (count: number, how: keyof typeof pace): Contender =>
  contender(`emmett-sqlite consumer ${how}, ${count.toLocaleString('en')} events`, 'peer', count, async () => {
    const package_ = await loadPeer<Package>('@event-driven-io/emmett-sqlite');
    const { folder, remove } = await inFolder();
    const fileName = join(folder, 'emmett.db');
    await fill(package_, fileName, count);
    const store = package_.getSQLiteEventStore({ fileName, schema: { autoMigration: 'None' } });
    const used: Consumer[] = [];
    const pulling = pace[how];
    return {
      async read(take) {
        const consumer = store.consumer(pulling ? { pulling } : {});
        used.push(consumer);
        let left = count;
        consumer.processor({
          processorId: `reader-${used.length}`,
          startFrom: 'BEGINNING',
          eachMessage: ({ type, metadata }) => take({ type, revision: Number(metadata.streamPosition) }),
          stopAfter: () => --left === 0,
        });
        await consumer.start();
      },
      async close() {
        for (const consumer of used) await consumer.close();
        await remove();
      },
    };
  });

async function fill(package_: Package, fileName: string, count: number): Promise<void> {
  const connection = package_.sqliteConnection({ fileName });
  await package_.createEventStoreSchema(connection);
  for (let stream = 0; stream < count / 5; stream += PAGE)
    await connection.withTransaction(async () => {
      for (let n = stream; n < Math.min(stream + PAGE, count / 5); n++) {
        const events = Array.from({ length: 5 }, () => asEmmett(newEvent()));
        await package_.appendToStream(connection, `suggestion-${n}`, 'suggestion', events, {
          expectedStreamVersion: 0n,
        });
      }
    });
  connection.close();
}
