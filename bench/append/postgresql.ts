import type { Contender } from '../harness/bench.js';
import { loadPeer } from '../harness/peers.js';
import { startPostgres } from '../harness/postgres.js';
import type { Work } from './contenders.js';
import { inNewFolder } from './contenders.js';
import type { EmmettEvent } from './emmett.js';
import { asEmmett } from './emmett.js';

type Store = {
  readonly schema: { sql(): string };
  appendToStream(
    stream: string,
    events: readonly EmmettEvent[],
    options: { expectedStreamVersion: bigint },
  ): Promise<{ readonly nextExpectedStreamVersion: bigint }>;
  close(): Promise<void>;
};
type Pool = { query(text: string): Promise<unknown>; end(): Promise<void> };
type Options = { readonly schema: { autoMigration: 'None' }; readonly connectionOptions: { pool: Pool } };
type Package = { getPostgreSQLEventStore(url: string, options: Options): Store };
type Pg = { default: { Pool: new (options: { connectionString: string; max: number }) => Pool } };

/** More make it slower on two cores. */
const CONNECTIONS = 16;

/** A pool of connections, and a server of its own on the same machine. */
export const emmettPostgresql = (work: Work): Contender =>
  inNewFolder('emmett-postgresql', 'peer', work, async (folder) => {
    const { getPostgreSQLEventStore } = await loadPeer<Package>('@event-driven-io/emmett-postgresql', 'postgresql');
    const { default: pg } = await loadPeer<Pg>('pg', 'postgresql');
    const server = await startPostgres(folder);
    const pool = new pg.Pool({ connectionString: server.url, max: CONNECTIONS });
    const options: Options = { schema: { autoMigration: 'None' }, connectionOptions: { pool } };
    const store = getPostgreSQLEventStore(server.url, options);
    await pool.query(store.schema.sql()); // its own migration opens a pool that cannot be closed
    return {
      async append(stream, event, last) {
        const expectedStreamVersion = BigInt(last + 1);
        const { nextExpectedStreamVersion } = await store.appendToStream(stream, [asEmmett(event)], {
          expectedStreamVersion,
        });
        return Number(nextExpectedStreamVersion) - 1;
      },
      async close() {
        await store.close();
        await pool.end();
        await server.stop();
      },
    };
  });
