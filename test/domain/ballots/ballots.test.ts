import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ballotActions } from '../../../src/domain/ballots/actions.js';
import { ballot } from '../../../src/domain/ballots/ballot.js';
import { shuffled } from '../../../src/domain/ballots/shuffle.js';
import { tallied } from '../../../src/domain/ballots/tally.js';
import { randomBelow } from '../../../src/infra/ballot-box/random.js';
import { surprise } from '../../support/chi-square.js';
import { idOf, official, specOf, system } from '../../support/spec.js';

const region = '150800';
const office = official('SC', region);
const seat = (name: string, more: object = {}) => ({
  [`mandate-${idOf(name)}`]: { status: 'ACTIVE', region, person: idOf(`person ${name}`), ...more },
});
const names = ['a', 'b', 'c', 'd', 'e'];
const known = Object.assign(
  {},
  ...names.map((name) => seat(name)),
  seat('county', { region: '150802' }),
  seat('suspended', { status: 'SUSPENDED' }),
  seat('a twice', { person: idOf('person a') }),
);
const voters = names.map(idOf);
const closesOn = '2026-03-05';
const choosing = { kind: 'CHOICE', question: '选哪项', choices: ['修路', '修渠'], closesOn };
const test = { kind: 'SATISFACTION', question: '是否满意', closesOn, voters };
const spec = () => specOf(ballot, ballotActions, { known });
const open = () =>
  spec()
    .after('openBallot', test, office)
    .after('readyBallotBox', { box: idOf('box') }, system);
const batch = (...picks: number[][]) => ({
  ballots: picks.map((one) => ({ picks: one })),
  receipts: picks.map((_, index) => `receipt ${index}`),
});

describe('calling a secret ballot (domain.md S10)', () => {
  it('fixes question, choices, electorate and last day; the box comes before the first ballot', () => {
    const data = { electorate: 'ROLL', members: 5, choices: ['满意', '基本满意', '不满意'], most: 1 };
    spec().when('openBallot', test, office).emits({ type: 'BallotOpened', data });
    spec().after('openBallot', test, office).when('closeBallot', {}, office).refused('WRONG_STATE');
  });
  it('of the whole congress needs no roll', () => {
    spec()
      .when('openBallot', choosing, office)
      .emits({ type: 'BallotOpened', data: { electorate: 'CONGRESS', members: null } });
  });
  it('takes a person with two mandates for one voter', () => {
    const twice = { ...test, voters: [...voters.slice(0, 4), idOf('a twice')] };
    spec().when('openBallot', twice, office).refused('ELECTORATE_TOO_SMALL');
    const more = { ...test, voters: [...voters, idOf('a twice')] };
    spec()
      .when('openBallot', more, office)
      .emits({ type: 'BallotOpened', data: { members: 5 } });
  });
  it('is refused for fewer than five, whose ballots could not stay secret', () => {
    spec()
      .when('openBallot', { ...test, voters: voters.slice(1) }, office)
      .refused('ELECTORATE_TOO_SMALL');
  });
  it('puts nobody on the roll who has no mandate in force in this congress', () => {
    for (const name of ['county', 'suspended', 'unknown'])
      spec()
        .when('openBallot', { ...test, voters: [...voters, idOf(name)] }, office)
        .refused('NOT_A_VOTER_HERE');
  });
  it('as a satisfaction test needs the roll of all members, and has its own choices', () => {
    spec()
      .when('openBallot', { ...test, voters: null }, office)
      .refused('ROLL_REQUIRED');
    spec()
      .when('openBallot', { ...test, choices: ['是', '否'] }, office)
      .refused('BALLOT_CHOICES');
  });
  it('needs choices that differ, and lets no more be ticked than there are', () => {
    for (const wrong of [{ choices: ['是'] }, { choices: ['是', '是'] }, { most: 3 }, { choices: null }])
      spec()
        .when('openBallot', { ...choosing, ...wrong }, office)
        .refused('BALLOT_CHOICES');
  });
  it('does not end before it begins', () => {
    spec()
      .when('openBallot', { ...choosing, closesOn: '2026-03-01' }, office)
      .refused('BALLOT_DAY_PAST');
  });
  it('rates only an organ that has answered an inspection of this congress', () => {
    const about = { inspection: idOf('inspection'), organ: idOf('organ') };
    const inspected = (response: string | null, at = region) => ({
      [`inspection-${about.inspection}`]: {
        ...{ region: at, opinions: [{ organ: about.organ, response, round: 1 }], satisfaction: [] },
      },
    });
    const audience = { ...test, ...about };
    spec().when('openBallot', audience, office).refused('NOTHING_TO_RATE');
    spec().when('openBallot', audience, office, inspected(null)).refused('NOTHING_TO_RATE');
    spec().when('openBallot', audience, office, inspected('done', '150802')).refused('NOTHING_TO_RATE');
    spec()
      .when('openBallot', { ...choosing, ...about }, office, inspected('done'))
      .refused('NOTHING_TO_RATE');
    spec()
      .when('openBallot', audience, office, inspected('done'))
      .emits({ type: 'BallotOpened', data: { round: 1 } });
  });
  it('rates each report of an organ once, and a report that was ordered again in a ballot of its own (domain.md S10)', () => {
    const about = { inspection: idOf('inspection'), organ: idOf('organ') };
    const inspected = (reports: readonly (string | null)[], verdicts: readonly string[]) => ({
      [`inspection-${about.inspection}`]: {
        region,
        opinions: reports.map((response, index) => ({ organ: about.organ, response, round: index + 1 })),
        satisfaction: verdicts.map((verdict, index) => ({ organ: about.organ, verdict, round: index + 1 })),
      },
    });
    const rating = (...known: Parameters<typeof inspected>) =>
      spec().when('openBallot', { ...test, ...about }, office, inspected(...known));
    for (const verdict of ['SATISFIED', 'BASICALLY_SATISFIED', 'DISSATISFIED'])
      rating(['done'], [verdict]).refused('REPORT_ALREADY_RATED');
    rating(['done', null], ['DISSATISFIED']).refused('NOTHING_TO_RATE');
    rating(['done', 'again'], ['DISSATISFIED']).emits({ type: 'BallotOpened', data: { round: 2 } });
    rating(['done', 'again'], ['DISSATISFIED', 'SATISFIED']).refused('REPORT_ALREADY_RATED');
  });
  it('of the first version rated an organ’s first report', () => {
    const [upcast] = Object.values(ballot.events.BallotOpened.upcasts);
    expect(upcast?.({ inspection: idOf('inspection') })).toMatchObject({ round: 1 });
    expect(upcast?.({ inspection: null })).toMatchObject({ round: null });
  });
});

