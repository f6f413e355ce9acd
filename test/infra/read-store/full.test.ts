import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import { buildProgram } from '../../support/build.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Commits until the disk takes no more, and prints how the refused commit failed and where the table then stands. */
const filler = (program: string, folder: string, holds: boolean) => `
import { openEmbeddedReadStore } from ${JSON.stringify(pathToFileURL(join(program, 'src/infra/read-store/embedded.js')))};
const problems = [];
const holds = ${holds} ? { onProblem: (problem) => problems.push(problem.name) } : undefined;
const store = openEmbeddedReadStore({ folder: ${JSON.stringify(folder)}, epoch: 'log', onDropped: console.error, holds });
for (let n = 0; ; n++) {
  const commit = {
    table: 'a@1.0',
    from: n === 0 ? null : String(n - 1),
    to: { position: String(n), events: n + 1 },
    rows: new Map([[String(n), { text: 'x'.repeat(20_000) }]]),
    indexes: new Map(),
    counters: new Map(),
  };
  // Too much is held by then: it is told, whoever reads an index learns it, and the next commit must.
  while (holds && n === 100 && problems.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  if (n === 100) await store.scan('a@1.0', 'i', { from: '', to: '~', limit: 1 }).catch(() => {});
  try {
    await store.commit([commit]);
  } catch ({ name, code, text }) {
    console.log(JSON.stringify({ name, code, text, n, events: (await store.checkpoint('a@1.0')).events, problems }));
    break;
  }
}`;

const kinds = { 'writes each commit': false, 'holds commits': true };
it.each(Object.entries(kinds))(
  'a full disk is told as the log tells it, in English and Chinese, and what was committed stands (a store that %s)',
  async (_, holds) => {
    const program = await buildProgram();
    const folder = join(await temporaryFolder(), 'read');
    // A limit on the size of a file stands for the full disk: the same call of the kernel fails. In blocks of 512 bytes.
    const script = 'ulimit -f 2000; exec "$0" "$@"';
    const args = ['-c', script, process.execPath, '--input-type=module', '-e', filler(program, folder, holds)];
    const { stdout } = await promisify(execFile)('/bin/sh', args);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toMatchObject({
      name: 'StoreUnavailable',
      events: told.n,
      ...(holds && { n: 100, problems: ['StoreUnavailable'] }),
    });
    expect(['disk_full', 'write_failed']).toContain(told.code);
    expect(told.text).toEqual([expect.stringContaining('disk'), expect.stringContaining('磁盘')]);
  },
);

it('a folder that cannot be made is told as not writable', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const open = () => openEmbeddedReadStore({ folder: join(file, 'read'), epoch: 'log', onDropped: () => {} });
  expect(open).toThrow(StoreUnavailable);
  expect(open).toThrow(/cannot be written/);
});
