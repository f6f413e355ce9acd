import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCasting } from '../../src/domain/ballots/casting.js';
import type { BallotBox, Emptied } from '../../src/domain/ballots/ports.js';
import type { Actor, Deputy, Official } from '../../src/domain/kernel/actor.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import { openEmbeddedBallotBox } from '../../src/infra/ballot-box/embedded.js';
import { randomBelow } from '../../src/infra/ballot-box/random.js';
import { inboxOf } from '../../src/projections/feeds/inbox.js';
import { ballotKeeper } from '../../src/projections/reactors/ballot-keeper.js';
import { newTown, seenBy } from '../projections/town.js';
import { surprise } from '../support/chi-square.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const region = '150800';
const closesOn = '2026-03-05';

/** A city whose six deputies can vote, with the real box in a folder and the real policies. */
async function newHall(box?: BallotBox) {
  const folder = join(await temporaryFolder(), 'ballots');
  const at = await newTown();
  await at.congress(region);
  const office = await at.official('SC', region);
  const deputies: Deputy[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) deputies.push(await at.deputy(name, region));
  const keeping = { box: box ?? openEmbeddedBallotBox({ folder }), randomBelow };
  const running = at.run(keeping);
  const clock = { now: at.now };
  const casting = createCasting({
    registry: wuji,
    loader: at.loader,
    box: keeping.box,
    clock,
    nameId: at.nameId,
    rules: at.rules,
  });
  async function open(more: object = {}): Promise<string> {
    const asked = {
      kind: 'CHOICE',
      question: '选哪项',
      choices: ['一', '二', '三', '四', '五', '六'],
      closesOn,
      ...more,
    };
    const { id } = await at.act(office, 'openBallot', asked);
    await running.settle();
    return id;
  }
  async function close(id: string) {
    await at.act(office, 'closeBallot', {}, id);
    await running.settle();
    return at.state('ballot', id);
  }
  const cast = async (actor: Actor, id: string, ...picks: number[]) => {
    const result = await casting.cast(actor, id, { picks });
    return isRefusal(result) ? result.refused : 'cast';
  };
  const files = async () => readdir(folder).catch(() => []);
  return { ...at, ...keeping, office, deputies, running, casting, open, close, cast, files };
}
type Hall = Awaited<ReturnType<typeof newHall>>;
const countedOf = (state: Record<string, unknown>) =>
  (state.ballots as { picks: number[] }[]).map(({ picks }) => picks);

/** An inspection of the city whose organ has reported, and how it is put to the vote. */
async function reported(hall: Hall) {
  const { act, office } = hall;
  const organ = await hall.official('ORG', region);
  const plan = { kind: 'SURVEY', title: '水', laws: [], planReference: '1', joinedRegions: [] };
  const { id: inspection } = await act(office, 'planInspection', {
    ...plan,
    beginsOn: '2026-03-02',
    endsOn: '2026-12-02',
  });
  const [leader] = hall.deputies as [Deputy];
  await act(office, 'formInspectionTeam', { leader: leader.mandate }, inspection);
  await act(leader, 'answerInspectionInvitation', { accept: true }, inspection);
  await act(office, 'beginInspection', {}, inspection);
  await act(office, 'submitInspectionReport', { evaluation: '好', problems: '漏', advice: '修' }, inspection);
  await act(office, 'deliberateReport', { deliberation: '同意' }, inspection);
  await act(
    office,
    'transferOpinions',
    { opinions: [{ organ: organ.organ, text: '修', dueOn: '2026-06-30' }] },
    inspection,
  );
  await act(office, 'giveCommitteeView', { organ: organ.organ, text: '可' }, inspection);
  await act(organ as Official, 'reportHandling', { text: '已修' }, inspection);
  const voters = hall.deputies.map(({ mandate }) => mandate);
  const asked = { kind: 'SATISFACTION', choices: null, voters, inspection, organ: organ.organ };
  return { inspection, organ, asked };
}

/** What waits for the office or organ of the official. */
async function inboxFor(hall: Hall, who: Official) {
  await hall.running.settle();
  const found = await inboxOf(hall)(who.organ, seenBy(who), closesOn);
  if (isRefusal(found)) throw new Error(found.refused);
  return found.items;
}

