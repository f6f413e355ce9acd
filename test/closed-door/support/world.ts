import type { Actor, Deputy, Official, OrganKind, PostRole } from '../../../src/domain/kernel/actor.js';
import type { Ref } from '../../../src/domain/kernel/aggregate.js';
import { paths as allPaths } from '../../laws/paths.js';
import type { Case, World } from '../../laws/world.js';
import { seedWorld } from '../../laws/world.js';
import { Story } from './story.js';

/** Somebody who looks, and the words by which the matrix names him or her. */
export type Viewer = { readonly name: string; readonly actor: Actor | null };
/** A case that the matrix is about, and how it came there. */
export type Focus = { readonly name: string; readonly ref: Ref };

const city = '150800';
const county = '150802';

/** A person has one record of his or her data: of the paths there, one can be walked in one world. */
const ofOneSubject = allPaths.filter(({ walk }) => walk(seedWorld()).category === 'dataSubject');
/** What is hidden by a redaction is told by test/redaction: here every text is as its class leaves it. */
const redacting = allPaths.filter(({ walk }) => walk(seedWorld()).category === 'redaction');
export const paths = allPaths.filter((path) => ![...ofOneSubject, ...redacting].includes(path));

/** Kinds of case that are no part of the register, which is public and has hundreds of rows. */
const isWork = ({ category }: Ref): boolean =>
  !['person', 'mandate', 'organ', 'post', 'congress', 'numberReservation'].includes(category);

/** The whole world, told once: the same ids, times and order wherever it is told. */
export function tellAll(): {
  readonly story: Story;
  readonly viewers: readonly Viewer[];
  readonly focus: readonly Focus[];
} {
  const story = new Story();
  const { world } = story;
  seedWorld(world);
  const newcomers = settle(world);
  const begun = world.now;
  const focus = [...paths, ...ofOneSubject.slice(-1)].map(({ to, walk }): Focus => {
    const ref = walk(world);
    world.now = begun;
    return { name: to, ref };
  });
  focus.push(...standings(world, newcomers));
  const named = new Set(focus.map(({ ref }) => ref.id));
  const others = world.cases().filter((one) => isWork(one) && !named.has(one.id));
  focus.push(
    ...others.map(({ category, id }, n) => ({ name: `${category} on the way there ${n + 1}`, ref: { category, id } })),
  );
  for (const category of ['person', 'mandate', 'organ', 'post', 'congress'])
    focus.push(...sampleOf(world, category).map((one) => ({ name: `${category} of the register`, ref: one })));
  return { story, viewers: viewersOf(world, newcomers), focus };
}

const sampleOf = (world: World, category: string): readonly Case[] => {
  const all = world.cases().filter((one) => one.category === category);
  // The operator's own, which only the operator may touch.
  const operators = all.find(({ state }) => JSON.stringify(state).includes('"ADM"'));
  return [...new Set([all[0], operators, all.at(-1)])].filter((one) => one !== undefined);
};

type Newcomers = ReturnType<typeof settle>;

/** Those whom the seeded world has not: an auditor of city and county, a court, and deputies who are about to fall. */
function settle(world: World) {
  let people = 0;
  const person = (region: string) => {
    people++;
    return world.must('registerPerson', { code: `N${people}`, name: `新人${people}`, region });
  };
  function post(kind: OrganKind, region: string, role: PostRole): string {
    const code = `${kind}-${region}-new`;
    const organ = world.must('registerOrgan', { code, name: code, kind, region });
    return world.must('assignPost', { person: person(region), organ, role });
  }
  function seat(region: string, confirmed: boolean): string {
    const holder = person(region);
    const about = { person: holder, region, term: 5, ...(confirmed && { confirmedOn: '2022-01-05' }) };
    const mandate = world.must('registerMandate', about);
    world.must('takeUpMandate', { mandate, congress: region }, { id: holder });
    return mandate;
  }
  return {
    auditor: post('AUD', city, 'clerk'),
    countyAuditor: post('AUD', '150821', 'clerk'),
    court: post('JUD', city, 'head'),
    leaver: post('ORG', county, 'clerk'),
    suspended: seat(county, true),
    ended: seat(county, true),
    elected: seat(county, false),
    removed: seat(city, true),
    declined: seat(city, true),
  };
}

