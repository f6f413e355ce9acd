import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Deputy } from '../../../src/domain/kernel/actor.js';
import type { Handle } from '../../../src/domain/kernel/handle.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { query } from '../../../src/projections/kernel/query.js';
import type { PolicyCommand, Reactor, ReactorDeps } from '../../../src/projections/kernel/reactor.js';
import { createReactor, defineReactor } from '../../../src/projections/kernel/reactor.js';
import { createScheduler, repeatEvery } from '../../../src/projections/kernel/scheduler.js';
import { arrayStore } from '../../support/array-store.js';
import { done, houseOf } from '../../support/house.js';
import { errand, errandModel, models, registry } from './errand.js';
import { newReadStore, project } from './rig.js';

const deputy: Deputy = {
  kind: 'deputy',
  person: 'p1',
  mandate: 'ann',
  congress: '150800',
  level: 'city',
  standing: 'active',
};
const setUp = () => {
  const events = arrayStore();
  const readStore = newReadStore();
  const { handle } = houseOf(registry, events);
  const projector = project(events, readStore);
  const open = async (n: number, dueOn = '2026-03-05') =>
    done(await handle({ action: 'openErrand', input: { owner: 'ann', dueOn }, commandId: `open ${n}`, actor: deputy }));
  const close = async (id: string) =>
    done(await handle({ action: 'closeErrand', id, input: {}, commandId: `close ${id}`, actor: deputy }));
  return { events, readStore, handle, projector, open, close };
};
type House = ReturnType<typeof setUp>;

/** When an errand is closed, its owner gets the next one. */
const next = defineReactor({
  name: 'nextErrand',
  from: [errand],
  on: {
    ErrandClosed: async ({ stream, id }, { view }): Promise<PolicyCommand[]> => {
      const row = await query(view, errandModel).row(stream.slice('errand-'.length));
      if (!row || row.state.origin) return [];
      return [{ action: 'openErrand', input: { owner: row.state.owner, dueOn: '2026-04-01', origin: id } }];
    },
  },
});

function react(house: House, options: Partial<ReactorDeps> = {}, reactor: Reactor = next) {
  const running = createReactor(reactor, {
    ...house,
    registry,
    onProblem: () => {},
    pause: async () => {},
    ...options,
  });
  onTestFinished(() => running.stop());
  running.start();
  return running;
}
const typesOf = (events: { log: readonly { type: string }[] }) => events.log.map(({ type }) => type);
const settled = async (events: EventStore, running: ReturnType<typeof react>) =>
  expect(await running.waitFor((await events.head()) ?? '', 20_000)).toBe('reached');

