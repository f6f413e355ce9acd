import type { Load, Stand } from './stand.js';
import { openStand } from './stand.js';

/** What one run of a load shows of a server; times in ms, `cpu` in microseconds a delivery. */
export type Taken = {
  readonly cpu: number;
  /** From publishing to the client's reading, of all messages of all clients. */
  readonly p50: number;
  readonly p99: number;
  /** How late the server's event loop was. */
  readonly late: number;
  readonly lateP99: number;
};

async function take(stand: Stand, load: Load): Promise<Taken> {
  const { members } = stand.fleet;
  for (const member of members) member.times = [];
  const { at, cpu, late, lateP99 } = await stand.run(load);
  const times = members.flatMap(({ times = [] }) => times.map((time, i) => time - (at[i] ?? Number.NaN)));
  for (const member of members) member.times = undefined;
  const sorted = Float64Array.from(times).sort();
  const [p50 = Number.NaN, p99 = Number.NaN] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)]);
  return { cpu: cpu / load.events / members.length, p50, p99, late, lateP99 };
}

/**
 * Before anything is measured: a server runs for days, and its first thousands of events cost it twice as much, while V8
 * compiles what an event needs. Few clients, so that it is the events that count.
 */
const warm = { clients: 20, events: 3_000, burst: 1, every: 1 };

/** A stand is opened once for all cases of a size, and a load is run once a round for all figures that are taken of it. */
export class Stands {
  private readonly open = new Map<string, Promise<Stand>>();
  private readonly taken = new Map<string, Promise<Taken>[]>();

  constructor(
    private readonly file: URL,
    private readonly clients: number,
  ) {}

  async stand(key: string): Promise<Stand> {
    const present =
      this.open.get(key) ?? openStand(this.file, [key], this.clients, this.clients > warm.clients ? { warm } : {});
    this.open.set(key, present);
    return present;
  }

  /** Of the `n`th round of a load; it is the first who asks that runs it. Before the first the code is made warm. */
  async round(key: string, load: Load, n: number): Promise<Taken> {
    const stand = await this.stand(key);
    const name = `${key} ${load.burst}`;
    if (!this.taken.has(name)) await take(stand, load);
    const rounds = this.taken.get(name) ?? [];
    this.taken.set(name, rounds);
    rounds[n] ??= take(stand, load);
    return rounds[n];
  }

  async close(): Promise<void> {
    for (const stand of this.open.values()) await (await stand).close();
    this.open.clear();
  }
}
