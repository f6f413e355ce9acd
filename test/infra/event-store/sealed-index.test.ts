import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'lmdb';
import { open } from 'lmdb';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkIndex } from '../../../src/infra/event-store/check-index.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { IndexDamaged, IndexWrong, LogDamaged } from '../../../src/infra/event-store/errors.js';
import { MemoryIndex } from '../../../src/infra/event-store/memory-index.js';
import { SealedIndex } from '../../../src/infra/event-store/sealed-index.js';
import { all, samples } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const segmentBytes = 3_000;
const streams = ['s-1', 's-2', 's-3'];

/** A log as kill -9 leaves it: nobody has said how its index was. */
async function killed(options: { readonly epoch?: string } = {}): Promise<string> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder, segmentBytes, ...options });
  for (const [index, event] of samples('a', 60).entries()) await store.append(streams[index % 3] ?? '', [event], 'any');
  await store.close();
  await rm(join(folder, 'log/closed'));
  return folder;
}

const segmentsOf = async (folder: string) =>
  (await readdir(join(folder, 'log'))).filter((name) => name.endsWith('.segment')).sort();
const firstsOf = async (folder: string) => (await segmentsOf(folder)).map((name) => Number.parseInt(name, 16));

/** All that can be read, and what was told on the way. */
async function reading(folder: string) {
  const problems: Error[] = [];
  const store = await openEmbeddedEventStore({ folder, segmentBytes, onProblem: (each) => problems.push(each) });
  try {
    const ids = (await all(store.readAll())).map(({ id }) => id);
    const byStream = await Promise.all(
      streams.map(async (stream) => (await all(store.readStream(stream))).map(({ id }) => id)),
    );
    return { ids, byStream, problems };
  } finally {
    await store.close();
  }
}

const whole = samples('a', 60).map(({ id }) => id);
const wholeByStream = streams.map((_, stream) => whole.filter((_id, index) => index % 3 === stream));
const right = { ids: whole, byStream: wholeByStream };

/** Changes the index as no program of the house would. */
async function tamper(
  folder: string,
  work: (dbs: Record<'meta' | 'segments' | 'postings', ReturnType<ReturnType<typeof open>['openDB']>>) => void,
): Promise<void> {
  const env = open({ path: join(folder, 'log'), noSubdir: false, overlappingSync: false, maxDbs: 5 });
  const meta = env.openDB({ name: 'meta', encoding: 'string' });
  const [segments, postings] = ['segments', 'postings'].map((name) => env.openDB({ name, encoding: 'binary' }));
  if (!segments || !postings) throw new Error('no index');
  env.transactionSync(() => work({ meta, segments, postings }));
  await env.close();
}

const entriesOf = (db: ReturnType<ReturnType<typeof open>['openDB']>) =>
  [...db.getRange({})].map(({ key, value }) => ({ key, value: value as Buffer }));
const second = <T>(list: readonly T[]): T => list[1] ?? expect.fail('there is no second');

test('an index that is as it was written is believed after a kill, and nothing is told', async () => {
  const folder = await killed();
  expect(await checkIndex(folder)).toEqual({ is: 'equal', missing: 0 });
  expect(await reading(folder)).toEqual({ ...right, problems: [] });
});

