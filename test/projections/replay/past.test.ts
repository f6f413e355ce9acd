import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Position, RecordedEvent } from '../../../src/domain/kernel/event.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { wuji } from '../../../src/domain/wuji.js';
import { scratchStores } from '../../../src/infra/read-store/scratch.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { foldAlone } from '../../../src/projections/kernel/rebuild.js';
import { createTable } from '../../../src/projections/kernel/table.js';
import { createPast } from '../../../src/projections/replay/past.js';
import { boardPastModels, pastOf, suggestionReplied } from '../../graphql/replay/rig.js';
import { seenAs } from '../../support/logs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { newReadStore } from '../town.js';

const patient = 60_000;

/** All that the tables hold, but for how far they have come: behind its last event a past is the same. */
async function linesOf(store: ReadStore): Promise<string[]> {
  const lines: string[] = [];
  for (const { name } of boardPastModels)
    for await (const line of store.dump(`${name}@1.0`)) if (!line.startsWith('["checkpoint"')) lines.push(line);
  return lines;
}

async function town() {
  const cast = await suggestionReplied();
  const log: RecordedEvent[] = [];
  for await (const event of cast.at.store.readAll()) log.push(event);
  return { ...cast, log, positions: log.map(({ position }) => position) };
}

/** The same log, as if it had ended there: folded by the projector's own means. */
async function foldOf(store: EventStore, log: readonly RecordedEvent[], until: Position): Promise<string[]> {
  const events = log.filter(({ position }) => position <= until);
  const cut: EventStore = {
    ...seenAs(store, {}),
    async *subscribe() {
      yield { events, caughtUp: true };
    },
  };
  const readStore = await newReadStore(store.epoch);
  for (const model of boardPastModels) {
    const table = createTable(readStore, model, '1.0');
    const signal = new AbortController().signal;
    await foldAlone({ events: cut, registry: wuji, readStore }, table, { signal, batchSize: 500 });
  }
  return linesOf(readStore);
}

describe('read models as they were (issue 5 part 2)', () => {
  it('at a position are what the events up to it fold to, asked in any order', async () => {
    const { at, log, positions } = await town();
    const { past } = await pastOf(at);
    expect(positions.length).toBeGreaterThan(18);
    const asked = [5, 16, positions.length - 1, 9, 17, 5, 10].map((i) => positions[i] ?? '');
    for (const position of asked) {
      const found = await past.read('a', position, patient, (store) => linesOf(store as ReadStore));
      if (found === 'busy' || !('read' in found)) throw new Error('not folded');
      expect(found.read).toEqual(await foldOf(at.store, log, position));
    }
    expect(await past.read('a', undefined, patient, (store) => linesOf(store as ReadStore))).toEqual({ read: [] });
  });

  it('a later position is folded on from an earlier one: the log is not read again from its beginning', async () => {
    const { at, positions } = await town();
    const begun: (Position | undefined)[] = [];
    const counted = seenAs(at.store, {
      readAll(options = {}) {
        begun.push(options.after);
        return at.store.readAll(options);
      },
    });
    const { past } = await pastOf({ store: counted });
    const [first, second, third, fourth] = [4, 8, 12, 16].map((i) => positions[i] ?? '');
    for (const position of [first, second, third, fourth, first])
      await past.read('a', position, patient, async () => undefined);
    // The second is folded beside the first, so that one can go back; those behind it are folded on.
    expect(begun).toEqual([undefined, undefined, second, third]);
  });

  it('one fold at a time; a viewer who asks for another position has given up the one before', async () => {
    const { at, positions } = await town();
    const gate = gated(at.store);
    const { past } = await pastOf({ store: gate.store });
    const [one, two, three] = [4, 8, 12].map((i) => positions[i] ?? '');
    const read = (viewer: string, position: Position | undefined, ms: number) =>
      past.read(viewer, position, ms, async () => position);
    expect(await read('a', one, 0)).toEqual({ events: 0, cameTo: null });
    expect(await read('b', two, 0)).toEqual({ events: 0, cameTo: null });
    expect(await read('a', three, 0)).toEqual({ events: 0, cameTo: null });
    gate.open();
    expect(await read('a', three, patient)).toEqual({ read: three });
    expect(await read('b', two, patient)).toEqual({ read: two });
    expect(gate.most()).toBe(1);
    // The first fold was given up at its first event.
    expect(gate.ended()).toHaveLength(3);
    expect(gate.ended()[0]).toBe(positions[0]);
  });

  it('turns away whoever comes when too many wait', async () => {
    const { at, positions } = await town();
    const gate = gated(at.store);
    const { past } = await pastOf({ store: gate.store });
    const answers = await Promise.all(
      positions.slice(0, 9).map((position, i) => past.read(`viewer ${i}`, position, 0, async () => undefined)),
    );
    expect(answers.filter((answer) => answer === 'busy')).toHaveLength(1);
    gate.open();
  });

  it('leaves nothing behind when it ends, nor what a crash had left; what a living process has there stays', async () => {
    const { at, positions } = await town();
    const { past, folder } = await pastOf(at);
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const [own, dead, living] = [process.pid, gone, process.ppid].map((pid) => `scratch-${pid}-left`);
    for (const name of [own, dead, living]) mkdirSync(join(folder, String(name), 'deep'), { recursive: true });
    await past.read('a', positions[10], patient, async () => undefined);
    const kept = readdirSync(folder).filter((name) => name !== living);
    expect(kept).toEqual([expect.stringMatching(`^scratch-${process.pid}-(?!left)`)]);
    expect(readdirSync(folder)).toContain(living);
    await past.close();
    expect(readdirSync(folder)).toEqual([living]);
  });

  it('tells those who wait that a fold has failed, and goes on with the next', async () => {
    const { at, positions } = await town();
    let failing = true;
    const flaky = seenAs(at.store, {
      async *readAll(options) {
        if (failing) throw new Error('the disk is gone');
        yield* at.store.readAll(options);
      },
    });
    const past = createPast({
      ...{ events: flaky, registry: wuji, models: boardPastModels },
      openScratch: scratchStores(await temporaryFolder(), at.store.epoch),
    });
    await expect(past.read('a', positions[3], patient, async () => 'read')).rejects.toThrow('the disk is gone');
    failing = false;
    expect(await past.read('a', positions[3], patient, async () => 'read')).toEqual({ read: 'read' });
    await past.close();
  });
});

/** The same log, whose reading waits until it is opened; how many readings there were at once at most. */
function gated(store: EventStore) {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let [now, most] = [0, 0];
  const ended: (Position | undefined)[] = [];
  return {
    open,
    most: () => most,
    ended: () => ended,
    store: seenAs(store, {
      async *readAll(options) {
        most = Math.max(most, ++now);
        let last: Position | undefined;
        try {
          await opened;
          for await (const event of store.readAll(options)) {
            last = event.position;
            yield event;
          }
        } finally {
          now--;
          ended.push(last);
        }
      },
    }),
  };
}