describe('reactor (architecture.md §1, lessons.md U4)', () => {
  it('waits for a projector that has stopped without keeping others from their turn', async () => {
    const house = setUp();
    const first = await house.open(1);
    await house.close(first.id);
    let asked = 0;
    // It would say so for ever; were there no turn between, nothing else could happen in this process.
    const waitFor = async () => (++asked > 10_000 ? ('reached' as const) : ('timeout' as const));
    const running = react(house, { projector: { waitFor } });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(1));
    await running.stop();
    expect(asked).toBeLessThan(100);
  });

  it('sees the read models as of the event at least, and acts as a policy with the event as its cause', async () => {
    const house = setUp();
    const running = react(house);
    const { id } = await house.open(1);
    const closed = await house.close(id);
    await settled(house.events, running);
    const [made] = house.events.log.slice(2);
    expect(made).toMatchObject({
      type: 'ErrandOpened',
      data: { owner: 'ann', origin: closed.events[0]?.id },
      meta: { actor: { policy: 'nextErrand' }, $causationId: closed.events[0]?.id },
    });
    expect(running.status()).toMatchObject({ state: 'running', taken: 1, refused: 0 });
  });

  it('notes when it ends what was no concern of it: the next start does not read that again (issue 4, growth)', async () => {
    const house = setUp();
    const running = react(house);
    await house.open(1);
    await settled(house.events, running);
    const noted = () => house.readStore.checkpoint('reactor:nextErrand@1.0');
    expect(await noted()).toBeNull();
    await running.stop();
    expect(await noted()).toEqual({ position: await house.events.head(), events: 1 });
  });

  it('reads no row before the projector has passed the event', async () => {
    const house = setUp();
    await house.projector.stop();
    const { id } = await house.open(1);
    await house.close(id);
    const running = react(house, { projector: lateProjector(house) });
    await settled(house.events, running);
    expect(typesOf(house.events)).toEqual(['ErrandOpened', 'ErrandClosed', 'ErrandOpened']);
  });

  it.each(['before the command', 'after the command', 'after the checkpoint'])(
    'a crash %s neither loses nor repeats what follows from an event',
    async (when) => {
      const house = setUp();
      const { id } = await house.open(1);
      await house.close(id);
      const crash = new AbortController();
      const fail = (): never => {
        crash.abort();
        throw new Error('crash');
      };
      const handle: Handle = async (command) => {
        if (when === 'before the command') fail();
        const result = await house.handle(command);
        return when === 'after the command' ? fail() : result;
      };
      const readStore: ReadStore = {
        ...house.readStore,
        async commit(tables) {
          const result = await house.readStore.commit(tables);
          return when === 'after the checkpoint' && tables[0]?.table.startsWith('reactor:') ? fail() : result;
        },
      };
      const waiting = { pause: (_: number, signal: AbortSignal) => untilAborted(signal) };
      const first = react(house, { handle, readStore, ...waiting });
      await vi.waitUntil(() => crash.signal.aborted);
      await first.stop();
      await settled(house.events, react(house));
      expect(typesOf(house.events)).toEqual(['ErrandOpened', 'ErrandClosed', 'ErrandOpened']);
    },
  );

  it('in two processes has one effect', async () => {
    const house = setUp();
    const second = { ...house, handle: houseOf(registry, house.events).handle };
    const both = [react(house), react(second)];
    for (let n = 0; n < 10; n++) await house.close((await house.open(n)).id);
    for (const running of both) await settled(house.events, running);
    expect(typesOf(house.events).filter((type) => type === 'ErrandOpened')).toHaveLength(20);
  });

  it('is running again as soon as the log can be read again, also when it says nothing new', async () => {
    const house = setUp();
    let broken = true;
    const events: EventStore = {
      ...house.events,
      subscribe(options) {
        if (broken) throw new Error('the log is away');
        return house.events.subscribe(options);
      },
    };
    const running = react(house, {
      events,
      pause: async () => {
        expect(running.status().state).toBe('retrying');
        broken = false;
      },
    });
    await vi.waitUntil(() => !broken);
    await vi.waitUntil(() => running.status().state === 'running');
    expect(running.status().error).toBeUndefined();
  });

  it('a refused command is settled and reported; an error of the store or a busy case is tried until it passes', async () => {
    const house = setUp();
    const { id } = await house.open(1);
    await house.close(id);
    const closeAgain = defineReactor({
      name: 'closeAgain',
      from: [errand],
      on: { ErrandClosed: () => [{ action: 'closeErrand', id, input: {} }] },
    });
    const refusals: string[] = [];
    let calls = 0;
    const handle: Handle = async (command) => {
      calls++;
      if (calls === 1) throw new Error('disk full');
      return calls === 2 ? kernelRefusals.BUSY() : house.handle(command);
    };
    const problems: Error[] = [];
    const running = react(
      house,
      { handle, onProblem: (p) => problems.push(p), onRefused: ({ refusal }) => refusals.push(refusal.refused) },
      closeAgain,
    );
    await settled(house.events, running);
    expect(calls).toBe(3);
    expect(problems).toHaveLength(2);
    expect(refusals).toEqual(['WRONG_STATE']);
    expect(running.status()).toMatchObject({ state: 'running', error: undefined, taken: 0, refused: 1 });
  });
});

