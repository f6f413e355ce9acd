import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { defaultRules } from '../../src/domain/collaboration/time-limits.js';
import type { Actor, Deputy, Official, OrganKind } from '../../src/domain/kernel/actor.js';
import type { Handle, Outcome } from '../../src/domain/kernel/handle.js';
import { createHandle } from '../../src/domain/kernel/handle.js';
import { createLoader } from '../../src/domain/kernel/load.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { levelOf } from '../../src/domain/kernel/region.js';
import { wuji } from '../../src/domain/wuji.js';
import type { Viewer } from '../../src/graphql/context.js';
import { viewerOf } from '../../src/graphql/context.js';
import { openEmbeddedBallotBox } from '../../src/infra/ballot-box/embedded.js';
import { randomBelow } from '../../src/infra/ballot-box/random.js';
import { chineseCalendar } from '../../src/infra/calendar.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { openEmbeddedReadStore } from '../../src/infra/read-store/embedded.js';
import { boardModels } from '../../src/projections/boards/index.js';
import { caseModels } from '../../src/projections/cases/index.js';
import { feed } from '../../src/projections/feeds/feed.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import { createProjector } from '../../src/projections/kernel/projector.js';
import type { Keeping } from '../../src/projections/reactors/ballot-keeper.js';
import type { RunningPolicies } from '../../src/projections/reactors/index.js';
import { createPolicies } from '../../src/projections/reactors/index.js';
import { done } from '../support/house.js';
import { nothingHidden } from '../support/redactions.js';
import { personalOf, sealsOf } from '../support/seals.js';
import { temporaryFolder } from '../support/temporary-folder.js';

export const rules = defaultRules(chineseCalendar());
const system = { kind: 'system', policy: 'test' } as const;

export const policies = createPolicies(rules);
export const models = [...caseModels, feed, ...boardModels, ...policies.models];
export const city = '150800';
export const county = '150821';
export const town = '150821100';

export async function newReadStore(epoch: string): Promise<ReadStore> {
  const reads = openEmbeddedReadStore({
    folder: join(await temporaryFolder(), 'read'),
    epoch,
    onDropped: (reason) => {
      throw new Error(reason);
    },
  });
  onTestFinished(() => reads.close());
  return reads;
}

/** For towns that hold no ballots: nothing is ever written there. */
export const noBallots: Keeping = {
  box: openEmbeddedBallotBox({ folder: join(tmpdir(), `wuji-no-ballots-${process.pid}`) }),
  randomBelow,
};

/** What runs over a log: read models and policies, in the real embedded stores. Ended with the test. */
export function run(
  store: EventStore,
  reads: ReadStore,
  handle: Handle,
  now: () => Date,
  ballots: Keeping = noBallots,
) {
  const problems: Error[] = [];
  const refused: string[] = [];
  const deps = {
    events: store,
    registry: wuji,
    readStore: reads,
    handle,
    clock: { now },
    onProblem: (problem: Error) => void problems.push(problem),
  };
  const projector = createProjector({ ...deps, models });
  projector.start();
  const running: RunningPolicies = policies.start({
    ...deps,
    projector,
    ballots,
    onRefused: ({ refusal }) => void refused.push(refusal.refused),
  });
  let stopped = false;
  async function stop() {
    if (stopped) return;
    stopped = true;
    await running.stop();
    await projector.stop();
    expect(problems).toEqual([]);
  }
  onTestFinished(stop);
  return { projector, running, refused, stop, settle: running.settle };
}

/** A city with its congress, and a clock that the test sets. */
export async function newTown(startOn = '2026-03-02') {
  let time = `${startOn}T02:00:00.000Z`;
  const store = await openEmbeddedEventStore({
    folder: join(await temporaryFolder(), 'log'),
    clock: () => new Date(time),
  });
  onTestFinished(() => store.close());
  const loader = createLoader(store, wuji);
  const now = () => new Date(time);
  const seals = sealsOf();
  const personal = personalOf(seals);
  const handle = createHandle({ store, registry: wuji, loader, clock: { now }, nameId, rules, seals });
  const reads = await newReadStore(store.epoch);
  let commands = 0;

  const act = async (actor: Actor, action: string, input: unknown, id?: string): Promise<Outcome> =>
    done(await handle({ action, input, id, actor, commandId: `test ${commands++}` }));
  const setUp = (action: string, input: unknown, id?: string) => act(system, action, input, id);

  async function deputy(name: string, region: string, term = 5): Promise<Deputy> {
    const person = (await setUp('registerPerson', { code: name, region: '150800', name })).id;
    const seat = { person, region, term, confirmedOn: startOn };
    const mandate = (await setUp('registerMandate', seat)).id;
    return { kind: 'deputy', person, mandate, congress: region, level: levelOf(region), standing: 'active' };
  }
  async function organ(kind: OrganKind, region: string, code = `${kind}-${region}`): Promise<string> {
    return (await setUp('registerOrgan', { code, region, kind, name: code })).id;
  }
  async function official(kind: OrganKind, region: string, code = `${kind}-${region}`): Promise<Official> {
    const at = await organ(kind, region, code);
    const person = (await setUp('registerPerson', { code: `head ${code}`, region: '150800', name: code })).id;
    const post = (await setUp('assignPost', { person, organ: at, role: 'head' })).id;
    return { kind: 'official', person, post, role: 'head', organ: at, organKind: kind, region, standing: 'active' };
  }
  const congress = async (region: string) =>
    (await setUp('registerCongress', { region, term: 5, on: '2026-01-10' })).id;

  return {
    ...{ store, reads, handle, loader, nameId, rules, personal, redactions: nothingHidden },
    act,
    setUp,
    deputy,
    organ,
    official,
    congress,
    now,
    newId: () => nameId('test', `new ${commands++}`),
    run: (ballots?: Keeping) => run(store, reads, handle, now, ballots),
    /** From now on it is ten o'clock in the morning of that day. */
    at(day: string) {
      time = `${day}T02:00:00.000Z`;
    },
    async log(...types: string[]) {
      const found = [];
      for await (const event of store.readAll()) if (types.includes(event.type)) found.push(event);
      return found;
    },
    state: async (category: string, id: string) =>
      (await loader.load({ category, id })).state as Record<string, unknown>,
  };
}
export type Town = Awaited<ReturnType<typeof newTown>>;
export const seenBy = (actor: Actor): Viewer => viewerOf(actor);

