import type { SuggestionState } from '../../../../src/domain/collaboration/suggestion/index.js';
import { suggestion, suggestionActions } from '../../../../src/domain/collaboration/suggestion/index.js';
import { defaultRules } from '../../../../src/domain/collaboration/time-limits.js';
import type { Deputy, Official } from '../../../../src/domain/kernel/actor.js';
import { classIn, tagsOf } from '../../../../src/domain/kernel/actor.js';
import { clockOf } from '../../../../src/domain/kernel/case-clocks.js';
import { contextOf } from '../../../../src/domain/kernel/handle.js';
import { chineseCalendar } from '../../../../src/infra/calendar.js';
import { nameId } from '../../../../src/infra/ids.js';
import { deputy, idOf, official, specOf, system } from '../../../support/spec.js';

/** The people and organs of the suggestion's tests, and the way to each stage of its life. */
export const city = '150800';
export const county = '150802';
export const autonomousRegion = '150000';

export const li = deputy('li', city);
export const wang = deputy('wang', city);
export const zhao = deputy('zhao', city);
export const bao = deputy('bao', county);
export const higher = deputy('higher', autonomousRegion);
export const top = deputy('top', '000000');

export const dwc = official('DWC', city);
export const sec = official('SEC', city);
export const coc = official('COC', city);
export const govo = official('GOVO', city);
export const countyDwc = official('DWC', county);
export const regionDwc = official('DWC', autonomousRegion);

const organOf = (name: string, region = city) => official('ORG', region, { name, role: 'head' });
export const water = organOf('water');
export const roads = organOf('roads');
export const fields = organOf('fields');
export const court = organOf('court');
export const regionalOrgan = organOf('regional organ', autonomousRegion);
export const waterClerk: Official = { ...official('ORG', city, { name: 'water clerk' }), organ: water.organ };

export const mandateOf = (who: Deputy, status = 'ACTIVE') => ({
  status,
  region: who.congress,
  level: who.level,
  person: who.person,
});
const postOf = (who: Official, status = 'HELD') => ({
  status,
  organ: who.organ,
  role: who.role,
  region: who.region,
});
const organState = (who: Official, status = 'ACTIVE') => ({ status, region: who.region, kind: who.organKind });

const ctx = contextOf(
  { nameId, rules: defaultRules(chineseCalendar()) },
  system,
  idOf('any command'),
  '2026-03-02T00:00:00.000Z',
);
/** The city's session: 10 to 16 January 2026, suggestions until the 14th at 18:00 Beijing time. */
const cityCongress = {
  sessions: [{ number: 5, opensOn: '2026-01-10', closesOn: '2026-01-16', cutoff: '2026-01-14T10:00:00.000Z' }],
};

export const known: Record<string, unknown> = {
  [`congress-${ctx.idFor('congress', city)}`]: cityCongress,
  ...Object.fromEntries([li, wang, zhao, bao, higher, top].map((d) => [`mandate-${d.mandate}`, mandateOf(d)])),
  ...Object.fromEntries(
    [water, roads, fields, court, regionalOrgan, govo, dwc].map((o) => [`organ-${o.organ}`, organState(o)]),
  ),
  ...Object.fromEntries([water, waterClerk, roads, coc, countyDwc].map((o) => [`post-${o.post}`, postOf(o)])),
};
export const ended = (who: Official) => ({ [`organ-${who.organ}`]: organState(who, 'MERGED') });

export const text = {
  title: 'Dredge the Wulate canal',
  situation: 'The canal is silted up.',
  analysis: 'Nobody is charged with dredging.',
  advice: 'Dredge it before the spring irrigation.',
};

export const begin = () => specOf(suggestion, suggestionActions, { known });
export type Play = ReturnType<typeof begin>;
export const stateOf = (play: Play): SuggestionState => play.state();
export const clock = (play: Play, name: string) => clockOf(stateOf(play), name);
export const classFor = (play: Play, who: Deputy | Official) => classIn(play.audience(), tagsOf(who));
export const promiseId = (play: Play): string => stateOf(play).promises[0]?.id ?? 'no promise';

