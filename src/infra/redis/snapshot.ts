import { randomUUID } from 'node:crypto';
import type { ReadView } from '../../projections/kernel/ports.js';
import type { RedisConnection } from './connection.js';
import { run } from './script.js';
import { endPause, takePause } from './write-scripts.js';

/** Of one read: at which sequence it last changed, and up to which it is known to have been so. */
export type Seen = { readonly since: number; readonly until: number };

class Overtaken extends Error {}

/** What several reads have in common: while it is not empty, all of them have seen one moment. */
export class Moment {
  #since = 0;
  #until = Number.POSITIVE_INFINITY;

  get overtaken(): boolean {
    return this.#since > this.#until;
  }

  /** Throws when the reads cannot fit together any more, so that nobody goes on with what never was. */
  see({ since, until }: Seen): void {
    this.#since = Math.max(this.#since, since);
    this.#until = Math.min(this.#until, until);
    this.check();
  }

  check(): void {
    if (this.overtaken) throw new Overtaken('overtaken by a commit');
  }
}

/** Runs without a pause, before writers are made to wait. */
const FREE_RUNS = 3;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
const SHORTEST_REST_MS = 20;

/**
 * Redis has no transactions for reading. So `read` is run, and run again when its reads do not fit one moment; after a
 * few runs writers are made to wait for it. A pause that was too short is followed by one twice as long.
 */
export async function snapshot<T>(
  { connection, prefix }: { readonly connection: RedisConnection; readonly prefix: string },
  viewOf: (moment: Moment) => ReadView,
  read: (view: ReadView) => Promise<T>,
): Promise<T> {
  let length = FIRST_PAUSE_MS;
  for (let runs = 1; ; runs++) {
    const moment = new Moment();
    const end = runs > FREE_RUNS ? await pause(length) : undefined;
    try {
      const result = await read(viewOf(moment));
      if (!moment.overtaken) return result;
    } catch (error) {
      if (!moment.overtaken) throw error;
    } finally {
      await end?.();
    }
    if (end) length = Math.min(length * 2, LONGEST_PAUSE_MS);
  }

  /** `undefined`: another reader has the pause, which does for us too, or writers have their turn. */
  async function pause(ms: number): Promise<(() => Promise<unknown>) | undefined> {
    const token = randomUUID();
    const taken = await connection.use('write', (redis) => run(redis, takePause, [prefix], [token, String(ms)]));
    if (taken !== 1) return undefined;
    const args = [token, String(ms), String(SHORTEST_REST_MS)];
    // What was read is right, also when the pause then has to end by itself; the connection tells of the fault.
    return () => connection.use('write', (redis) => run(redis, endPause, [prefix], args)).catch(() => {});
  }
}
