import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { all, sample } from '../../contract/event-store.contract.js';
import { buildProgram } from '../../support/build.js';
import { childPath, startAppender } from '../../support/log-processes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const Acknowledgement = z.object({ stream: z.string(), first: z.number(), ids: z.array(z.string()) });
type Acknowledgement = z.infer<typeof Acknowledgement>;
const PartOfAppend = z.object({ append: z.string(), index: z.number(), size: z.number() });
const Refused = z.object({ name: z.string(), code: z.string(), text: z.tuple([z.string(), z.string()]) });

/** Ends an appender with kill -9 after so many acknowledgements; returns all that it printed whole. */
async function appendUntilKilled(folder: string, round: number, kills: number): Promise<Acknowledgement[]> {
  const { writer, ended, lines: printed } = await startAppender(folder, round);
  const lines: string[] = [];
  for await (const line of printed) {
    lines.push(line);
    if (lines.length === kills) writer.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return lines.filter((line) => line.endsWith('}')).map((line) => Acknowledgement.parse(JSON.parse(line)));
}

function assertWhole(events: readonly RecordedEvent[]): void {
  const revisions = new Map<string, number>();
  for (const { stream, revision } of events) {
    expect(revision).toBe(revisions.get(stream) ?? 0);
    revisions.set(stream, revision + 1);
  }
  const partsOf = new Map<string, number[]>();
  const sizeOf = new Map<string, number>();
  for (const { data } of events) {
    const { append, index, size } = PartOfAppend.parse(data);
    partsOf.set(append, [...(partsOf.get(append) ?? []), index]);
    sizeOf.set(append, size);
  }
  for (const [append, size] of sizeOf) expect(partsOf.get(append)).toEqual([...Array(size).keys()]);
}

test('kill -9 under load loses no acknowledged event, leaves no part of an append, and does not block the next start', async () => {
  const folder = await temporaryFolder();
  const acknowledged: Acknowledgement[] = [];
  for (const [round, kills] of [1, 37, 211, 90, 404].entries()) {
    acknowledged.push(...(await appendUntilKilled(folder, round, kills)));
    const store = await openEmbeddedEventStore({ folder });
    const events = await all(store.readAll());
    const idAt = new Map(events.map(({ stream, revision, id }) => [`${stream}@${revision}`, id]));
    for (const { stream, first, ids } of acknowledged)
      expect(ids.map((_, index) => idAt.get(`${stream}@${first + index}`))).toEqual(ids);
    assertWhole(events);
    await store.close();
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(1 + 37 + 211 + 90 + 404);
});

test('a folder that another process holds is refused as in use, until that process is gone', async () => {
  const folder = await temporaryFolder();
  const { writer, ended, lines } = await startAppender(folder, 0);
  for await (const _ of lines) break;
  const refused = await openEmbeddedEventStore({ folder }).catch((error: unknown) => error);
  expect(refused instanceof StoreUnavailable ? refused.code : refused).toBe('in_use');
  writer.kill('SIGKILL');
  await ended;
  await (await openEmbeddedEventStore({ folder })).close();
});

test('a folder without the right to write is refused as not writable, in English and Chinese', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o555);
  const { stdout } = await promisify(execFile)(process.execPath, [
    childPath('opener.mjs'),
    await buildProgram(),
    folder,
  ]);
  const refused = Refused.parse(JSON.parse(stdout));
  expect(refused).toMatchObject({ name: 'StoreUnavailable', code: 'not_writable' });
  expect(refused.text).toEqual([expect.stringContaining('cannot be written'), expect.stringContaining('不可写')]);
});

test('on a full disk an append is refused and nothing of it stays; the process lives, and what was acknowledged is there', async () => {
  const folder = await temporaryFolder();
  // A limit on the size of a file stands for the full disk: the same call of the kernel fails. In blocks of 512 bytes.
  const script = 'ulimit -f 1200; exec "$0" "$@"';
  const args = ['-c', script, process.execPath, childPath('filler.mjs'), await buildProgram(), folder];
  const { stdout } = await promisify(execFile)('/bin/sh', args, { maxBuffer: 10_000_000 });
  const { acknowledged, readable, refused } = z
    .object({ acknowledged: z.array(z.string()), readable: z.array(z.string()), refused: Refused })
    .parse(JSON.parse(stdout));
  expect(refused.name).toBe('StoreUnavailable');
  expect(['disk_full', 'write_failed']).toContain(refused.code);
  expect(acknowledged.length).toBeGreaterThan(20);
  expect(readable).toEqual(acknowledged);
  const store = await openEmbeddedEventStore({ folder });
  expect((await all(store.readAll())).map(({ id }) => id)).toEqual(acknowledged);
  await store.append('after-1', [sample('space again')], 'no_stream');
  await store.close();
});