/** Cases of those who have lost their standing, or their place in the case, since. */
function standings(world: World, { suspended, ended, leaver, removed, declined }: Newcomers): readonly Focus[] {
  const texts = { title: '水渠', situation: '堵塞', analysis: '淤积', advice: '清淤' };
  const signed = (mandate: string): Ref => {
    const id = world.must('draftSuggestion', texts, { actor: seatOf(world, mandate) });
    world.must('submitSuggestion', {}, { id, actor: seatOf(world, mandate) });
    return { category: 'suggestion', id };
  };
  const ofSuspended = signed(suspended);
  const ofEnded = signed(ended);
  const draft = world.must('draftSuggestion', { ...texts, title: '草稿' }, { actor: seatOf(world, suspended) });
  world.must('suspendMandate', { reason: 'DETAINED_IN_CRIMINAL_CASE' }, { id: suspended });
  world.must('endMandate', { reason: 'RESIGNED', on: '2026-03-01' }, { id: ended });
  world.must('endPost', {}, { id: leaver });

  const host = official(world, 'SC', city, 'head');
  const meeting = world.must('planJointMeeting', { title: '调水', purpose: '分水' }, { actor: host });
  const staying = deputy(world, city, 1);
  const parties = [removed, declined, staying.mandate];
  world.must('inviteParticipants', { parties }, { id: meeting, actor: host });
  world.must('conveneJointMeeting', { on: '2026-03-05', place: '临河' }, { id: meeting, actor: host });
  world.must('answerMeetingInvitation', { accept: true }, { id: meeting, actor: staying });
  world.must('answerMeetingInvitation', { accept: false }, { id: meeting, actor: seatOf(world, declined) });
  world.must('removeParticipant', { party: removed, reason: '回避' }, { id: meeting, actor: host });
  return [
    { name: 'a suggestion of a deputy who was suspended', ref: ofSuspended },
    { name: 'a suggestion of a deputy whose mandate has ended', ref: ofEnded },
    { name: 'a draft of a deputy who was suspended', ref: { category: 'suggestion', id: draft } },
    {
      name: 'a joint meeting that one declined and one was removed from',
      ref: { category: 'jointMeeting', id: meeting },
    },
  ];
}

const must = <T>(found: T | undefined, what: string): T => {
  if (found === undefined) throw new Error(`the world has no ${what}`);
  return found;
};
const deputy = (world: World, congress: string, nth: number): Deputy =>
  must(
    world.actors().flatMap((one) => (one.kind === 'deputy' && one.congress === congress ? [one] : []))[nth],
    `deputy ${nth} of ${congress}`,
  );
const seatOf = (world: World, mandate: string): Deputy =>
  must(
    world.actors().flatMap((one) => (one.kind === 'deputy' && one.mandate === mandate ? [one] : []))[0],
    `mandate ${mandate}`,
  );
const held = (world: World, post: string): Official =>
  must(world.actors().flatMap((one) => (one.kind === 'official' && one.post === post ? [one] : []))[0], `post ${post}`);
const official = (world: World, kind: OrganKind, region: string, role: PostRole, nth = 0): Official =>
  must(
    world
      .actors()
      .flatMap((one) =>
        one.kind === 'official' && one.organKind === kind && one.region === region && one.role === role ? [one] : [],
      )[nth],
    `${role} ${nth} of a ${kind} of ${region}`,
  );