describe('casting', () => {
  it('leaves nothing in the log and nothing in the read models: no event, no order, no time', async () => {
    const hall = await newHall();
    const id = await hall.open();
    const before = await hall.store.head();
    const [state, row] = [await hall.state('ballot', id), await hall.reads.tables()];
    for (const [index, deputy] of hall.deputies.entries()) expect(await hall.cast(deputy, id, index)).toBe('cast');
    await hall.running.settle();
    expect(await hall.store.head()).toBe(before);
    expect([await hall.state('ballot', id), await hall.reads.tables()]).toEqual([state, row]);
  });

  it('is once for a person, whatever the mandates (invariants 5 and 11)', async () => {
    const hall = await newHall();
    const [first] = hall.deputies as [Deputy];
    const { person } = first;
    const seat = { person, region, term: 6, confirmedOn: '2026-03-02' };
    const { id: mandate } = await hall.setUp('registerMandate', seat);
    const id = await hall.open();
    expect(await hall.cast(first, id, 0)).toBe('cast');
    expect(await hall.cast({ ...first, mandate }, id, 1)).toBe('ALREADY_VOTED');
    expect(await hall.cast(first, id, 1)).toBe('ALREADY_VOTED');
  });

  it('is for those who are entitled and in office: no other congress, no suspended mandate, no office, no system', async () => {
    const hall = await newHall();
    const id = await hall.open();
    const [deputy] = hall.deputies as [Deputy];
    const lower = await hall.deputy('county', '150802');
    expect(await hall.cast(lower, id, 0)).toBe('NOT_ALLOWED');
    expect(await hall.cast(hall.office, id, 0)).toBe('NOT_ALLOWED');
    expect(await hall.cast({ ...deputy, standing: 'suspended' }, id, 0)).toBe('MANDATE_SUSPENDED');
    expect(await hall.cast({ ...deputy, standing: 'ended' }, id, 0)).toBe('MANDATE_ENDED');
    expect(await hall.cast({ kind: 'system', policy: 'test' }, id, 0)).toBe('NOT_ALLOWED');
    const stranger = await hall.deputy('nation', '000000');
    expect(await hall.cast(stranger, id, 0)).toBe('NOT_FOUND');
    expect((await hall.close(id)).annulled).toBe('TOO_FEW');
  });

  it('takes a blank ballot and no unknown choice; how it was ticked is not kept', async () => {
    const hall = await newHall();
    const id = await hall.open({ most: 2 });
    const [a, b, c, d, e] = hall.deputies as [Deputy, Deputy, Deputy, Deputy, Deputy];
    expect(await hall.cast(a, id, 6)).toBe('UNKNOWN_CHOICE');
    expect(await hall.cast(a, id, -1)).toBe('UNKNOWN_CHOICE');
    expect(await hall.cast(a, id)).toBe('cast');
    expect(await hall.cast(b, id, 5, 2, 5)).toBe('cast');
    for (const [index, each] of [c, d, e].entries()) await hall.cast(each, id, index);
    const state = await hall.close(id);
    expect(countedOf(state)).toContainEqual([2, 5]);
    expect(state.spoiled).toBe(1);
  });

  it('ends with the last day and with the close', async () => {
    const hall = await newHall();
    const [a, b] = hall.deputies as [Deputy, Deputy];
    const id = await hall.open();
    hall.at('2026-03-06');
    expect(await hall.cast(a, id, 0)).toBe('BALLOT_OVER');
    await hall.running.settle();
    expect((await hall.state('ballot', id)).status).toBe('ANNULLED');
    expect(await hall.cast(b, id, 0)).toBe('WRONG_STATE');
  });
});

