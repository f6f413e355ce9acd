import type { OrganKind } from '../../kernel/actor.js';
import { deputyWho, officialWho } from '../../kernel/actor.js';
import type { RegionCode } from '../../kernel/region.js';
import { levelOf } from '../../kernel/region.js';
import type { Party } from '../../organization/joint-meeting/calling.js';
import { partOf } from '../../organization/joint-meeting/calling.js';

/** Offices of the standing committee hold inspections; in a township, which has none, the presidium (Deputies Law art. 33). */
const holds = ({ organKind, region }: { organKind: OrganKind; region: RegionCode }): boolean =>
  levelOf(region) === 'township'
    ? organKind === 'PRES'
    : organKind === 'SC' || organKind === 'DWC' || organKind === 'SPC';

export const organiser = officialWho(
  ['an office of a standing committee, or a township presidium', '常委会及其工作机构，或乡镇人大主席团'],
  holds,
);
export const hostOffice = officialWho<{ readonly region: RegionCode }>(
  ['the office that holds the inspection', '组织监督的常委会机构或主席团'],
  (official, state) => holds(official) && official.region === state.region,
);
/** The committee itself deliberates; in a township its presidium. */
export const deliberators = officialWho<{ readonly region: RegionCode }>(
  ['the standing committee or presidium of the inspection’s region', '本级常委会或主席团'],
  (official, state) =>
    official.region === state.region &&
    (official.organKind === 'SC' || official.organKind === 'PRES') &&
    holds(official),
);

type Team = { readonly members: readonly Party[] };
export const invitedDeputy = deputyWho<Team>(['an invited deputy', '受邀代表'], (deputy, state) =>
  Boolean(partOf(state.members, deputy.mandate)),
);
export const invitedOfficial = officialWho<Team>(['an invited official', '受邀人员'], (official, state) =>
  Boolean(partOf(state.members, official.post)),
);

/** In the team: invited, accepted, not removed. */
export const inTeam = ({ members }: Team, id: string): boolean => partOf(members, id)?.answer === 'ACCEPTED';
export const teamDeputy = deputyWho<Team>(['a deputy of the team', '组内代表'], (deputy, state) =>
  inTeam(state, deputy.mandate),
);
export const teamOfficial = officialWho<Team>(['an official of the team', '组内人员'], (official, state) =>
  inTeam(state, official.post),
);

type Led = Team & { readonly leader: string | null };
const leads = (state: Led, id: string): boolean => state.leader === id && inTeam(state, id);
export const leadingDeputy = deputyWho<Led>(['the leader of the team', '组长'], (deputy, state) =>
  leads(state, deputy.mandate),
);
export const leadingOfficial = officialWho<Led>(['the leader of the team', '组长'], (official, state) =>
  leads(state, official.post),
);
