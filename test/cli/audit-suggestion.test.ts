import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataIn, pageOf } from '../../src/cli/audit/page.js';
import type { CaseFile } from '../../src/domain/proof/case-file.js';
import type { World } from '../live/support/world.js';
import { openWorld } from '../live/support/world.js';
import type { Played } from '../redaction/support.js';
import { playPublished } from '../redaction/support.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

let world: World;
let at: Played;
beforeAll(async () => {
  world = await openWorld();
  at = await playPublished(world);
});
afterAll(() => world.close());

/** The same values with all their fields the other way round. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  );
};

it('a suggestion on which deputies, offices and policies acted is proved as it was exported (issue 5 part 1)', async () => {
  const path = join(await temporaryFolder(), 'case.html');
  const env = { WUJI_URL: world.url, WUJI_TOKEN: at.office.token };
  expect(await wuji(['audit', 'export', at.id, '--out', path], { env })).toMatchObject({ code: 0 });
  expect(await wuji(['audit', 'verify', path])).toMatchObject({ code: 0, err: '' });
  const text = await readFile(path, 'utf8');
  const actors = (dataIn(text) as CaseFile).events.flatMap(({ event }) => (event ? [event.meta.actor] : []));
  expect(JSON.stringify(actors)).toContain('"mandate"');
  expect(pageOf(reversed(dataIn(text)) as CaseFile)).toBe(text);
});
