import { deputyWho, officialWho } from '../../kernel/actor.js';
import type { RegionCode } from '../../kernel/region.js';
import { levelOf } from '../../kernel/region.js';
import type { Party } from './calling.js';
import { partOf, partyOf, takesPart } from './calling.js';

const isCityOffice = (official: { organKind: string; region: RegionCode }): boolean =>
  (official.organKind === 'SC' || official.organKind === 'DWC') && levelOf(official.region) === 'city';

/** Only the city's standing committee convenes joint meetings; its deputies' work committee acts for it (S3). */
export const cityOffice = officialWho(
  ['the city’s standing committee or its deputies’ work committee', '市人大常委会或其代表工委'],
  isCityOffice,
);
export const hostOffice = officialWho<{ readonly region: RegionCode }>(
  ['the standing committee that leads the meeting, or its deputies’ work committee', '牵头的常委会或其代表工委'],
  (official, state) => isCityOffice(official) && official.region === state.region,
);

/** What the committee itself decides: to convene, to move or cancel what it has convened, to adopt a result (S3). */
export const standingCommittee = officialWho<{ readonly region: RegionCode }>(
  ['the standing committee that leads the meeting', '牵头的市人大常委会'],
  (official, state) => official.organKind === 'SC' && official.region === state.region,
);

type WithParticipants = { readonly participants: readonly Party[] };
export const invitedDeputy = deputyWho<WithParticipants>(['an invited deputy', '受邀代表'], (deputy, state) =>
  Boolean(partOf(state.participants, partyOf(deputy))),
);
export const invitedOfficial = officialWho<WithParticipants>(['an invited official', '受邀人员'], (official, state) =>
  Boolean(partOf(state.participants, partyOf(official))),
);
export const participatingDeputy = deputyWho<WithParticipants>(
  ['a deputy who takes part', '参会代表'],
  (deputy, state) => state.participants.some((one) => one.party === deputy.mandate && takesPart(one)),
);
export const participatingOfficial = officialWho<WithParticipants>(
  ['an official who takes part', '参会人员'],
  (official, state) => state.participants.some((one) => one.party === official.post && takesPart(one)),
);
