import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from './fleet.js';

/** What is measured of a server: it publishes sample events by their numbers to whoever has subscribed. */
export type Publisher = {
  readonly port: number;
  /** One commit. */
  publish(numbers: readonly number[]): void;
  /** How often the stores were read since the start, where there are any. */
  readonly reads?: () => number;
};

export type Order =
  | {
      readonly do: 'run';
      readonly from: number;
      readonly events: number;
      readonly burst: number;
      readonly every: number;
    }
  | { readonly do: 'end' }
  | { readonly do: 'measure' };
export type Report = {
  /** When each event was published. */
  readonly at?: readonly number[];
  /** Microseconds of processor since `run` or the last report. */
  readonly cpu: number;
  readonly rss: number;
  /** The longest that the event loop was late, in ms. */
  readonly late: number;
  readonly lateP99: number;
  readonly reads: number;
};

/** How often the event loop is asked whether it is late, in ms. */
const RESOLUTION = 5;

/** In the server's process: says its port, then does as it is told until the parent goes. */
export async function serve(publisher: Publisher): Promise<void> {
  let cpu = process.cpuUsage();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const lateOf = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  const report = (at?: readonly number[]): Report => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      ...(at && { at }),
      ...{ cpu: user + system, rss: process.memoryUsage.rss() },
      ...{ late: lateOf(delay.max), lateP99: lateOf(delay.percentile(99)) },
      reads: publisher.reads?.() ?? 0,
    };
  };
  const orders: { [K in Order['do']]: (order: Extract<Order, { do: K }>) => Promise<Report> } = {
    async run({ from, events, burst, every }) {
      const at: number[] = [];
      delay.reset();
      delay.enable();
      cpu = process.cpuUsage();
      for (let n = 0; n < events; n += burst) {
        const numbers = Array.from({ length: burst }, (_, i) => from + n + i);
        const moment = now();
        publisher.publish(numbers);
        at.push(...numbers.map(() => moment));
        await pause(every);
      }
      return report(at);
    },
    async end() {
      const found = report();
      delay.disable();
      return found;
    },
    async measure() {
      for (let i = 0; i < 4; i++) {
        globalThis.gc?.();
        await pause(50);
      }
      const found = report();
      cpu = process.cpuUsage();
      return found;
    },
  };
  process.on('message', (order: Order) => {
    void orders[order.do](order as never).then((found) => process.send?.(found));
  });
  process.send?.({ port: publisher.port });
  await once(process, 'disconnect');
  process.exit();
}