export const drafted = () => begin().at('2026-03-02').after('draftSuggestion', text, li);
export const cosigning = () => drafted().after('inviteCosigner', { mandate: wang.mandate }, li);
export const confirmed = () => cosigning().after('confirmCosign', { version: 1 }, wang);
export const submitted = () => drafted().after('submitSuggestion', {}, li);
export const jointlySubmitted = () => confirmed().after('submitSuggestion', {}, li);
export const returned = () =>
  submitted().after('returnForRevision', { ground: 'NOT_CONCRETE', reason: 'Name the stretch.' }, dwc);
export const notAcceptable = { ground: 'OUTSIDE_REMIT', explanation: 'A state road.', deputyToldOn: '2026-03-02' };
export const notAccepted = () => submitted().after('notAcceptSuggestion', notAcceptable, dwc);
export const register = { field: 'Water' };
export const registered = (crossRegion = false) =>
  submitted().after('registerSuggestion', { ...register, crossRegion }, dwc);
export const jointlyRegistered = () => jointlySubmitted().after('registerSuggestion', register, dwc);

export const toWater = { mode: 'LEAD_AND_CO', organs: [{ organ: water.organ, role: 'LEAD' }] };
export const withCo = {
  mode: 'LEAD_AND_CO',
  organs: [
    { organ: water.organ, role: 'LEAD' },
    { organ: roads.organ, role: 'CO' },
  ],
};
export const separately = {
  mode: 'SEPARATE',
  organs: [
    { organ: water.organ, role: 'SEPARATE' },
    { organ: roads.organ, role: 'SEPARATE' },
  ],
};
export const assigned = (to: unknown = toWater) => registered().after('assignSuggestion', to, dwc);
export const jointlyAssigned = (to: unknown = toWater) => jointlyRegistered().after('assignSuggestion', to, dwc);
export const returnAsked = () => assigned().after('requestReturn', { reasons: 'It is the road office’s.' }, water);
export const handling = (to: unknown = toWater) => assigned(to).after('receiveAssignment', {}, water);
export const contact = { mandate: li.mandate, way: 'VISIT', on: '2026-03-02', summary: 'Walked along the canal.' };
export const contacted = (to: unknown = toWater) => handling(to).after('contactDeputy', contact, water);
export const jointlyContacted = () =>
  jointlyAssigned().after('receiveAssignment', {}, water).after('contactDeputy', contact, water);

export const reply = (category: string, promises: unknown[] = []) => ({
  category,
  text: 'Dredging begins in April.',
  promises,
});
export const promised = { text: 'Dredge 12 km', dueOn: '2026-12-01' };
export const replied = (category = 'A') => contacted().after('issueReply', reply(category), water);
export const repliedWithPromise = () => contacted().after('issueReply', reply('B', [promised]), water);
export const jointlyReplied = () => jointlyContacted().after('issueReply', reply('A'), water);

export const satisfied = { attitude: 'SATISFIED', result: 'SATISFIED' };
export const dissatisfied = { attitude: 'SATISFIED', result: 'DISSATISFIED', comment: 'Only 2 km of 12.' };
export const pending = () => replied('C').after('giveFeedback', dissatisfied, li);
export const rehandling = () => pending().after('orderRehandling', { reason: 'Do the rest.' }, dwc);
/** Heard again, in the second round. */
export const reheard = () => rehandling().after('contactDeputy', { ...contact, way: 'PHONE' }, water);
export const exhausted = () => reheard().after('issueReply', reply('C'), water).after('giveFeedback', dissatisfied, li);
export const tracking = () =>
  repliedWithPromise()
    .after('giveFeedback', satisfied, li)
    .after('reportPromiseProgress', { promise: promiseIdOf(), on: '2026-03-02', note: '2 km done' }, water);
export const closed = (category = 'A') =>
  replied(category).after('giveFeedback', satisfied, li).after('closeSuggestion', {}, dwc);
export const evaluated = () =>
  closed().after('scoreSuggestionQuality', { value: 80 }, dwc).after('scoreHandlingEffect', { value: 70 }, li);
export const discarded = () => drafted().after('discardDraft', {}, li);
export const withdrawn = () => registered().after('withdrawSuggestion', { reason: 'Solved meanwhile.' }, li);

/** The promise of `repliedWithPromise`: the same command always gets the same ids. */
export const promiseIdOf = (): string => promiseId(repliedWithPromise());

export { system };
