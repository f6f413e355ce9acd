import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock } from '../domain/kernel/ports.js';

/** What the operator watches: each loop says how it is. Numbers and names only, never anything of a case. */
export type Watched = {
  readonly projector: {
    readonly status: () => {
      readonly state: string;
      readonly position: string | undefined;
      readonly error: Error | undefined;
    };
    lag(): Promise<number>;
  };
  readonly reactors: () => readonly {
    readonly name: string;
    readonly state: string;
    readonly taken: number;
    readonly refused: number;
  }[];
  readonly scheduler: () => { readonly tickedAt: number | undefined; readonly error: Error | undefined };
  readonly live: { readonly sockets: number; readonly subscriptions: number };
  readonly clock: Clock;
};

/** Lag from which on the read models are not fit to answer. */
const readyWithinMs = 30_000;
const tickWithinMs = 5 * 60_000;

export function createTelemetry(watched: Watched) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'wuji_' });
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `wuji_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  gauge('projector_lag_milliseconds', 'Age of the oldest event that is not in the read models', () =>
    watched.projector.lag(),
  );
  gauge('sockets', 'Open WebSockets', () => watched.live.sockets);
  gauge('subscriptions', 'Open subscriptions', () => watched.live.subscriptions);
  new Gauge({
    name: 'wuji_reactor_commands',
    help: 'Commands of policies since the start, by policy and result',
    labelNames: ['policy', 'result'],
    registers: [registry],
    collect() {
      for (const { name, taken, refused } of watched.reactors()) {
        this.set({ policy: name, result: 'taken' }, taken);
        this.set({ policy: name, result: 'refused' }, refused);
      }
    },
  });

  return {
    /** The process answers, and no loop has given up. */
    async live() {
      const { state } = watched.projector.status();
      return { ok: state !== 'stopped', projector: state };
    },
    /**
     * Queries are answered from the present, and what the calendar asks for is done. States only: anybody may ask, and
     * the text of an error can tell of paths, hosts and cases.
     */
    async ready() {
      const { state } = watched.projector.status();
      const lagMs = await watched.projector.lag();
      const retrying = watched
        .reactors()
        .filter((reactor) => reactor.state !== 'running')
        .map(({ name }) => name);
      const { tickedAt, error: tickError } = watched.scheduler();
      const sinceTick = tickedAt === undefined ? undefined : watched.clock.now().getTime() - tickedAt;
      const ticks = sinceTick !== undefined && sinceTick < tickWithinMs;
      return {
        ok: state === 'live' && lagMs < readyWithinMs && retrying.length === 0 && ticks && !tickError,
        projector: { state, lagMs },
        reactors: { retrying },
        scheduler: {
          state: tickError ? 'failed' : 'running',
          secondsSinceTick: sinceTick === undefined ? null : Math.round(sinceTick / 1000),
        },
      };
    },
    metrics: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
