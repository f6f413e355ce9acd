import type { Deputy } from '../../src/domain/kernel/actor.js';
import { levelOf } from '../../src/domain/kernel/region.js';
import { assumptions } from './assumptions.js';
import type { Town } from './town.js';
import { inParallel } from './town.js';

const { texts, mixOfTwenty } = assumptions;

/** So many Chinese characters, different for each case. */
const words = (length: number, n: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(0x4e00 + ((n * 31 + i * 7) % 3_000))).join('');

/** Cases of the assumed mix, each from its beginning; every third is left open where it stands. Returns how many there are. */
export async function playCases(town: Town, count: number): Promise<number> {
  let cases = 0;
  const plays = Array.from({ length: count }, (_, n) => n);
  for (let from = 0; from < count; from += 50) {
    town.later(2);
    await inParallel(plays.slice(from, from + 50), async (n) => {
      const begun = await play(town, n);
      cases += begun;
    });
  }
  return cases;
}

function play(town: Town, n: number): Promise<number> {
  const { joint, inspection, citySuggestion, countySuggestion } = mixOfTwenty;
  const kind = n % 20;
  const pick = (regions: readonly string[]) => regions[n % regions.length] ?? '';
  const [city, county, township] = [town.at('city'), town.at('county'), town.at('township')].map(pick) as [
    string,
    string,
    string,
  ];
  if (kind < joint) return playJointMeeting(town, n, city);
  if (kind < joint + inspection) return playInspection(town, n, city);
  if (kind < joint + inspection + citySuggestion) return playSuggestion(town, n, city);
  if (kind < joint + inspection + citySuggestion + countySuggestion) return playSuggestion(town, n, county);
  return playSuggestion(town, n, township);
}

/** Three signers, one or two organs, a reply, three opinions of it; every tenth goes up to the next level. */
async function playSuggestion(town: Town, n: number, region: string): Promise<number> {
  const { act } = town;
  const isTownship = levelOf(region) === 'township';
  const [lead, second, third] = [0, 1, 2].map((k) => town.deputy(region, n + k)) as [Deputy, Deputy, Deputy];
  const office = town.office(isTownship ? 'PRES' : 'DWC', region);
  const government = isTownship ? office : town.office('GOVO', region);
  const organ = town.office('ORG', region);
  const { id } = await act(lead, 'draftSuggestion', {
    title: words(texts.title, n),
    situation: words(texts.situation, n),
    analysis: words(texts.analysis, n + 1),
    advice: words(texts.advice, n + 2),
  });
  for (const other of [second, third]) await act(lead, 'inviteCosigner', { mandate: other.mandate }, id);
  for (const other of [second, third]) await act(other, 'confirmCosign', { version: 1 }, id);
  await act(lead, 'submitSuggestion', {}, id);
  await act(office, 'registerSuggestion', { field: 'water', crossRegion: n % 10 === 9 }, id);
  const organs = [{ organ: organ.organ, role: 'LEAD' }];
  if (!isTownship) organs.push({ organ: town.office('CO', region).organ, role: 'CO' });
  await act(government, 'assignSuggestion', { mode: 'LEAD_AND_CO', organs }, id);
  await act(organ, 'receiveAssignment', {}, id);
  if (!isTownship) {
    await act(town.office('CO', region), 'receiveAssignment', {}, id);
    await act(town.office('CO', region), 'submitCoOpinion', { text: words(texts.note * 3, n) }, id);
  }
  if (n % 3 === 2) return 1;
  const contact = { mandate: lead.mandate, way: 'VISIT', on: town.today(), summary: words(texts.note, n) };
  await act(organ, 'contactDeputy', contact, id);
  const category = n % 10 === 9 ? 'C' : 'A';
  await act(organ, 'issueReply', { category, text: words(texts.reply, n) }, id);
  for (const signer of [lead, second, third])
    await act(signer, 'giveFeedback', { attitude: 'SATISFIED', result: 'SATISFIED' }, id);
  if (n % 10 === 9) return 1 + (await goUp(town, n, id, lead));
  await act(office, 'closeSuggestion', {}, id);
  return 1;
}

/** Offered to a deputy one level up, of the county or the city, who adopts it as a case of its own. */
async function goUp(town: Town, n: number, origin: string, lead: Deputy): Promise<number> {
  const level = lead.level === 'township' ? 'county' : 'city';
  const above = town.at(level).find((code) => lead.congress.startsWith(code.replace(/0+$/, ''))) ?? '';
  const higher = town.deputy(above, n);
  await town.act(lead, 'proposeEscalation', { to: higher.mandate, reason: words(texts.note, n) }, origin);
  const adopted = { origin, title: words(texts.title, n + 3), situation: words(texts.situation, n + 3) };
  const text = { analysis: words(texts.analysis, n + 4), advice: words(texts.advice, n + 5) };
  const { id } = await town.act(higher, 'adoptSuggestion', { ...adopted, ...text });
  await town.act(higher, 'submitSuggestion', {}, id);
  return 1;
}