export const words = { situation: 'It is so.', analysis: 'Because of this.', advice: 'Do that.' };

/** A suggestion that has been handed in and registered. */
export async function registered(at: Town, by: Deputy, office: Official, title: string, crossRegion = false) {
  const { id } = await at.act(by, 'draftSuggestion', { title, ...words });
  await at.act(by, 'submitSuggestion', {}, id);
  await at.act(office, 'registerSuggestion', { field: 'water', crossRegion }, id);
  return id;
}

export async function assigned(at: Town, id: string, office: Official, lead: Official, co?: Official) {
  const organs = [{ organ: lead.organ, role: 'LEAD' }, ...(co ? [{ organ: co.organ, role: 'CO' }] : [])];
  await at.act(office, 'assignSuggestion', { mode: 'LEAD_AND_CO', organs }, id);
  await at.act(lead, 'receiveAssignment', {}, id);
  if (co) await at.act(co, 'receiveAssignment', {}, id);
}

export async function replied(at: Town, id: string, lead: Official, to: Deputy, category: string) {
  const contact = { mandate: to.mandate, way: 'VISIT', on: at.now().toISOString().slice(0, 10), summary: 'Heard.' };
  await at.act(lead, 'contactDeputy', contact, id);
  await at.act(lead, 'issueReply', { category, text: 'The reply.' }, id);
}

/** A running survey of the city with these deputies, the first of them leading. */
export async function survey(at: Town, office: Official, team: readonly [Deputy, ...Deputy[]]) {
  const plan = { kind: 'SURVEY', title: 'Water', laws: [], planReference: '1', joinedRegions: [] };
  const { id } = await at.act(office, 'planInspection', { ...plan, beginsOn: '2026-03-02', endsOn: '2026-12-02' });
  const parties = team.map(({ mandate }) => mandate);
  await at.act(office, 'formInspectionTeam', { leader: parties[0], role: 'deputy' }, id);
  await at.act(office, 'inviteInspectionMembers', { parties, role: 'deputy' }, id);
  for (const one of team) await at.act(one, 'answerInspectionInvitation', { accept: true }, id);
  await at.act(office, 'beginInspection', {}, id);
  return id;
}

export const findIssue = async (at: Town, inspection: string, by: Deputy, more: Record<string, unknown> = {}) =>
  (
    await at.act(by, 'findIssue', {
      inspection,
      region: town,
      title: 'Leak',
      severity: 'SERIOUS',
      evidence: 'Seen.',
      ...more,
    })
  ).id;

/** A joint meeting of the city with one deputy present and one result adopted. */
export async function meetingInSession() {
  const at = await newTown();
  await at.congress(city);
  const [dwc, sc] = [await at.official('DWC', city), await at.official('SC', city)];
  const committee = await at.official('SPC', city);
  const bat = await at.deputy('Bat', city);
  const { id } = await at.act(sc, 'planJointMeeting', { title: 'Joint meeting 2026', purpose: 'Water.' });
  await at.act(sc, 'inviteParticipants', { parties: [bat.mandate] }, id);
  await at.act(sc, 'conveneJointMeeting', { on: '2026-03-02', place: 'Linhe' }, id);
  await at.act(sc, 'openJointMeeting', {}, id);
  await at.act(bat, 'checkInToMeeting', {}, id);
  await at.act(sc, 'adoptMeetingResult', { text: 'Canals first.', countermeasures: [] }, id);
  return { at, id, sc, dwc, committee, bat };
}
export type Meeting = Awaited<ReturnType<typeof meetingInSession>>;
export async function heldMeeting(): Promise<Meeting> {
  const meeting = await meetingInSession();
  await meeting.at.act(meeting.sc, 'closeJointMeeting', {}, meeting.id);
  return meeting;
}
/** The measure that the meeting's result becomes; its committee owns it. */
export async function measureOf({ at, id, sc, committee }: Meeting): Promise<string> {
  const [result] = (await at.state('jointMeeting', id)).results as { id: string }[];
  const about = { meeting: id, result: result?.id, text: 'Repair.', owner: committee.organ, dueOn: '2026-09-01' };
  return (await at.act(sc, 'assignMeasure', about)).id;
}
