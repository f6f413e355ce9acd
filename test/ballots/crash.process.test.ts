import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createCasting } from '../../src/domain/ballots/casting.js';
import { wuji } from '../../src/domain/wuji.js';
import { openEmbeddedBallotBox } from '../../src/infra/ballot-box/embedded.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { rules } from '../projections/town.js';
import { buildProgram } from '../support/build.js';
import { done, houseOf } from '../support/house.js';
import { deputy, idOf, official } from '../support/spec.js';

const region = '150800';
const now = '2026-03-02T02:00:00.000Z';
const clock = { now: () => new Date(now) };

/** Policies over real stores in a process of its own, which kills itself (SIGKILL) at the named moment. */
const keeper = (program: string, folder: string, dies: string) => {
  const from = (path: string) => JSON.stringify(pathToFileURL(join(program, 'src', path)));
  return `
import { createHandle } from ${from('domain/kernel/handle.js')};
import { createLoader } from ${from('domain/kernel/load.js')};
import { defaultRules } from ${from('domain/collaboration/time-limits.js')};
import { wuji } from ${from('domain/wuji.js')};
import { openEmbeddedBallotBox } from ${from('infra/ballot-box/embedded.js')};
import { randomBelow } from ${from('infra/ballot-box/random.js')};
import { chineseCalendar } from ${from('infra/calendar.js')};
import { openEmbeddedEventStore } from ${from('infra/event-store/embedded.js')};
import { nameId } from ${from('infra/ids.js')};
import { openEmbeddedReadStore } from ${from('infra/read-store/embedded.js')};
import { caseModels } from ${from('projections/cases/index.js')};
import { createProjector } from ${from('projections/kernel/projector.js')};
import { createPolicies } from ${from('projections/reactors/index.js')};
const [folder, dies, clock] = [${JSON.stringify(folder)}, ${JSON.stringify(dies)}, { now: () => new Date(${JSON.stringify(now)}) }];
const die = (moment) => moment === dies && process.kill(process.pid, 'SIGKILL');
const store = await openEmbeddedEventStore({ folder: folder + '/log', clock: clock.now });
const loader = createLoader(store, wuji);
const rules = defaultRules(chineseCalendar());
const handled = createHandle({ store, registry: wuji, loader, clock, nameId, rules });
const handle = async (command) => {
  const result = await handled(command);
  if (command.action === 'countBallots') die('after the append');
  return result;
};
const real = openEmbeddedBallotBox({ folder: folder + '/ballots' });
const box = {
  ...real,
  async shut(...of) { const found = await real.shut(...of); die('after the box was shut'); return found; },
  async destroy(of) { die('before the box is emptied'); await real.destroy(of); die('after the box was emptied'); },
};
const onProblem = (problem) => { console.error(problem); process.exit(9); };
const readStore = openEmbeddedReadStore({ folder: folder + '/read', epoch: store.epoch, onDropped: onProblem });
const policies = createPolicies(rules);
const deps = { events: store, registry: wuji, readStore, handle, clock, onProblem };
const projector = createProjector({ ...deps, models: [...caseModels, ...policies.models] });
projector.start();
const running = policies.start({ ...deps, projector, ballots: { box, randomBelow } });
await running.settle();
await running.stop();
await projector.stop();
await readStore.close();
await store.close();
`;
};

