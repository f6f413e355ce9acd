import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertKept, openFaultyHouse } from './support/house.js';
import { leaveMemory, type Means, means } from './support/little-memory.js';

it('with little memory: a flood of the largest requests is refused or served, the process lives, and what was acknowledged is kept (issue 5 part 8)', async () => {
  const data = join(await temporaryFolder(), 'data');
  const house = await openFaultyHouse(data, { NODE_OPTIONS: '--max-old-space-size=96' });
  expect(await house.register('before')).toBeUndefined();
  const answers: number[] = [];
  const large = 'x'.repeat(1_040_000);
  const query = 'query ($x: String) { people(after: $x) { nodes { id } } }';
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let n = 0; n < 12; n++) {
        answers.push((await house.ask(query, { x: large })).status);
        await house.register(`${worker}/${n}`);
      }
    }),
  );
  expect(answers).toHaveLength(96);
  expect(answers.filter((status) => status >= 500)).toEqual([]);
  expect(house.acknowledged.size).toBe(97);
  expect(await house.health('ready')).toMatchObject({ ok: true });
  await assertKept(house);
});

/** What a kernel or a runtime ends a process with that gets no memory. */
const endings: Readonly<Record<Means, readonly string[]>> = {
  cgroup: ['SIGKILL'],
  'address space': ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'],
};

describe.each(means)('killed for want of memory by %s', (how) => {
  it('in the middle of appends: what was acknowledged is there at the next start, and reading and writing go on (issue 5 part 8)', async ({
    annotate,
  }) => {
    const data = join(await temporaryFolder(), 'data');
    const house = await openFaultyHouse(data);
    for (let n = 0; n < 20; n++) expect(await house.register(`before ${n}`)).toBeUndefined();
    const isLeft = leaveMemory(how, house.server.pid);
    // Without a controller of its own the other means prove the same; it is told, not passed over.
    if (!isLeft) return annotate('no memory controller can be written here: see address space');
    let isAlive = true;
    const ended = house.server.ended.finally(() => {
      isAlive = false;
    });
    const large = 'x'.repeat(1_000_000);
    const query = 'query ($x: String) { people(after: $x) { nodes { id } } }';
    const load = Array.from({ length: 16 }, async (_, worker) => {
      for (let n = 0; isAlive; n++) {
        // What is asked of a process that dies has no answer.
        await house.register(`${worker}/${n}`).catch(() => undefined);
        await house.ask(query, { x: large }).catch(() => undefined);
      }
    });
    expect(endings[how]).toContain(await ended);
    await Promise.all(load);
    expect(house.acknowledged.size).toBeGreaterThanOrEqual(20);
    await house.startAgain();
    await assertKept(house);
    expect((await house.ask('{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'official' } });
    expect(await house.register('after')).toBeUndefined();
    await assertKept(house);
  });
});