/** A team of eight from five levels, two visits, two issues that are put right. */
async function playInspection(town: Town, n: number, city: string): Promise<number> {
  const { act } = town;
  const office = town.office('SPC', city);
  const organ = town.office('ORG', city);
  const place = town.at('township')[n % town.at('township').length] ?? '';
  const levels = ['nation', 'autonomousRegion', 'city', 'city', 'county', 'county'] as const;
  const team = levels.map((level, k) => town.deputy(town.at(level)[n % town.at(level).length] ?? '', n + k));
  const leader = team[2] as Deputy;
  const { id } = await act(office, 'planInspection', {
    ...{ kind: 'SURVEY', title: words(texts.title, n), laws: [], planReference: words(20, n), joinedRegions: [] },
    ...{ beginsOn: town.today(), endsOn: '2026-12-20' },
  });
  await act(office, 'formInspectionTeam', { leader: leader.mandate, role: 'deputy' }, id);
  const invited = team.filter((one) => one !== leader);
  const parties = (upper: boolean) => [
    ...new Set(invited.filter((one) => levels.indexOf(one.level as 'city') < 2 === upper).map((one) => one.mandate)),
  ];
  await act(office, 'inviteInspectionMembers', { parties: parties(true), role: 'deputy', basis: 'INVITED' }, id);
  await act(office, 'inviteInspectionMembers', { parties: parties(false), role: 'deputy' }, id);
  for (const one of new Map(team.map((each) => [each.mandate, each])).values())
    await act(one, 'answerInspectionInvitation', { accept: true }, id);
  await act(office, 'publishInspectionPlan', {}, id);
  await act(office, 'beginInspection', {}, id);
  for (const [k, one] of [leader, team[4] as Deputy].entries()) {
    const visit = { on: town.today(), region: place, place: words(10, n), text: words(texts.note * 3, n + k) };
    await act(one, 'recordSiteVisit', visit, id);
    const found = { inspection: id, region: city, title: words(texts.title, n + k), severity: 'SERIOUS' };
    const issue = (await act(leader, 'findIssue', { ...found, evidence: words(texts.note * 3, n) })).id;
    await act(office, 'confirmIssue', {}, issue);
    await act(team[0] as Deputy, 'discussIssue', { text: words(texts.note, n) }, issue);
    await act(leader, 'proposeIssueOpinion', { text: words(texts.note, n) }, issue);
    await act(office, 'transferIssue', { organ: organ.organ, dueOn: '2026-06-30' }, issue);
    await act(organ, 'beginRectification', { plan: words(texts.note * 2, n) }, issue);
    if (n % 3 === 2) continue;
    await act(organ, 'reportRectification', { text: words(texts.note * 2, n) }, issue);
    await act(office, 'verifyRectification', { verdict: words(texts.note, n) }, issue);
    await act(office, 'closeIssue', { verdict: words(texts.note, n) }, issue);
  }
  return 3;
}

/** Twenty deputies of five levels, a result, a measure that comes of it. */
async function playJointMeeting(town: Town, n: number, city: string): Promise<number> {
  const { act } = town;
  const [dwc, sc] = [town.office('DWC', city), town.office('SC', city)];
  const levels = ['nation', 'autonomousRegion', 'city', 'county', 'township'] as const;
  const invited = Array.from({ length: 20 }, (_, k) => {
    const regions = town.at(levels[k % 5] ?? 'city');
    return town.deputy(regions[(n + k) % regions.length] ?? '', n + k);
  });
  const guests = [...new Map(invited.map((one) => [one.mandate, one])).values()];
  const { id } = await act(sc, 'planJointMeeting', { title: words(texts.title, n), purpose: words(texts.note, n) });
  await act(sc, 'inviteParticipants', { parties: guests.map((one) => one.mandate) }, id);
  await act(sc, 'conveneJointMeeting', { on: town.today(), place: words(10, n) }, id);
  for (const one of guests) await act(one, 'answerMeetingInvitation', { accept: true }, id);
  await act(sc, 'openJointMeeting', {}, id);
  for (const one of guests) await act(one, 'checkInToMeeting', {}, id);
  for (const one of guests.slice(0, 6)) {
    const said = { speaker: one.mandate, minutes: 5, text: words(texts.note * 3, n) };
    await act(dwc, 'recordStatement', said, id);
  }
  await act(sc, 'adoptMeetingResult', { text: words(texts.note * 2, n), countermeasures: [] }, id);
  await act(sc, 'closeJointMeeting', {}, id);
  const { results } = (await town.loader.load({ category: 'jointMeeting', id })).state as { results: { id: string }[] };
  const about = { meeting: id, result: results[0]?.id, text: words(texts.note, n), dueOn: '2026-09-01' };
  const measure = (await act(sc, 'assignMeasure', { ...about, owner: town.office('SPC', city).organ })).id;
  await act(town.office('SPC', city), 'reportMeasureProgress', { text: words(texts.note, n) }, measure);
  await act(town.office('SPC', city), 'completeMeasure', { text: words(texts.note, n) }, measure);
  return 2;
}