describe('after a kill an index that is not as it was written is named and made again', () => {
  test.each<[string, Parameters<typeof tamper>[1]]>([
    [
      'a posting leads to another record',
      ({ postings }) => {
        const { key, value } = second(entriesOf(postings));
        const other = entriesOf(postings).findLast((entry) => entry.value.subarray(0, 8).equals(value.subarray(0, 8)));
        const changed = Buffer.from(value);
        changed.writeUInt32LE(other?.value.readUInt32LE(8) ?? 0, 8);
        postings.putSync(key, changed);
      },
    ],
    ['a posting is gone', ({ postings }) => postings.removeSync(second(entriesOf(postings)).key)],
    [
      'the newest posting of a stream is gone',
      ({ postings }) => postings.removeSync(entriesOf(postings).at(-1)?.key ?? ''),
    ],
    [
      'a posting is there under another name',
      ({ postings }) => {
        const { key, value } = second(entriesOf(postings));
        postings.removeSync(key);
        postings.putSync(['s-0', 0], value);
      },
    ],
    [
      'two postings have changed places',
      ({ postings }) => {
        const [a, b] = entriesOf(postings);
        if (!a || !b) throw new Error('no postings');
        postings.putSync(a.key, b.value);
        postings.putSync(b.key, a.value);
      },
    ],
    [
      'the place of an event in a segment is another',
      ({ segments }) => {
        const { key, value } = second(entriesOf(segments));
        const changed = Buffer.from(value);
        changed.writeUInt32LE(changed.readUInt32LE(12) + 1, 12);
        segments.putSync(key, changed);
      },
    ],
    ['how far it was acknowledged', ({ meta }) => meta.putSync('acknowledged', '9999 1')],
    ['an entry is none', ({ postings }) => postings.putSync(['s-1', 1_000], Buffer.from([1]))],
  ])('%s', async (_, harm) => {
    const folder = await killed();
    await tamper(folder, harm);
    const { problems, ...read } = await reading(folder);
    expect(read).toEqual(right);
    expect(problems).toEqual([expect.any(IndexDamaged)]);
    expect(problems[0]?.message).toContain('is not as it was written');
    expect(await reading(folder)).toEqual({ ...right, problems: [] });
  });
});

test('an index behind its segments is brought up to them; what a broken-off addition left is no fault', async () => {
  const folder = await killed();
  const firsts = await firstsOf(folder);
  await tamper(folder, ({ segments, postings }) => {
    const [last = 0, before = 0] = firsts.slice(0, -1).reverse();
    for (const first of [last, before]) segments.removeSync(first);
    // Of the last, only some postings had been written; one of them is not right.
    for (const { key, value } of entriesOf(postings)) if (value.readUInt32LE(4) === last) postings.removeSync(key);
    postings.putSync(['s-9', 0], Buffer.from([0, 0, 0, 0, last, 0, 0, 0, 1, 2, 3, 4]));
  });
  expect(await checkIndex(folder)).toEqual({ is: 'equal', missing: 2 });
  const { problems, ...read } = await reading(folder);
  expect([read, problems]).toEqual([right, []]);
  expect(await checkIndex(folder)).toEqual({ is: 'equal', missing: 0 });
});

test('an index ahead of its segments shows that acknowledged events are gone: no start, also not the next time', async () => {
  const folder = await killed();
  await tamper(folder, ({ meta, segments }) => {
    meta.removeSync('acknowledged');
    segments.removeSync(1);
  });
  const names = await segmentsOf(folder);
  for (const name of names.slice(-2)) await rm(join(folder, 'log', name));
  const sequence = Number.parseInt(names.at(-2) ?? '', 16);
  for (let start = 0; start < 2; start++)
    await expect(reading(folder)).rejects.toMatchObject({ name: 'StoreUnavailable', damage: { sequence } });
  expect(await checkIndex(folder)).toMatchObject({ is: 'other', wrong: 'more than the segments' });
  for (const name of names.slice(0, -2)) await rm(join(folder, 'log', name));
  await expect(reading(folder)).rejects.toBeInstanceOf(LogDamaged);
});

test('the index of another log is named and made again', async () => {
  const [folder, other] = [await killed(), await killed()];
  await cp(join(other, 'log/data.mdb'), join(folder, 'log/data.mdb'));
  expect(await checkIndex(folder)).toMatchObject({ is: 'other', wrong: 'epoch' });
  const { problems, ...read } = await reading(folder);
  expect(read).toEqual(right);
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('is not that of its segments')]);
});

