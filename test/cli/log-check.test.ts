import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { sample, samples } from '../contract/event-store.contract.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

const segment = 'log/log/0000000000000001.segment';

async function dataFolder(segmentBytes?: number): Promise<string> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), ...(segmentBytes && { segmentBytes }) });
  for (const event of samples('a', 5)) await store.append('s-1', [event], 'any');
  await store.close();
  return folder;
}

const check = (folder: string) => wuji(['log', 'check', '--data', folder, '--lang', 'en']);

test('a log that is whole: the events are counted, and the end is 0 (issue 4 part 1)', async () => {
  const folder = await dataFolder();
  expect(await check(folder)).toMatchObject({
    code: 0,
    out: 'whole: events 5, segments 1\nthe index agrees with the segments\n',
  });
  expect(await wuji(['log', 'check', '--lang', 'en'], { env: { WUJI_DATA: folder } })).toMatchObject({ code: 0 });
  await appendFile(join(folder, segment), 'half of a write');
  expect((await check(folder)).out).toContain('not acknowledged');
});

test('the first bad record is named with segment, offset and number, what is before it is counted, and the end is 1', async () => {
  const folder = await dataFolder();
  const bytes = await readFile(join(folder, segment));
  const at = bytes.indexOf(sample('a2').id);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(join(folder, segment), bytes);
  expect(await check(folder)).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /LOG_DAMAGED .*0000000000000001\.segment, offset \d+, event number 3 \(checksum\)\. The 2 events/,
    ),
  });
});

test('an index that does not agree with the segments is told after the log itself, with what to do, and the end is 1', async () => {
  const [folder, other] = [await dataFolder(1_000), await dataFolder(1_000)];
  expect(await check(folder)).toMatchObject({ code: 0, out: expect.stringContaining('the index agrees') });
  await cp(join(other, 'log/log/data.mdb'), join(folder, 'log/log/data.mdb'));
  expect(await check(folder)).toMatchObject({
    code: 1,
    out: expect.stringContaining('whole: events 5'),
    err: expect.stringMatching(/INDEX_DIFFERS [\s\S]*data\.mdb/),
  });
});

test('a folder without a log is wrong use, and one in use is refused with what to do', async () => {
  expect(await check(await temporaryFolder())).toMatchObject({ code: 2, err: expect.stringContaining('NO_LOG_THERE') });
  const folder = await dataFolder();
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
  expect(await check(folder)).toMatchObject({ code: 3, err: expect.stringContaining('in use by another process') });
  await store.close();
});
