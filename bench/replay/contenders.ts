import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import type { Contender, Opened } from '../harness/bench.js';
import { loadPeer } from '../harness/peers.js';
import { logOf, replay } from './log.js';

/** So many texts are kept in memory for the limit, and parsed again and again. */
const KEPT = 20_000;
const PAGE = 1_000;

/** Counts and uses what was read, so that nobody can leave the decoding out. */
function reader() {
  let [events, sum] = [0, 0];
  return {
    take: (event: { readonly revision: number; readonly type: string }) => {
      events++;
      sum += event.revision + event.type.length;
    },
    done(count: number): void {
      if (events !== count || sum < count) throw new Error(`${events} events were read of ${count}`);
    },
  };
}

type Source = {
  ready?(): Promise<void>;
  read(take: (event: Pick<RecordedEvent, 'revision' | 'type'>) => void): Promise<void>;
  close: Opened['close'];
};

export const contender = (
  name: string,
  kind: Contender['kind'],
  count: number,
  open: () => Promise<Source>,
): Contender => ({
  ...{ name, kind },
  async open() {
    const { ready, read, close } = await open();
    return {
      async round() {
        await ready?.();
        const { take, done } = reader();
        const begun = performance.now();
        await read(take);
        const ms = performance.now() - begun;
        done(count);
        return (count * 1_000) / ms;
      },
      close,
    };
  },
});

export const embedded = (count: number, thorough: boolean): Contender =>
  contender('embedded log', 'ours', count, async () => {
    let store: EventStore | undefined;
    return {
      // Not earlier: the others are filled from this log, which only one may have open.
      async ready() {
        store ??= await openEmbeddedEventStore({ folder: await logOf(count) });
      },
      async read(take) {
        let next = 1;
        if (store)
          await replay(store, (event) => {
            if (thorough && Number.parseInt(event.position, 16) !== next++)
              throw new Error(`a gap at ${event.position}`);
            take(event);
          });
      },
      close: async () => store?.close(),
    };
  });

/** The events of the log as JSON, in pages. */
async function* textsOf(count: number): AsyncGenerator<string[]> {
  const store = await openEmbeddedEventStore({ folder: await logOf(count) });
  try {
    let page: string[] = [];
    for await (const event of store.readAll()) {
      page.push(JSON.stringify(event));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  } finally {
    await store.close();
  }
}

export async function inFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-replay-'));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

type Table = {
  putSync(key: number, value: string, options?: object): void;
  getRange(options?: object): Iterable<{ readonly value: string }>;
  transactionSync(work: () => void): void;
  close(): Promise<void>;
};
type Lmdb = { open(options: object): Table };

export const lmdb = (count: number): Contender =>
  contender('lmdb, getRange', 'peer', count, async () => {
    const { folder, remove } = await inFolder();
    const { open } = await loadPeer<Lmdb>('lmdb');
    const table = open({ path: folder, noSubdir: false, encoding: 'string', keyEncoding: 'uint32' });
    let key = 0;
    for await (const page of textsOf(count))
      table.transactionSync(() => {
        for (const text of page) table.putSync(++key, text, { append: true });
      });
    return {
      async read(take) {
        for (const { value } of table.getRange()) take(JSON.parse(value));
      },
      async close() {
        await table.close();
        await remove();
      },
    };
  });

type Statement = { run(...values: unknown[]): unknown; all(...values: unknown[]): { seq: number; body: string }[] };
type Sqlite = {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): Statement;
  transaction<A>(work: (argument: A) => void): (argument: A) => void;
  close(): void;
};
type BetterSqlite = { readonly default: new (path: string) => Sqlite };

export const sqlite = (count: number): Contender =>
  contender('better-sqlite3, pages of 1,000', 'peer', count, async () => {
    const { folder, remove } = await inFolder();
    const { default: Database } = await loadPeer<BetterSqlite>('better-sqlite3');
    const db = new Database(join(folder, 'log.db'));
    db.pragma('journal_mode = WAL');
    db.exec('create table events (seq integer primary key, body text)');
    const insert = db.prepare('insert into events (body) values (?)');
    const fill = db.transaction<readonly string[]>((page) => {
      for (const text of page) insert.run(text);
    });
    for await (const page of textsOf(count)) fill(page);
    const next = db.prepare('select seq, body from events where seq > ? order by seq limit ?');
    return {
      async read(take) {
        for (let page = next.all(0, PAGE); page.length > 0; page = next.all(page.at(-1)?.seq ?? 0, PAGE))
          for (const { body } of page) take(JSON.parse(body));
      },
      async close() {
        db.close();
        await remove();
      },
    };
  });

export const parseOnly = (count: number): Contender =>
  contender('JSON.parse from memory', 'limit', count, async () => {
    const texts: string[] = [];
    for await (const page of textsOf(count)) {
      texts.push(...page);
      if (texts.length >= Math.min(KEPT, count)) break;
    }
    return {
      async read(take) {
        for (let n = 0; n < count; n++) take(JSON.parse(texts[n % texts.length] ?? ''));
      },
      close: async () => {},
    };
  });
