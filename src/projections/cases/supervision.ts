import type { Inspection } from '../../domain/collaboration/inspection/inspection.js';
import { inspection } from '../../domain/collaboration/inspection/inspection.js';
import { foundWanting } from '../../domain/collaboration/inspection/reports.js';
import type { Issue } from '../../domain/collaboration/issue/issue.js';
import { issue, isUnconfirmed } from '../../domain/collaboration/issue/issue.js';
import type { RegionCode } from '../../domain/kernel/region.js';
import { ancestorsOf, isWithin } from '../../domain/kernel/region.js';
import { caseModel } from '../kernel/case-model.js';
import { openClock, openClocks, worstStanding } from './clocks.js';
import type { Waiting } from './waiting.js';
import { inboxOfCase, waits } from './waiting.js';

/** Inspections and what they found (domain.md S10). */
const inspectionWaits = (s: Inspection): readonly Waiting[] => {
  const open = s.opinions.filter((one) => one.response === null);
  // One answer is for all that an organ has before it; what is due first counts.
  const answers = [...new Set(open.map((one) => one.organ))].map((organ) => {
    const tag = `organ:${organ}`;
    const [clock] = openClocks(s)
      .filter(({ owner }) => owner === tag)
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
    return waits(tag, 'ANSWER_OPINIONS', { clock, dueOn: open.find((one) => one.organ === organ)?.dueOn ?? null });
  });
  const wanting = foundWanting(s).map((about) => waits(`office:${s.region}`, 'ORDER_REREPORT', { about }));
  return [...answers, ...wanting];
};
const inspectionInbox = inboxOfCase(inspectionWaits);

export const inspectionModel = caseModel(inspection, {
  version: 4,
  filters: ['status', 'region', 'kind'],
  indexes: {
    inbox: inspectionInbox.index,
    byOrgan: ({ state }) =>
      [...new Set([...state.opinions, ...state.heads].map(({ organ }) => organ))].map((id) => [id]),
  },
  rollups: {
    inbox: inspectionInbox.rollup,
    /** Only what is public already: a board is seen by many who may not see the inspection itself. */
    statuses: ({ state }) =>
      (state.planPublished || state.publication) && state.status !== 'CANCELLED'
        ? ancestorsOf(state.region).map((above) => [above, state.kind, state.status])
        : [],
  },
});

function issueWaits(s: Issue): readonly Waiting[] {
  const host = `office:${s.host}`;
  const clock = s.organ ? openClock(s, ({ owner }) => owner === `organ:${s.organ}`) : undefined;
  const list: Waiting[] = [];
  if (s.status === 'FOUND') list.push(waits(host, 'CONFIRM_ISSUE'));
  if (s.status === 'CONFIRMED') list.push(waits(host, 'TRANSFER_ISSUE'));
  if (s.status === 'REPORTED') list.push(waits(`office:${s.supervisor ?? s.host}`, 'VERIFY_RECTIFICATION'));
  if (s.organ && ['TRANSFERRED', 'RECTIFYING', 'REOPENED', 'ESCALATED'].includes(s.status))
    list.push(waits(`organ:${s.organ}`, 'RECTIFY', { clock, dueOn: s.dueOn }));
  const asked = s.escalations.findLast((one) => one.declined === null);
  if (asked && s.suggestions.length === 0) list.push(waits(host, 'FOLLOW_ESCALATION', { about: asked.to }));
  return list;
}
const issueInbox = inboxOfCase(issueWaits);

/** By kind of case: what waits for whom. */
export const supervisionWaits = { inspection: inspectionWaits, issue: issueWaits };

const isOver = ({ status }: Issue): boolean => status === 'VERIFIED' || status === 'CLOSED' || status === 'DISMISSED';

/**
 * The regions whose boards may count an issue: the host and all above it, the places below it where it was found, and
 * those that hold the inspection too. Before it is confirmed it is the team's affair, and in no count.
 */
export function countedIn(s: Issue): readonly RegionCode[] {
  if (isUnconfirmed(s)) return [];
  const below = ancestorsOf(s.region).filter((above) => isWithin(above, s.host));
  return [...new Set([...ancestorsOf(s.host), ...below, ...s.joinedRegions])];
}

export const issueModel = caseModel(issue, {
  version: 2,
  filters: ['status', 'region', 'severity', 'inspection', 'organ'],
  indexes: {
    inbox: issueInbox.index,
    byInspection: ({ state }) => [[state.inspection]],
    /** Also what is over: it can be reopened to the organ that succeeds this one. */
    byOrgan: ({ state }) => (state.organ ? [[state.organ]] : []),
    /** Open ones, the gravest first, then the oldest. */
    open: ({ state, openedAt }) =>
      isOver(state)
        ? []
        : countedIn(state).map((region) => [
            region,
            -['MINOR', 'MODERATE', 'SERIOUS'].indexOf(state.severity),
            openedAt,
          ]),
  },
  rollups: {
    inbox: issueInbox.rollup,
    standing: ({ state }) =>
      countedIn(state).map((region) => [region, state.status, state.severity, worstStanding(state)]),
    byLaw: ({ state }) =>
      state.law ? countedIn(state).map((region) => [region, String(state.law), isOver(state) ? 'OVER' : 'OPEN']) : [],
  },
});