/** The same log as far as epoch and sizes tell, with two streams in each other's place: right sums, wrong places. */
async function mixUp(folder: string, which: number): Promise<void> {
  const first = (await firstsOf(folder)).at(which) ?? 0;
  const sealed = await SealedIndex.at(join(folder, 'log'));
  const { count = 0, end = 0 } = sealed.segment(first) ?? {};
  const places = streams.flatMap((stream) =>
    sealed
      .postings(stream, 0, 1_000)
      .filter(({ segment }) => segment === first)
      .flatMap(({ firstRevision, offsets }) =>
        offsets.map((offset, index) => ({ stream, revision: firstRevision + index, offset })),
      ),
  );
  places.sort((a, b) => a.offset - b.offset);
  expect(places).toHaveLength(count);
  const memory = new MemoryIndex(first);
  memory.end = end;
  const swap: Record<string, string> = { 's-1': 's-2', 's-2': 's-1' };
  for (const { stream, offset } of places) {
    const as = swap[stream] ?? stream;
    const revision = places.find((each) => each.stream === as)?.revision ?? 0;
    memory.add(as, revision, offset);
  }
  await sealed.add(memory);
  await sealed.close();
}

test('entries of the newest segment that lead elsewhere are found at the start, whatever their sums say', async () => {
  const folder = await killed();
  await mixUp(folder, -2);
  const { problems, ...read } = await reading(folder);
  expect(read).toEqual(right);
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('is not that of its segments')]);
});

test('entries of older segments that lead elsewhere are found by the check and by a read: never another stream; the next start makes the index again', async () => {
  const folder = await killed();
  await mixUp(folder, 1);
  const [, name] = await segmentsOf(folder);
  expect(await checkIndex(folder)).toMatchObject({ is: 'other', wrong: name });
  const store = await openEmbeddedEventStore({ folder, segmentBytes, onProblem: () => {} });
  const wrong = await all(store.readStream('s-1')).catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(IndexWrong);
  expect(wrong).toMatchObject({ text: [expect.stringContaining(name ?? '-'), expect.stringContaining(name ?? '-')] });
  expect((await all(store.readAll())).map(({ id }) => id)).toEqual(whole);
  await store.close();
  const { problems, ...read } = await reading(folder);
  expect(read).toEqual(right);
  expect(problems).toEqual([expect.any(IndexDamaged)]);
});

test('an index of another version is made again without a word', async () => {
  const folder = await killed();
  await tamper(folder, ({ meta, segments }) => {
    meta.putSync('version', '1');
    for (const { key, value } of entriesOf(segments)) segments.putSync(key, value.subarray(0, 12));
  });
  expect(await reading(folder)).toEqual({ ...right, problems: [] });
});

test('one look into the index tells the last revision of a stream and where its events are', async () => {
  const env = open<string, string>({ path: await temporaryFolder(), encoding: 'string' });
  onTestFinished(() => env.close());
  let looks = 0;
  const counting = (db: object, name: 'getRange' | 'getKeys') => ({
    value: (range: object) => {
      looks++;
      return (db as Database)[name](range);
    },
  });
  const openDB = { value: (of: { readonly name: string }) => countingAll(env.openDB(of)) };
  const countingAll = (db: object) =>
    Object.create(db, { getRange: counting(db, 'getRange'), getKeys: counting(db, 'getKeys') });
  const sealed = new SealedIndex(Object.create(env, { openDB }));
  for (const [segment, first] of [1, 4, 7].entries()) {
    const memory = new MemoryIndex(first);
    for (let n = 0; n < 3; n++) memory.add(n < 2 ? 'old' : `new-${segment}`, segment * 2 + n, 100 * n);
    await sealed.add(memory);
  }
  expect(sealed.lastRevision('new-1')).toBe(4);
  expect(sealed.postings('new-1', 4, 4)).toEqual([{ segment: 4, firstRevision: 4, offsets: [200] }]);
  expect(looks).toBe(1);
  for (const [from, segments] of [
    [4, [7]],
    [3, [4, 7]],
    [1, [1, 4, 7]],
  ] as const)
    expect(sealed.postings('old', from, 5).map(({ segment }) => segment)).toEqual(segments);
});