it('kill -9 between shutting the box, the append and the emptying: no ballot is lost, none is counted twice (issue 5 part 4)', async () => {
  const program = await buildProgram();
  const folder = await mkdtemp(join(tmpdir(), 'wuji-ballot-crash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  async function keep(dies: string) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', keeper(program, folder, dies)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  }
  /** In this process, while no keeper is alive. */
  async function inTheHouse<T>(
    work: (house: ReturnType<typeof houseOf> & { log: () => Promise<{ type: string; data: unknown }[]> }) => Promise<T>,
  ) {
    const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
    const log = async () => {
      const events: { type: string; data: unknown }[] = [];
      for await (const event of store.readAll()) if (event.type.startsWith('Ballot')) events.push(event);
      return events;
    };
    const result = await work({ ...houseOf(wuji, store, now), log });
    await store.close();
    return result;
  }
  const boxes = () => readdir(join(folder, 'ballots'));

  const office = official('SC', region);
  const voters = Array.from({ length: 7 }, (_, n) => deputy(`voter ${n}`, region));
  const id = await inTheHouse(async ({ handle }) => {
    const asked = { kind: 'CHOICE', question: '选哪项', choices: ['一', '二'], closesOn: '2026-03-05' };
    return done(await handle({ action: 'openBallot', input: asked, actor: office, commandId: 'open' })).id;
  });
  expect(await keep('never')).toEqual([0, null]);
  const receipts = await inTheHouse(async ({ loader, handle }) => {
    const box = openEmbeddedBallotBox({ folder: join(folder, 'ballots') });
    const casting = createCasting({ registry: wuji, loader, box, clock, nameId, rules });
    const cast: unknown[] = [];
    for (const [n, voter] of voters.entries()) cast.push(await casting.cast(voter, id, { picks: [n % 2] }));
    done(await handle({ action: 'closeBallot', id, input: {}, actor: office, commandId: 'close' }));
    return cast;
  });

  expect(await keep('after the box was shut')).toEqual([null, 'SIGKILL']);
  expect(await boxes()).toHaveLength(1);
  expect(await keep('after the append')).toEqual([null, 'SIGKILL']);
  expect(await boxes()).toHaveLength(1);
  expect(await keep('before the box is emptied')).toEqual([null, 'SIGKILL']);
  expect(await keep('after the box was emptied')).toEqual([null, 'SIGKILL']);
  expect(await keep('never')).toEqual([0, null]);

  expect(await boxes()).toEqual([]);
  const log = await inTheHouse(({ log: all }) => all());
  expect(log.map(({ type }) => type)).toEqual(['BallotOpened', 'BallotBoxReadied', 'BallotClosed', 'BallotCounted']);
  const counted = log.at(-1)?.data as { receipts: string[]; ballots: { picks: number[] }[] };
  expect(counted.receipts).toEqual([...receipts].sort());
  expect(counted.ballots.flatMap(({ picks }) => picks).sort()).toEqual([0, 0, 0, 0, 1, 1, 1]);
}, 120_000);

/** Puts ballots into a box for ever, and says of each that it was acknowledged. */
const caster = (program: string, folder: string, ballot: string) => `
import { openEmbeddedBallotBox } from ${JSON.stringify(pathToFileURL(join(program, 'src/infra/ballot-box/embedded.js')))};
const [ballot, box] = [${JSON.stringify(ballot)}, openEmbeddedBallotBox({ folder: ${JSON.stringify(folder)} })];
const id = await box.make(ballot);
for (let n = 0; ; n++) {
  const cast = await box.cast({ ballot, box: id, voter: 'voter ' + process.pid + ' ' + n, content: '[0]' });
  if (typeof cast === 'string') throw new Error(cast);
  process.stdout.write('.');
}`;

it('kill -9 while ballots are cast: each mark has its ballot, and what was acknowledged is there', async () => {
  const program = await buildProgram();
  const folder = await mkdtemp(join(tmpdir(), 'wuji-ballot-cast-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ballot = idOf('killed ballot');
  let acknowledged = 0;
  for (let round = 1; round <= 5; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', caster(program, folder, ballot)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const before = acknowledged;
    for await (const chunk of child.stdout) {
      acknowledged += String(chunk).length;
      if (acknowledged - before > 7 * round) break;
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const { marks, ballots } = JSON.parse(await readFile(join(folder, `${ballot}.box`), 'utf8'));
    expect(ballots).toHaveLength(marks.length);
    expect(marks.length).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = marks.length;
  }
}, 120_000);