/** The columns of the matrix. Roles, levels, regions; relations to the cases follow from what the paths made of them. */
function viewersOf(world: World, one: Newcomers): readonly Viewer[] {
  const deputies: readonly [string, string, number][] = [
    ['nation', '000000', 0],
    ['autonomous region: takes matters up', '150000', 0],
    ['autonomous region: asked after another declined', '150000', 1],
    ['city: member of teams and meetings', city, 0],
    ['city: takes part in one meeting', city, 1],
    ['city: outsider', city, 2],
    ['county: lead signer', county, 0],
    ['county: co-signer', county, 1],
    ['county: outsider', county, 2],
    ['another county', '150821', 0],
    ['township', '150802100', 0],
    ['township of another county', '150821100', 0],
  ];
  const officials: readonly [OrganKind, string, PostRole, number?][] = [
    ['SC', '000000', 'head'],
    ['DWC', '000000', 'clerk'],
    ['DWC', '150000', 'clerk'],
    ['GOVO', '150000', 'clerk'],
    ['ORG', '150000', 'clerk'],
    ['SC', city, 'head'],
    ['SC', city, 'leader'],
    ['COC', city, 'clerk'],
    ['DWC', city, 'head'],
    ['SPC', city, 'clerk'],
    ['SPC', city, 'expert'],
    ['SEC', city, 'clerk'],
    ['GOVO', city, 'clerk'],
    ['ORG', city, 'head', 0],
    ['ORG', city, 'head', 1],
    ['ADM', city, 'clerk'],
    ['DWC', county, 'head'],
    ['SC', county, 'head'],
    ['SPC', county, 'expert'],
    ['GOVO', county, 'clerk'],
    ['ORG', county, 'head', 0],
    ['ORG', county, 'head', 1],
    ['DWC', '150821', 'head'],
    ['GOVO', '150821', 'clerk'],
    ['ORG', '150821', 'head'],
    ['PRES', '150802100', 'head'],
    ['GOVO', '150802100', 'clerk'],
    ['ORG', '150802100', 'clerk'],
    ['STW', '150802001', 'head'],
  ];
  return [
    { name: 'anybody', actor: null },
    ...deputies.map(([name, at, nth]) => ({ name: `deputy, ${name}`, actor: deputy(world, at, nth) })),
    { name: 'deputy, county: suspended', actor: seatOf(world, one.suspended) },
    { name: 'deputy, county: mandate ended', actor: seatOf(world, one.ended) },
    { name: 'deputy, county: elected, not confirmed', actor: seatOf(world, one.elected) },
    { name: 'deputy, city: removed from a meeting', actor: seatOf(world, one.removed) },
    { name: 'deputy, city: declined to come', actor: seatOf(world, one.declined) },
    ...officials.map(([kind, at, role, nth = 0]) => ({
      name: `${kind} ${at}, ${role}${nth ? `, organ ${nth + 1}` : ''}`,
      actor: official(world, kind, at, role, nth),
    })),
    { name: 'JUD 150800, head', actor: held(world, one.court) },
    { name: 'AUD 150800, clerk', actor: held(world, one.auditor) },
    { name: 'AUD 150821, clerk', actor: held(world, one.countyAuditor) },
    { name: 'ORG 150802, clerk whose post has ended', actor: held(world, one.leaver) },
  ];
}

/**
 * Tells on: of some cases a text that many see, or a passage of it, is redacted. Only where the answers of two worlds are
 * compared: elsewhere every text is as its class leaves it.
 */
export function redactSome({ world, steps }: Story, focus: readonly Focus[]): void {
  const hide = (category: string, nth: number, field: string, ground: string, passage?: object) => {
    const { ref } = must(focus.filter((one) => one.ref.category === category)[nth], `${category} ${nth}`);
    const { region } = must(world.find(ref), ref.id).state;
    const seen = steps.filter((step) => step.ref.id === ref.id).flatMap(({ events }) => events).length - 1;
    const input = { kind: category, target: ref.id, seen, field, ground, passage, basis: '〔2026〕7号' };
    world.must('redactText', input, { actor: official(world, 'DWC', region, 'head') });
  };
  hide('suggestion', 4, 'title', 'STATE_SECRET');
  hide('suggestion', 9, 'advice', 'MINOR');
  hide('inspection', 0, 'title', 'STATE_SECRET');
  hide('inspection', 3, 'planReference', 'PERSONAL_PRIVACY');
  hide('inspection', 2, 'title', 'COURT_ORDER', { from: 0, to: 2 });
  hide('issue', 1, 'title', 'WRONG_PUBLICATION');
  hide('jointMeeting', 1, 'title', 'TRADE_SECRET');
}