describe('the end of a secret ballot', () => {
  it('comes by the office at any time, by the calendar when the last day is over', () => {
    open().when('closeBallot', {}, office).emits('BallotClosed');
    open().at(closesOn).when('closeBallot', {}, system).refused('BALLOT_NOT_DUE');
    open().at('2026-03-06').when('closeBallot', {}, system).emits('BallotClosed');
  });
  it('publishes every ballot at once, and only after the close', () => {
    const counted = batch([0], [0], [0], [1], [2]);
    open().when('countBallots', counted, system).refused('WRONG_STATE');
    const closed = open().after('closeBallot', {}, office);
    closed
      .when('countBallots', counted, system)
      .emits({ type: 'BallotCounted', data: { ...counted, verdict: 'SATISFIED' } });
    closed.when('countBallots', counted, system).refused('WRONG_STATE');
  });
  it('counts nothing that does not agree: more than voters, a receipt twice, an unknown choice', () => {
    const closed = open().after('closeBallot', {}, office);
    const good = batch([0], [0], [0], [1], [2]);
    for (const wrong of [
      batch([0], [0], [0], [0], [0], [0]),
      { ...good, receipts: ['a', 'a', 'b', 'c', 'd'] },
      { ...good, receipts: good.receipts.slice(1) },
      batch([0], [0], [0], [1], [3]),
    ])
      closed.when('countBallots', wrong, system).refused('BALLOT_COUNT_WRONG');
  });
  it('is without a count when so few have voted that each would be known', () => {
    const closed = open().after('closeBallot', {}, office);
    closed.when('countBallots', batch([0], [0], [1], [2]), system).refused('TOO_FEW_BALLOTS');
    closed.when('annulBallot', { why: 'TOO_FEW' }, system).emits('BallotAnnulled');
  });
  it('can be a withdrawal while voting goes on, and not after: then a result could be unwelcome', () => {
    open().when('withdrawBallot', { reason: '误发' }, office).emits('BallotAnnulled');
    open().after('closeBallot', {}, office).when('withdrawBallot', { reason: '误发' }, office).refused('WRONG_STATE');
  });
});

describe('who is to see it', () => {
  it('voters and the office of the region; the roll is the office’s alone', () => {
    const audience = open().audience();
    expect(audience[`mandate:${idOf('a')}`]).toBe('participant');
    expect(audience[`office:${region}`]).toBe('office');
    expect(audience.public).toBeUndefined();
  });
});

describe('the count', () => {
  const members = 10;
  const asked = { kind: 'SATISFACTION', choices: ['满意', '基本满意', '不满意'], most: 1, members } as const;
  const votes = (...times: number[]) =>
    times.flatMap((n, index) => Array.from({ length: n }, () => ({ picks: [index] })));
  it('of a satisfaction test is measured by all members, present or not (domain.md S10: 镇海)', () => {
    expect(tallied(asked, votes(5, 0, 5)).verdict).toBe('SATISFIED');
    expect(tallied(asked, votes(4, 2, 4)).verdict).toBe('BASICALLY_SATISFIED');
    expect(tallied(asked, votes(4, 1, 5)).verdict).toBe('DISSATISFIED');
    expect(tallied(asked, votes(4, 0, 0)).verdict).toBe('DISSATISFIED');
  });
  it('leaves out ballots with no tick or several (深圳)', () => {
    const { tally, spoiled } = tallied(asked, [...votes(2, 1, 0), { picks: [] }, { picks: [0, 1] }]);
    expect([tally.map((one) => one.votes), spoiled]).toEqual([[2, 1, 0], 2]);
  });
  it('does not depend on the order of the ballots', () => {
    const ballots = fc.array(fc.record({ picks: fc.uniqueArray(fc.nat(2)) }), { maxLength: 12 });
    fc.assert(
      fc.property(ballots, (all) => void expect(tallied(asked, [...all].reverse())).toEqual(tallied(asked, all))),
    );
  });
});

describe('the shuffle', () => {
  it('gives every order as often as any other', () => {
    const seen = new Map<string, number>();
    for (let run = 0; run < 12_000; run++) {
      const order = shuffled(['a', 'b', 'c', 'd'], randomBelow).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    expect(surprise([...seen.values()])).toBeLessThan(5);
  });
  it('loses nothing and adds nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (all) => void expect(shuffled(all, randomBelow).sort()).toEqual([...all].sort())),
    );
  });
});
