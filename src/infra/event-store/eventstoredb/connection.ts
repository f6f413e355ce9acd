import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreDBUnavailable, faultOf, isTransient } from './unavailable.js';

/** A client that failed so many times in a row may hold on to something broken: it is exchanged for a new one. */
const FAILURES = 3;

/**
 * One client for the process. Every call is given the credentials again, which makes the client append by one call per
 * append: with its shared batch stream an append may never be answered, its deadline is ignored, and the failure of
 * another client fails ours.
 */
export class Connection {
  /** The servers, for people: no user, no password. */
  readonly server: string;
  readonly credentials: { username: string; password: string };
  #client: EventStoreDBClient;
  #failures = 0;
  #closed = false;

  constructor(readonly url: string) {
    const { user, password, hosts } = partsOf(url);
    this.server = hosts;
    this.credentials = { username: user, password };
    this.#client = EventStoreDBClient.connectionString(url);
  }

  get client(): EventStoreDBClient {
    if (this.#closed) throw new EventStoreDBUnavailable('closed', this.server);
    return this.#client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  worked(): void {
    this.#failures = 0;
  }

  /** The error as people should read it. */
  failed(error: unknown): EventStoreDBUnavailable {
    if (error instanceof EventStoreDBUnavailable) return error;
    if (++this.#failures % FAILURES === 0 && !this.#closed) this.#renew();
    return new EventStoreDBUnavailable(faultOf(error), this.server, error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A call that was ended already may never tell the client that it has.
    await Promise.race([this.#client.dispose(), pause(500)]);
  }

  #renew(): void {
    const old = this.#client;
    this.#client = EventStoreDBClient.connectionString(this.url);
    void old.dispose();
  }
}

/** Tries again, ever more slowly, what may be repeated and may pass, for `total` ms. Rejects with `EventStoreDBUnavailable`. */
export async function insist<T>(connection: Connection, total: number, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + total;
  for (let wait = 50; ; wait *= 2) {
    try {
      return await work();
    } catch (error) {
      const failure = connection.failed(error);
      if (!isTransient(failure.code) || Date.now() + wait > until) throw failure;
    }
    await pause(wait * (0.5 + Math.random() / 2));
  }
}

function partsOf(url: string): { user: string; password: string; hosts: string } {
  const [, user = '', password = '', hosts = ''] = /^[^:]+:\/\/(?:([^:@/]*):([^@/]*)@)?([^/?]*)/.exec(url) ?? [];
  return { user: decodeURIComponent(user), password: decodeURIComponent(password), hosts };
}
