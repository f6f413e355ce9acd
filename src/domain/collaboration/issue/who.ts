import type { Deputy, Official } from '../../kernel/actor.js';
import { deputyWho, officialWho } from '../../kernel/actor.js';
import { isWithin, levelOf } from '../../kernel/region.js';
import { tagOf } from '../../organization/joint-meeting/calling.js';
import type { Inspection } from '../inspection/inspection.js';
import { inTeam } from '../inspection/who.js';
import type { Issue } from './issue.js';

const isOffice = ({ organKind, region }: Official): boolean =>
  levelOf(region) === 'township' ? organKind === 'PRES' : ['SC', 'DWC', 'SPC'].includes(organKind);

export const hostOffice = officialWho<Issue>(
  ['the office that holds the inspection', '组织监督的常委会机构或主席团'],
  (official, state) => isOffice(official) && official.region === state.host,
);
/** A joined region's office looks after what was found in its own region. */
export const joinedOffice = officialWho<Issue>(
  ['the office of a joined region where the issue lies', '问题所在联动地区的常委会机构'],
  (official, state) =>
    isOffice(official) && state.joinedRegions.includes(official.region) && isWithin(state.region, official.region),
);
export const teamDeputy = deputyWho<Issue>(['a deputy of the team', '组内代表'], (deputy, state) =>
  state.team.includes(`mandate:${deputy.mandate}`),
);
export const teamOfficial = officialWho<Issue>(['an official of the team', '组内人员'], (official, state) =>
  state.team.includes(`post:${official.post}`),
);
export const followingDeputy = deputyWho<Issue>(
  ['a deputy who follows the issue', '关注该问题的代表'],
  (deputy, state) => isFollowing(state, deputy.mandate),
);
/** A deputy of a higher level who is asked, and has neither taken it up nor declined. */
export const askedDeputy = deputyWho<Issue>(
  ['a higher deputy who is asked', '被提请的上级代表'],
  (deputy, state) => isAsked(state, deputy.mandate) && !state.suggestions.some((one) => one.by === deputy.mandate),
);
export const issueOrgan = officialWho<Issue>(
  ['the organ that has to rectify', '整改机关'],
  (official, state) => official.organ === state.organ,
);

const isAsked = (state: Issue, mandate: string): boolean =>
  state.escalations.some((one) => one.to === mandate && one.declined === null);
const isFollowing = (state: Issue, mandate: string): boolean =>
  state.followers.some((one) => one.mandate === mandate) || isAsked(state, mandate);

/** The team as the inspection now has it: the issue's own list may lag behind a removal by a moment. */
export function mayDiscuss(actor: Deputy | Official, state: Issue, activity: Inspection | undefined): boolean {
  const id = actor.kind === 'deputy' ? actor.mandate : actor.post;
  const follows = actor.kind === 'deputy' && isFollowing(state, actor.mandate) && !state.team.includes(`mandate:${id}`);
  return follows || (activity !== undefined && inTeam(activity, id));
}
export const teamTags = (activity: Inspection): string[] =>
  activity.members.filter((one) => inTeam(activity, one.party)).map(tagOf);
