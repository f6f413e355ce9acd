import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { cp, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { listSegments, segmentName } from '../../src/infra/event-store/segment-file.js';
import { serveProcess } from '../../test/support/server-process.js';
import type { Opened } from '../harness/bench.js';
import { inNewStore, rebuild, timed } from '../rebuild/contenders.js';
import type { Grown } from './nodes.js';

/** What a writer sends: as long as most events are. */
const eventOf = (stream: string) => ({
  ...{ id: randomUUID(), type: 'Measured', version: 1, effectiveAt: '2026-03-02T01:00:00.000Z' },
  data: { text: 'x'.repeat(100) },
  meta: {
    ...{ commandId: stream, action: 'measure', actor: { kind: 'system', policy: 'bench' } as const },
    ...{ $correlationId: stream, $causationId: stream, audience: {} },
  },
});

/** Each writer has a stream of its own, and sends the next event when it has its answer; into a copy of the log. */
export async function append({ folder, size }: Grown): Promise<Opened> {
  const copy = `${folder}-copy`;
  await cp(join(folder, 'log'), copy, { recursive: true });
  await onDisk(copy);
  const store = await openEmbeddedEventStore({ folder: copy });
  let rounds = 0;
  return {
    async round() {
      const round = `${size}-${rounds++}-${randomUUID()}`;
      const each = 100;
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: 16 }, async (_, writer) => {
          const stream = `bench-${round}-${writer}`;
          for (let n = 0; n < each; n++) await store.append(stream, [eventOf(stream)], n === 0 ? 'no_stream' : n - 1);
        }),
      );
      return (16 * each * 1_000) / (performance.now() - begun);
    },
    async close() {
      await store.close();
      await rm(copy, { recursive: true });
    },
  };
}

/** A longer copy would otherwise still be on its way to the disk while flushes are measured. */
async function onDisk(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r');
    await file.sync();
    await file.close();
  }
}

/** Streams of cases from everywhere in the log, one after the other. */
export async function readStreams({ folder }: Grown): Promise<Opened> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  const streams = await someStreams(store);
  return {
    async round() {
      const begun = performance.now();
      let events = 0;
      for (const stream of streams) for await (const _ of store.readStream(stream)) events++;
      return (events * 1_000) / (performance.now() - begun);
    },
    close: () => store.close(),
  };
}

/** As long as each other, wherever they are: those of the register are shorter, and there are more of them in a short log. */
async function someStreams(store: EventStore): Promise<readonly string[]> {
  const streams = new Map<string, number>();
  for await (const { stream, revision } of store.readAll()) streams.set(stream, revision + 1);
  const alike = [...streams].filter(
    ([stream, length]) => stream.startsWith('suggestion-') && length >= 8 && length <= 20,
  );
  const step = Math.max(1, Math.floor(alike.length / 500));
  const chosen = alike.filter((_, i) => i % step === 0).map(([stream]) => stream);
  if (chosen.length === 0) throw new Error('the log holds no case from its beginning to its end');
  return chosen;
}

/** Reads of 2 KB from anywhere in the log's files, with nothing of ours around them: nobody's memory is as near when there is more of it. */
export async function readBytes({ folder }: Grown): Promise<Opened> {
  const path = join(folder, 'log', 'log');
  const files = listSegments(path).map((first) => openSync(join(path, segmentName(first)), 'r'));
  const places = files.map((file) => ({ file, last: Math.max(0, fstatSync(file).size - 2_048) }));
  const [into, count] = [Buffer.alloc(2_048), 100_000];
  return {
    async round() {
      const begun = performance.now();
      for (let n = 0; n < count; n += places.length)
        for (const { file, last } of places) readSync(file, into, 0, into.length, Math.floor(Math.random() * last));
      return (count * 1_000) / (performance.now() - begun);
    },
    async close() {
      for (const file of files) closeSync(file);
    },
  };
}

/** From the command line to an answer of a node that says it is ready. */
export async function start({ folder }: Grown): Promise<Opened> {
  return {
    async round() {
      const begun = performance.now();
      const node = await serveProcess({ PORT: '0', WUJI_DATA: folder });
      while (!(await fetch(`${node.url}/health/ready`)).ok);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${node.url}/graphql`, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename }"}',
      });
      if (!(await answer.text()).includes('"Query"')) throw new Error('it does not answer');
      const took = performance.now() - begun;
      await node.stop();
      return took;
    },
    async close() {},
  };
}

/** The whole log, in its order. */
export async function replay({ folder, size }: Grown): Promise<Opened> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  return {
    async round() {
      const begun = performance.now();
      let events = 0;
      for await (const _ of store.readAll()) events++;
      if (events < size) throw new Error(`${events} events instead of ${size}`);
      return (events * 1_000) / (performance.now() - begun);
    },
    close: () => store.close(),
  };
}

/** All read models out of the whole log, into an empty store. */
export async function rebuildAll({ folder, size }: Grown): Promise<Opened> {
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  return {
    async round() {
      const ms = await inNewStore(store.epoch, (reads) =>
        timed(
          () => 0,
          () => rebuild(store, reads),
        ),
      );
      return (size * 1_000) / ms;
    },
    close: () => store.close(),
  };
}
