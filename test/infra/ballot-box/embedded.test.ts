import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEmbeddedBallotBox } from '../../../src/infra/ballot-box/embedded.js';
import { ballotBoxContract } from '../../contract/ballot-box.contract.js';
import { idOf } from '../../support/spec.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const key = 'ab'.repeat(32);
const ballot = idOf('ballot');

async function boxes(own?: string) {
  const folder = join(await temporaryFolder(), 'ballots');
  return { folder, box: openEmbeddedBallotBox({ folder, key: own }), file: join(folder, `${ballot}.box`) };
}
const all = async (folder: string) =>
  (
    await Promise.all((await readdir(folder)).map(async (name) => name + (await readFile(join(folder, name), 'utf8'))))
  ).join();

ballotBoxContract('embedded', async () => {
  const { folder, box } = await boxes(key);
  return {
    nodes: [box, box],
    raw: async (id) => JSON.parse(await readFile(join(folder, `${id}.box`), 'utf8')),
    all: () => all(folder),
  };
});

it('the file of a box has no past: after each ballot it is one sorted whole, and nothing else lies beside it', async () => {
  const { folder, box, file } = await boxes();
  const id = await box.make(ballot);
  for (let n = 0; n < 12; n++) {
    await box.cast({ ballot, box: id, voter: `v${n}`, content: '[0]' });
    const { marks, ballots } = JSON.parse(await readFile(file, 'utf8'));
    expect([marks, ballots]).toEqual([[...marks].sort(), [...ballots].sort()]);
    expect([marks.length, ballots.length]).toEqual([n + 1, n + 1]);
    expect(await readdir(folder)).toEqual([`${ballot}.box`]);
  }
});

it('with the operator’s key a copy of the box is worth nothing to who has it not', async () => {
  const { folder, box } = await boxes(key);
  const id = await box.make(ballot);
  await box.cast({ ballot, box: id, voter: 'v', content: '[1]' });
  const stranger = openEmbeddedBallotBox({ folder });
  await expect(stranger.shut(ballot, id)).rejects.toThrow();
  expect(await stranger.receiptOf({ ballot, box: id, voter: 'v' })).toBeUndefined();
  expect((await openEmbeddedBallotBox({ folder, key }).shut(ballot, id))?.ballots).toEqual(['[1]']);
});

it('what a power cut left of the next file does not matter, and goes when the box is destroyed', async () => {
  const { folder, box, file } = await boxes();
  const id = await box.make(ballot);
  await box.cast({ ballot, box: id, voter: 'v', content: '[1]' });
  await writeFile(`${file}.new`, '{"box":"');
  expect((await openEmbeddedBallotBox({ folder }).shut(ballot, id))?.ballots).toEqual(['[1]']);
  await box.destroy(ballot);
  expect(await readdir(folder)).toEqual([]);
});

it('a damaged box is told as what it is, without a word of what lies in it; it is not taken for an empty one', async () => {
  const { folder, box, file } = await boxes();
  await mkdir(folder);
  for (const text of ['', '{"marks":["secret-mark"', '{"marks":["secret-mark"]}']) {
    await writeFile(file, text);
    const failure: unknown = await box.make(ballot).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unknown_format' });
    expect(JSON.stringify([String(failure), failure])).not.toContain('secret-mark');
  }
});
