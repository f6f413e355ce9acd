import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { buildProgram } from '../support/build.js';
import { childPath, startAppender } from '../support/log-processes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const Reading = z.object({
  events: z.number(),
  inOrder: z.string(),
  byStream: z.string(),
  problems: z.array(z.string()),
});
type Reading = z.infer<typeof Reading>;

/** What a process of its own reads of a log; `undefined`: it was ended by LMDB. */
async function read(folder: string): Promise<Reading | undefined> {
  const args = [childPath('reader.mjs'), await buildProgram(), folder];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return Reading.parse(JSON.parse(stdout));
  } catch (error) {
    if (typeof error === 'object' && error && 'signal' in error && error.signal !== null) return undefined;
    throw error;
  }
}

const pageSize = 4_096;

it('a damaged index of a log that was killed: at the first start, or at the second when LMDB ended the first, all is there, it is named, and the next start has nothing to tell', async () => {
  const folder = await temporaryFolder();
  const { writer, ended, lines } = await startAppender(folder, 0, 20_000);
  let acknowledged = 0;
  for await (const _ of lines) if (++acknowledged === 1_500) writer.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const index = await readFile(join(folder, 'log/data.mdb'));
  const pages = Math.floor(index.length / pageSize);
  expect(pages).toBeGreaterThan(8);

  const copyWith = async (harmed: Buffer) => {
    const copy = await temporaryFolder();
    await cp(folder, copy, { recursive: true });
    await writeFile(join(copy, 'log/data.mdb'), harmed);
    return copy;
  };
  const whole = await read(await copyWith(index));
  expect(whole).toMatchObject({ problems: [] });
  const page = (share: number) => Math.floor(pages * share) * pageSize;
  const harms: Buffer[] = [
    ...[0, 0.3, 0.5, 0.7, 0.9].map((share) => Buffer.from(index).fill(0, page(share), page(share) + pageSize)),
    ...[0.4, 0.8].map((share) => Buffer.from(index).fill(0x5a, page(share) + 16, page(share) + 64)),
    ...[0, 0.5].map((share) => index.subarray(0, page(share))),
    Buffer.from('no index at all'),
  ];
  let named = 0;
  for (const harmed of harms) {
    const copy = await copyWith(harmed);
    const found = (await read(copy)) ?? (await read(copy));
    expect({ ...found, problems: [] }).toEqual(whole);
    named += found?.problems.length ?? 0;
    expect(await read(copy)).toEqual(whole);
  }
  // A page that nothing leads to any more may be whatever it is.
  expect(named).toBeGreaterThan(4);
});