describe('scheduler (lessons.md U2, T10)', () => {
  const clock = (today: string) => ({ now: () => new Date(`${today}T04:00:00Z`) });
  const reminders = (house: House, today: string, more: object = {}) =>
    createScheduler({
      ...house,
      name: 'reminders',
      clock: clock(today),
      due: async (now, view) => {
        const { rows } = await query(view, errandModel).page('byDue', { prefix: [], through: now, limit: 100 });
        return rows.map(({ key, row }) => ({
          action: 'remindErrand',
          id: key,
          input: { next: `2026-03-${String(Number(row.state.dueOn.slice(-2)) + 5).padStart(2, '0')}` },
          commandId: `remind ${key} ${row.state.dueOn}`,
        }));
      },
      ...more,
    });
  const remindersOf = (house: House) => typesOf(house.events).filter((type) => type === 'ErrandReminded').length;

  it('issues what is due on the day or before, once, and again when a new date comes', async () => {
    const house = setUp();
    await house.open(1, '2026-03-05');
    await house.open(2, '2026-03-06');
    expect(await reminders(house, '2026-03-04').tick()).toEqual({ taken: 0, refused: 0 });
    expect(await reminders(house, '2026-03-05').tick()).toEqual({ taken: 1, refused: 0 });
    expect(await reminders(house, '2026-03-05').tick()).toEqual({ taken: 0, refused: 0 });
    expect(await reminders(house, '2026-03-10').tick()).toEqual({ taken: 2, refused: 0 });
    expect(remindersOf(house)).toBe(3);
  });

  it('catches up in one tick with all that fell due meanwhile, also what became due by doing it', async () => {
    const house = setUp();
    await house.open(1, '2026-03-05');
    expect(await reminders(house, '2026-03-16').tick()).toEqual({ taken: 3, refused: 0 });
  });

  it('ticks at the same time, in one process or two, have one effect', async () => {
    const house = setUp();
    for (let n = 0; n < 5; n++) await house.open(n, '2026-03-05');
    const second = reminders({ ...house, handle: houseOf(registry, house.events).handle }, '2026-03-05');
    const first = reminders(house, '2026-03-05');
    await Promise.all([first.tick(), first.tick(), second.tick()]);
    expect(remindersOf(house)).toBe(5);
  });

  it('a command that fails does not hold up the others, and is tried at the next tick', async () => {
    const house = setUp();
    const { id } = await house.open(1, '2026-03-05');
    await house.open(2, '2026-03-05');
    let broken = true;
    const handle: Handle = async (command) => {
      if (broken && command.id === id) throw new Error('disk full');
      return house.handle(command);
    };
    const scheduler = reminders(house, '2026-03-05', { handle });
    await expect(scheduler.tick()).rejects.toThrow('reminders: 1 commands failed');
    expect(remindersOf(house)).toBe(1);
    broken = false;
    expect(await scheduler.tick()).toEqual({ taken: 1, refused: 0 });
  });

  it('ends when it is told to, also while the read models do not come (shutdown)', async () => {
    const house = setUp();
    await house.open(1, '2026-03-05');
    await house.projector.stop();
    const projector = createProjector({ ...house, registry, models, clock: clock('2026-03-05'), onProblem: () => {} });
    const control = new AbortController();
    const ending = expect(reminders(house, '2026-03-05', { projector }).tick(control.signal)).rejects.toThrow('lag');
    control.abort();
    await ending;
  });

  it('runs until it is told to end, and reports what failed', async () => {
    const house = setUp();
    await house.open(1, '2026-03-05');
    const control = new AbortController();
    const problems: Error[] = [];
    let calls = 0;
    const handle: Handle = (command) => (calls++ === 0 ? Promise.reject(new Error('down')) : house.handle(command));
    const scheduler = reminders(house, '2026-03-05', { handle });
    const waits: number[] = [];
    await repeatEvery(1_000, scheduler.tick, {
      signal: control.signal,
      onProblem: (problem) => problems.push(problem),
      wait: async (ms) => {
        waits.push(ms);
        if (waits.length === 2) control.abort();
      },
    });
    expect(waits).toEqual([1_000, 1_000]);
    expect(problems).toHaveLength(1);
    expect(remindersOf(house)).toBe(1);
  });
});

/** A projector that begins only when the reactor has come to wait for it. */
function lateProjector(house: House) {
  let projector: House['projector'] | undefined;
  return {
    waitFor(position: string, timeoutMs: number) {
      projector ??= project(house.events, house.readStore);
      return projector.waitFor(position, timeoutMs);
    },
  };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
