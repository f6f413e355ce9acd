import { deputyWho, officialWho } from '../../kernel/actor.js';
import type { Refusal } from '../../kernel/refusal.js';
import { levelOf } from '../../kernel/region.js';
import { officeOf } from '../../organization/who.js';
import { cityOf } from './audience.js';
import { suggestionRefusals as refusals } from './refusals.js';
import type { Handling, Status } from './shapes.js';
import type { SuggestionState } from './state.js';

type S = SuggestionState;

export const leadSigner = deputyWho<S>(['the lead signer', '领衔代表'], (d, s) => d.mandate === s.lead);
/** One who is to be answered: a signer at submission, or of a suggestion merged into this one. */
export const signer = deputyWho<S>(['a signer', '签名代表'], (d, s) =>
  s.signatories.some((x) => x.mandate === d.mandate),
);
/** One who signed this suggestion, not one merged into it. */
export const ownSigner = deputyWho<S>(['one of its own signers', '本件签名代表'], (d, s) =>
  s.signatories.some((x) => x.mandate === d.mandate && x.from === null),
);
export const invited = deputyWho<S>(['an invited co-signer', '受邀联名代表'], (d, s) =>
  s.cosigners.some((c) => c.mandate === d.mandate && c.answer !== 'DECLINED'),
);
export const collaborator = deputyWho<S>(['a collaborator', '协同代表'], (d, s) =>
  s.collaborators.some((c) => c.mandate === d.mandate),
);
export const offeredTo = deputyWho<S>(['the higher deputy it was offered to', '受提请的上级代表'], (d, s) =>
  s.escalations.some((e) => e.mandate === d.mandate && e.answer === 'PROPOSED'),
);

/** Review: session secretariat, deputies' work committee; at the township its presidium. */
export const reviewer = officeOf('SEC', 'DWC', 'PRES');
export const officeInCharge = officeOf('DWC', 'PRES');
export const assigner = officeOf('DWC', 'GOVO', 'PRES');
/** Extensions: the deputies' work committee, or the government office where it had assigned. */
export const extensionDecider = officialWho<S>(
  ['DWC/PRES of the case’s own region, or GOVO where it assigned', '代表工委、主席团，或交办的政府办公室'],
  (o, s) =>
    o.region === s.region &&
    (o.organKind === 'DWC' || o.organKind === 'PRES' || (o.organKind === 'GOVO' && s.assignedBy === 'GOVO')),
);
export const keyOffice = officeOf('COC', 'PRES');

export const handlingOf = (s: S, organ: string): Handling | undefined => s.organs.find((o) => o.organ === organ);
export const owesReply = (handling: Handling | undefined): boolean => handling !== undefined && handling.role !== 'CO';
export const handlingOrgan = officialWho<S>(
  ['a handling organ', '承办单位'],
  (o, s) => handlingOf(s, o.organ) !== undefined,
);
/** The lead; with separate handling, each organ. */
export const replyingOrgan = officialWho<S>(['the lead organ', '主办单位'], (o, s) =>
  owesReply(handlingOf(s, o.organ)),
);
export const coHandler = officialWho<S>(
  ['a co-handling organ', '会办单位'],
  (o, s) => handlingOf(s, o.organ)?.role === 'CO',
);
export const keyLeader = officialWho<S>(['the supervising leader', '督办领导'], (o, s) => s.leader === o.post);
/** The nation's and the region's suggestions are handled elsewhere; the city of the origin notes what it hears (P3). */
export const cityOffice = officialWho<S>(
  ['DWC of the origin’s city', '来源地市级代表工委'],
  (o, s) =>
    o.organKind === 'DWC' &&
    levelOf(o.region) === 'city' &&
    s.originRegion !== null &&
    cityOf(s.originRegion) === o.region,
);

/** A merged suggestion is handled, answered and rated with its main one. */
export const notMerged = (s: Pick<S, 'mergedInto'>): Refusal | undefined =>
  s.mergedInto ? refusals.HANDLED_WITH_MAIN({ main: s.mergedInto }) : undefined;

export const underHandling = ['ASSIGNED', 'RETURN_REQUESTED', 'HANDLING'] as const satisfies readonly Status[];
/** "REPLIED+" of the table while the case is open. */
export const answered = ['REPLIED', 'FEEDBACK_PENDING', 'TRACKING'] as const satisfies readonly Status[];
export const afterReply = [...answered, 'REHANDLING', 'CLOSED', 'EVALUATED'] as const satisfies readonly Status[];
export const registered = ['REGISTERED', ...underHandling, ...afterReply] as const satisfies readonly Status[];
