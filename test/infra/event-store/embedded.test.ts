import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { CorruptedIdempotency, InvalidPosition } from '../../../src/infra/event-store/errors.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { all, eventStoreContract, sample, samples } from '../../contract/event-store.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { reopening } from './support/reopening.js';

const clock = () => new Date('2026-03-02T01:02:03.004Z');

eventStoreContract('the embedded event store', reopening({ clock }), { reopens: true });

const unavailable = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof StoreUnavailable ? error : expect.fail(`expected StoreUnavailable, was ${error}`);
};

test('`recordedAt` is the time of the clock that was given', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder(), clock });
  await store.append('s-1', [sample('a')], 'no_stream');
  expect((await all(store.readAll()))[0]?.recordedAt).toBe('2026-03-02T01:02:03.004Z');
  await store.close();
});

test('a new log is empty, and no two logs have the same epoch', async () => {
  const one = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  const two = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  expect(await one.head()).toBeUndefined();
  expect(await all(one.readAll())).toEqual([]);
  expect(one.epoch).not.toBe(two.epoch);
  await Promise.all([one.close(), two.close()]);
});

test('a retry of which only a part stands there is named as such', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  await store.append('s-1', samples('a', 2), 'no_stream');
  await expect(store.append('s-1', samples('a', 3), 'no_stream')).rejects.toBeInstanceOf(CorruptedIdempotency);
  await expect(store.append('s-1', samples('a', 3), 'any')).rejects.toBeInstanceOf(CorruptedIdempotency);
  await store.close();
});

test('a read of all ends at what was there when it began, also while others write', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  // More than a page, so that the reader comes back to the log after others wrote.
  await store.append('s-1', samples('a', 501), 'no_stream');
  const found: string[] = [];
  for await (const event of store.readAll()) {
    found.push(event.stream);
    if (found.length === 500) await store.append('s-2', samples('b', 3), 'no_stream');
  }
  expect(found).toEqual(Array(501).fill('s-1'));
  await store.close();
});

test('a position that the log did not give out is refused, not read as another', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  await store.append('s-1', [sample('a')], 'no_stream');
  for (const after of ['', '1', 'g000000000000000', 'ffffffffffffffff', '0000000000000001x'])
    await expect(all(store.readAll({ after }))).rejects.toThrow(InvalidPosition);
  await store.close();
});

test('an event that is not JSON and a name that cannot be a key fail alone, beside others', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  const results = await Promise.allSettled([
    store.append('s-1', [sample('a')], 'no_stream'),
    store.append('s-2', [sample('b', { count: 1n })], 'no_stream'),
    store.append('', [sample('c')], 'no_stream'),
    store.append('长'.repeat(171), [sample('d')], 'no_stream'),
    store.append('s-\u0000', [sample('e')], 'no_stream'),
    store.append('s-\ud800', [sample('f')], 'no_stream'),
    store.append('s-3', [sample('g')], -1),
    store.append('长'.repeat(170), [sample('h')], 'no_stream'),
  ]);
  expect(results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))).toEqual([0, 7]);
  expect(await all(store.readAll())).toHaveLength(2);
  await store.close();
});

test('an event is taken as it is when `append` is called', async () => {
  const store = await openEmbeddedEventStore({ folder: await temporaryFolder() });
  const data = { text: 'as proposed' };
  const appending = store.append('s-1', [sample('a', data)], 'no_stream');
  data.text = 'changed afterwards';
  await appending;
  expect((await all(store.readAll()))[0]?.data).toEqual({ text: 'as proposed' });
  await store.close();
});

test('`close` first writes what was appended; afterwards all is refused as closed', async () => {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder });
  const appending = store.append('s-1', [sample('a')], 'no_stream');
  const waiting = all(store.subscribe({ signal: new AbortController().signal }));
  const closing = Promise.all([store.close(), store.close()]);
  expect((await unavailable(waiting)).code).toBe('closed');
  await closing;
  expect((await appending).revision).toBe(0);
  expect((await unavailable(store.append('s-1', [sample('b')], 0))).code).toBe('closed');
  expect((await unavailable(all(store.readAll()))).code).toBe('closed');
  expect((await unavailable(all(store.readStream('s-1')))).code).toBe('closed');
  const again = await openEmbeddedEventStore({ folder });
  expect(await all(again.readAll())).toHaveLength(1);
  await again.close();
});

test('a folder is opened once: a second opening is refused, and the first goes on', async () => {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder });
  const refused = await unavailable(
    openEmbeddedEventStore({ folder: join(folder, '..', folder.split('/').at(-1) ?? '') }),
  );
  expect(refused.code).toBe('in_use');
  expect(refused.text).toEqual([expect.stringContaining(folder), expect.stringContaining(folder)]);
  expect((await store.append('s-1', [sample('a')], 'no_stream')).revision).toBe(0);
  await store.close();
  await (await openEmbeddedEventStore({ folder })).close();
});

test('a folder that cannot be made is refused as not writable', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  expect((await unavailable(openEmbeddedEventStore({ folder: file }))).code).toBe('not_writable');
  expect((await unavailable(openEmbeddedEventStore({ folder: join(file, 'below') }))).code).toBe('not_writable');
});
