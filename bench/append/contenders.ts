import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProposedEvent } from '../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import type { Contender, Opened } from '../harness/bench.js';
import { loadPeer } from '../harness/peers.js';
import { Grouped } from './grouped.js';
import { type AppendOne, eventsPerSecond, newEvent } from './load.js';

export type Work = { readonly writers: number; readonly ms: number };
type Item = { readonly stream: string; readonly event: ProposedEvent; readonly last: number };
type InFolder = (folder: string) => Promise<{ append: AppendOne; close: () => unknown; check?: () => Promise<void> }>;

export const inNewFolder = (
  name: string,
  kind: Contender['kind'],
  { writers, ms }: Work,
  open: InFolder,
): Contender => ({
  ...{ name, kind },
  async open(): Promise<Opened> {
    const folder = await mkdtemp(join(tmpdir(), 'wuji-append-'));
    const { append, close, check } = await open(folder).catch(async (error: unknown) => {
      await rm(folder, { recursive: true }); // its package is not here
      throw error;
    });
    return {
      round: async () => {
        const rate = await eventsPerSecond(append, writers, ms);
        await check?.();
        return rate;
      },
      async close() {
        await close();
        await rm(folder, { recursive: true });
      },
    };
  },
});

/** `thorough`: after each round the log is read back, and must hold what was acknowledged, in order. */
export const embedded = (work: Work, thorough: boolean): Contender =>
  inNewFolder('embedded log', 'ours', work, async (folder) => {
    const store = await openEmbeddedEventStore({ folder });
    const acknowledged = new Map<string, string>();
    return {
      async append(stream, event, last) {
        const { revision, position } = await store.append(stream, [event], last < 0 ? 'no_stream' : last);
        if (thorough) acknowledged.set(position, `${stream}@${revision} ${event.id}`);
        return revision;
      },
      async check() {
        if (!thorough) return;
        const found: string[] = [];
        for await (const { stream, revision, id } of store.readAll()) found.push(`${stream}@${revision} ${id}`);
        const expected = [...acknowledged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
        if (found.length === 0 || found.join() !== expected.join())
          throw new Error(`${found.length} events in the log, ${expected.length} acknowledged`);
      },
      close: () => store.close(),
    };
  });

const textOf = ({ stream, event, last }: Item): string => JSON.stringify([last + 1, stream, new Date(), event]);
const conflict = (stream: string): never => {
  throw new Error(`conflict in ${stream}`);
};

type Table<V, K> = { get(key: K): V | undefined; putSync(key: K, value: V, options?: object): void };
type LmdbEnvironment = {
  openDB<V, K>(options: object): Table<V, K>;
  transactionSync<T>(work: () => T): T;
  close(): Promise<void>;
};
type Lmdb = { open(options: object): LmdbEnvironment };

export const lmdb = (work: Work): Contender =>
  inNewFolder('lmdb, grouped', 'peer', work, async (folder) => {
    const { open } = await loadPeer<Lmdb>('lmdb');
    const env = open({ path: folder, noSubdir: false, overlappingSync: false, maxDbs: 2 });
    const events = env.openDB<string, number>({ name: 'events', encoding: 'string' });
    const heads = env.openDB<number, string>({ name: 'heads', encoding: 'ordered-binary' });
    let sequence = 0;
    const { append } = new Grouped<Item, number>((items) =>
      env.transactionSync(() =>
        items.map((item) => {
          if ((heads.get(item.stream) ?? -1) !== item.last) conflict(item.stream);
          events.putSync(++sequence, textOf(item), { append: true });
          heads.putSync(item.stream, item.last + 1);
          return item.last + 1;
        }),
      ),
    );
    return { append: (stream, event, last) => append({ stream, event, last }), close: () => env.close() };
  });

type Statement = { run(...values: unknown[]): unknown; get(...values: unknown[]): { last: number | null } };
type Sqlite = {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): Statement;
  transaction<A, R>(work: (argument: A) => R): (argument: A) => R;
  close(): void;
};
type BetterSqlite = { readonly default: new (path: string) => Sqlite };

export const sqlite = (work: Work): Contender =>
  inNewFolder('better-sqlite3, grouped', 'peer', work, async (folder) => {
    const { default: Database } = await loadPeer<BetterSqlite>('better-sqlite3');
    const db = new Database(join(folder, 'log.db'));
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('create table events (sequence integer primary key, stream text, revision integer, body text)');
    db.exec('create unique index streams on events (stream, revision)');
    const head = db.prepare('select max(revision) as last from events where stream = ?');
    const insert = db.prepare('insert into events (stream, revision, body) values (?, ?, ?)');
    const { append } = new Grouped<Item, number>(
      db.transaction((items: readonly Item[]) =>
        items.map((item) => {
          if ((head.get(item.stream).last ?? -1) !== item.last) conflict(item.stream);
          insert.run(item.stream, item.last + 1, textOf(item));
          return item.last + 1;
        }),
      ),
    );
    return { append: (stream, event, last) => append({ stream, event, last }), close: () => db.close() };
  });

const ROOM = 268_435_456;
const flushLater = promisify(fdatasync);

/** Bytes that are there already, into a file that is laid out already: nothing is checked, encoded or indexed. */
export const rawFile = (work: Work, flush: 'waited for' | 'beside'): Contender =>
  inNewFolder(`raw preallocated file, flush ${flush}`, 'limit', work, async (folder) => {
    const file = openSync(join(folder, 'raw'), 'w+');
    const zeros = Buffer.alloc(1_048_576);
    for (let at = 0; at < ROOM; at += zeros.length) writeSync(file, zeros, 0, zeros.length, at);
    fdatasyncSync(file);
    const bytes = Buffer.from(JSON.stringify(newEvent()));
    let end = 0;
    const { append } = new Grouped<Buffer, number>((items) => {
      const all = Buffer.concat(items as Buffer[]);
      if (end + all.length > ROOM) end = 0;
      writeSync(file, all, 0, all.length, end);
      end += all.length;
      const done = items.map(() => 0);
      if (flush === 'beside') return flushLater(file).then(() => done);
      fdatasyncSync(file);
      return done;
    });
    return { append: () => append(bytes), close: () => closeSync(file) };
  });