describe('a ballot from call to count', () => {
  it('shows nobody a tally before the close, then all ballots at once; each voter finds the own receipt', async () => {
    const hall = await newHall();
    const id = await hall.open();
    const receipts: string[] = [];
    for (const [index, deputy] of hall.deputies.entries()) {
      const receipt = await hall.casting.cast(deputy, id, { picks: [index] });
      if (isRefusal(receipt)) throw new Error(receipt.refused);
      receipts.push(receipt);
      expect((await hall.casting.own(deputy, id)).receipt).toBe(receipt);
    }
    const { ballots, receipts: none, tally, spoiled, verdict } = await hall.state('ballot', id);
    expect([ballots, none, tally, spoiled, verdict]).toEqual([null, null, null, null, null]);
    const state = await hall.close(id);
    expect(state).toMatchObject({ status: 'COUNTED', receipts: receipts.sort() });
    expect(
      countedOf(state)
        .map(([pick]) => pick)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await hall.files()).toEqual([]);
    expect(hall.running.refused).toEqual([]);
  });

  it('that is withdrawn, or in which too few have voted, is destroyed unread', async () => {
    const hall = await newHall();
    const [withdrawn, few] = [await hall.open(), await hall.open()];
    for (const deputy of hall.deputies.slice(0, 4)) for (const id of [withdrawn, few]) await hall.cast(deputy, id, 0);
    expect(await hall.files()).toHaveLength(2);
    await hall.act(hall.office, 'withdrawBallot', { reason: '误发' }, withdrawn);
    expect(await hall.close(few)).toMatchObject({ annulled: 'TOO_FEW', ballots: null, tally: null });
    expect(await hall.files()).toEqual([]);
  });

  it('whose box is lost is annulled, and not counted as if nobody had voted', async () => {
    const hall = await newHall();
    const id = await hall.open();
    for (const deputy of hall.deputies) await hall.cast(deputy, id, 0);
    await hall.box.destroy(id);
    expect(await hall.cast(hall.deputies[0] as Deputy, id, 0)).toBe('BALLOT_BOX_LOST');
    expect(await hall.close(id)).toMatchObject({ annulled: 'BOX_LOST', tally: null });
  });

  it('tells an inspection what the test of an organ came to, in sums (domain.md S10)', async () => {
    const hall = await newHall();
    const { act, office } = hall;
    const { inspection, organ, asked } = await reported(hall);
    const rate = async (...picks: number[]) => {
      const id = await hall.open(asked);
      for (const [index, deputy] of hall.deputies.entries()) await hall.cast(deputy, id, picks[index] ?? 0);
      await hall.close(id);
      return id;
    };
    const first = await rate(0, 1, 2, 2, 2, 2);
    const tested = async () => (await hall.state('inspection', inspection)).satisfaction;
    const sums = { satisfied: 1, basically: 1, dissatisfied: 4, spoiled: 0, members: 6 };
    const wanting = { ballot: first, organ: organ.organ, round: 1, verdict: 'DISSATISFIED', ...sums };
    expect(await tested()).toEqual([wanting]);
    const waiting = { id: inspection, duty: 'ORDER_REREPORT' };
    expect(await inboxFor(hall, office)).toContainEqual(expect.objectContaining(waiting));

    // The same report is not voted on until the result is another one.
    await expect(hall.open(asked)).rejects.toThrow('REPORT_ALREADY_RATED');
    const order = { organ: organ.organ, text: '再修', dueOn: '2026-09-30' };
    await act(office, 'orderReReport', order, inspection);
    const owed = { id: inspection, duty: 'ANSWER_OPINIONS', dueOn: order.dueOn };
    expect(await inboxFor(hall, organ)).toContainEqual(expect.objectContaining(owed));
    expect(await inboxFor(hall, office)).not.toContainEqual(expect.objectContaining(waiting));
    await expect(hall.open(asked)).rejects.toThrow('NOTHING_TO_RATE');
    await act(office, 'giveCommitteeView', { organ: organ.organ, text: '可' }, inspection);
    await act(organ as Official, 'reportHandling', { text: '已修好' }, inspection);
    const second = await rate(0, 0, 0, 1, 1, 2);
    const good = { satisfied: 3, basically: 2, dissatisfied: 1, spoiled: 0, members: 6 };
    const satisfied = { ballot: second, organ: organ.organ, round: 2, verdict: 'SATISFIED', ...good };
    expect(await tested()).toEqual([wanting, satisfied]);
  });

  it('rates the organ that has taken over from one that was merged while the voting went on (domain.md S1)', async () => {
    const hall = await newHall();
    const { inspection, organ, asked } = await reported(hall);
    const { organ: heir } = await hall.official('ORG', region, 'ORG-heir');
    const id = await hall.open(asked);
    for (const deputy of hall.deputies) await hall.cast(deputy, id, 2);
    await hall.setUp('mergeOrgan', { into: heir }, organ.organ);
    await hall.running.settle();
    await hall.close(id);
    const found = await hall.state('inspection', inspection);
    expect(found.satisfaction).toMatchObject([{ organ: heir, round: 1, verdict: 'DISSATISFIED' }]);
    await hall.act(hall.office, 'orderReReport', { organ: heir, text: '再修', dueOn: '2026-09-30' }, inspection);
  });
});

it('the order of the published batch says nothing of the order in which a box gives the ballots', async () => {
  const inOrder: Emptied = { ballots: ['[0]', '[1]', '[2]', '[3]', '[4]'], receipts: ['a', 'b', 'c', 'd', 'e'] };
  const never = async () => {
    throw new Error('not asked for');
  };
  /** The worst of boxes: it keeps the order of casting. */
  const box: BallotBox = { make: never, cast: never, receiptOf: never, shut: async () => inOrder, destroy: never };
  const hall = await newHall();
  const id = await hall.open();
  await hall.running.stop();
  await hall.act(hall.office, 'closeBallot', {}, id);
  const [event] = await hall.log('BallotClosed');
  // The read models go on; the policy itself waits, so that its command can be asked for again and again.
  const projecting = hall.run({ ...hall, box: { ...box, shut: () => new Promise(() => {}) } });
  await projecting.projector.caughtUp(10_000);
  const react = ballotKeeper({ box, randomBelow }).on.get('BallotClosed');
  if (!event || !react) throw new Error('the keeper does not count what is closed');
  const places = new Array<number>(25).fill(0);
  for (let run = 0; run < 400; run++) {
    const [command] = await hall.reads.snapshot((view) => Promise.resolve(react(event, { view })));
    if (!command) throw new Error('nothing to count');
    const { ballots } = command.input as { ballots: { picks: [number] }[] };
    for (const [place, { picks }] of ballots.entries()) {
      const cell = picks[0] * 5 + place;
      places[cell] = (places[cell] ?? 0) + 1;
    }
  }
  expect(surprise(places, 16)).toBeLessThan(5);
});
