import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '../../domain/kernel/event.js';

export type Reached = 'reached' | 'timeout';

/** Those who wait until a position is reached. */
export function createWaiters() {
  type Waiter = { readonly position: Position; readonly settle: (reached: Reached) => void };
  let reached: Position | undefined;
  const waiters = new Set<Waiter>();
  let ended = false;
  return {
    /** After `end`: what is waited for may come again. */
    begin() {
      ended = false;
    },
    moved(position: Position | undefined) {
      reached = position;
      if (position === undefined) return;
      for (const waiter of waiters) if (waiter.position <= position) waiter.settle('reached');
    },
    /** The signal ends the wait as its time does. */
    wait(position: Position, timeoutMs: number, signal?: AbortSignal): Promise<Reached> {
      if (reached !== undefined && position <= reached) return Promise.resolve('reached');
      if (ended || signal?.aborted) return Promise.resolve('timeout');
      return new Promise((resolve) => {
        const giveUp = () => waiter.settle('timeout');
        const waiter: Waiter = {
          position,
          settle(result) {
            clearTimeout(timer);
            signal?.removeEventListener('abort', giveUp);
            waiters.delete(waiter);
            resolve(result);
          },
        };
        const timer = setTimeout(giveUp, timeoutMs);
        signal?.addEventListener('abort', giveUp);
        waiters.add(waiter);
      });
    },
    /** Nobody is left waiting for what will not come. */
    end() {
      ended = true;
      for (const waiter of waiters) waiter.settle('timeout');
    },
  };
}

export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
export const pause: Pause = async (ms, signal) => {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
/** After the n-th failure in a row: 0.1 s, 0.2 s, … up to half a minute. */
export const backoffMs = (failures: number): number => Math.min(30_000, 100 * 2 ** Math.min(failures - 1, 20));

/** Work that must not overlap. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
