import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { encodeTuple, rangeOf, rowKeyOf } from '../../../src/projections/kernel/index-key.js';
import { buildProgram } from '../../support/build.js';

/** Commits for ever: after commit n, both tables have n in a row, in an index entry, in a counter and as checkpoint. */
const writer = (program: string, folder: string) => `
import { openEmbeddedReadStore } from ${JSON.stringify(pathToFileURL(join(program, 'src/infra/read-store/embedded.js')))};
import { encodeTuple, entryOf } from ${JSON.stringify(pathToFileURL(join(program, 'src/projections/kernel/index-key.js')))};
const store = openEmbeddedReadStore({ folder: ${JSON.stringify(folder)}, epoch: 'log', onDropped: console.error });
const at = await store.checkpoint('a@1.0');
const position = (n) => String(n).padStart(9, '0');
for (let n = at?.events ?? 0; ; n++) {
  const tables = ['a@1.0', 'b@1.0'].map((table) => ({
    table,
    from: n === 0 ? null : position(n),
    to: { position: position(n + 1), events: n + 1 },
    rows: new Map([['row', { n: n + 1, text: 'x'.repeat(n % 3_000) }], [String(n % 50), { n }]]),
    indexes: new Map([['i', { add: [entryOf([n + 1], 'row')], remove: n === 0 ? [] : [entryOf([n], 'row')] }]]),
    counters: new Map([['c', new Map([[encodeTuple(['all']), 1]])]]),
  }));
  if ((await store.commit(tables)) !== 'committed') throw new Error('conflict');
  process.stdout.write('.');
}`;

it('after kill -9 every table stands at one committed moment, and goes on from there (architecture.md §6)', async () => {
  const program = await buildProgram();
  const base = mkdtempSync(join(tmpdir(), 'wuji-read-store-kill-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  const folder = join(base, 'read');
  let before = 0;
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(program, folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let commits = 0;
    for await (const chunk of child.stdout) {
      commits += String(chunk).length;
      if (commits > 100 * (round + 1)) break;
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);

    const dropped: string[] = [];
    const store = openEmbeddedReadStore({ folder, epoch: 'log', onDropped: (why) => dropped.push(why) });
    expect(dropped).toEqual([]);
    const [a, b] = await store.tables();
    const n = a?.events ?? 0;
    expect(b?.events).toBe(n);
    expect(n).toBeGreaterThanOrEqual(before + commits);
    for (const table of ['a@1.0', 'b@1.0']) {
      expect(await store.row(table, 'row')).toMatchObject({ n });
      expect(await store.counters(table, 'c', [encodeTuple(['all'])])).toEqual([n]);
      const entries = await store.scan(table, 'i', { ...rangeOf({}), limit: 9 });
      expect(entries.map(rowKeyOf)).toEqual(['row']);
      expect(await store.scan(table, 'i', { ...rangeOf({ prefix: [n] }), limit: 9 })).toEqual(entries);
    }
    before = n;
    await store.close();
  }
});
