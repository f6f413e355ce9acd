import { describe, expect, it } from 'vitest';
import { suggestionActions } from '../../../../src/domain/collaboration/suggestion/index.js';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { isRefusal } from '../../../../src/domain/kernel/refusal.js';
import { deputy, idOf, system } from '../../../support/spec.js';
import * as play from './play.js';

/** domain.md §3a, row by row: what is allowed, and what is refused with which code. */
type Try = readonly [why: string, at: () => play.Play, input: unknown, actor: Actor, code: string, on?: string];
type Row = {
  readonly row: string;
  readonly action: string;
  readonly allowed: readonly (readonly [
    at: () => play.Play,
    input: unknown,
    actor: Actor,
    events: string[],
    to: string,
  ])[];
  readonly refused: readonly Try[];
};
const { li, wang, bao, dwc, sec, coc, govo, water, roads, court, higher, countyDwc } = play;
const pres = { ...dwc, organKind: 'PRES' as const };
const stranger = deputy('stranger', play.city);
const feedbackClock = 'ClockStopped';
const T9 = ['ClockStarted'];
/** The organ's time to reply stands still, and the office's own clock runs. */
const paused = ['ClockPaused', 'ClockStarted'];

const rows: readonly Row[] = [
  {
    row: '– | Draft | active deputy | situation, analysis, concrete advice | DRAFT',
    action: 'draftSuggestion',
    allowed: [[play.begin, play.text, li, ['SuggestionDrafted'], 'DRAFT']],
    refused: [
      ['no concrete advice', play.begin, { ...play.text, advice: ' ' }, li, 'INVALID_INPUT'],
      ['an official', play.begin, play.text, dwc, 'NOT_ALLOWED'],
      [
        'a suspended mandate (invariant 12)',
        play.begin,
        play.text,
        { ...li, standing: 'suspended' },
        'MANDATE_SUSPENDED',
      ],
      ['an ended mandate (P6)', play.begin, play.text, { ...li, standing: 'ended' }, 'MANDATE_ENDED'],
      ['an issue that does not exist', play.begin, { ...play.text, issue: idOf('no issue') }, li, 'NOT_FOUND'],
    ],
  },
  {
    row: 'DRAFT | InviteCosign | lead signer | same congress, ACTIVE | COSIGNING',
    action: 'inviteCosigner',
    allowed: [[play.drafted, { mandate: wang.mandate }, li, ['CosignInvited'], 'COSIGNING']],
    refused: [
      ['after submission', play.submitted, { mandate: wang.mandate }, li, 'WRONG_STATE'],
      ['by the invited', play.cosigning, { mandate: play.zhao.mandate }, wang, 'NOT_ALLOWED'],
      ['by a stranger, who does not see it', play.drafted, { mandate: wang.mandate }, stranger, 'NOT_FOUND'],
      ['of another congress', play.drafted, { mandate: bao.mandate }, li, 'COSIGNER_OF_OTHER_CONGRESS'],
      ['without such a mandate', play.drafted, { mandate: idOf('nobody') }, li, 'MANDATE_NOT_IN_FORCE'],
      ['the lead signer', play.drafted, { mandate: li.mandate }, li, 'SIGNER_ALREADY'],
    ],
  },
  {
    row: 'COSIGNING | ConfirmCosign | the invited | the current text | COSIGNING',
    action: 'confirmCosign',
    allowed: [[play.cosigning, { version: 1 }, wang, ['CosignConfirmed'], 'COSIGNING']],
    refused: [
      ['after submission', play.jointlySubmitted, { version: 1 }, wang, 'WRONG_STATE'],
      ['by the lead signer', play.cosigning, { version: 1 }, li, 'NOT_ALLOWED'],
      ['an old text', play.cosigning, { version: 0 }, wang, 'TEXT_HAS_CHANGED'],
    ],
  },
  {
    row: 'COSIGNING | Decline | the invited | – | COSIGNING',
    action: 'declineCosign',
    allowed: [[play.cosigning, {}, wang, ['CosignDeclined'], 'COSIGNING']],
    refused: [
      ['after submission', play.jointlySubmitted, {}, wang, 'WRONG_STATE'],
      ['by the lead signer', play.cosigning, {}, li, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'DRAFT/COSIGNING | Submit | lead signer | ≥1 signer | SUBMITTED',
    action: 'submitSuggestion',
    allowed: [
      [play.drafted, {}, li, ['SuggestionSubmitted', 'ClockStarted'], 'SUBMITTED'],
      [play.cosigning, {}, li, ['SuggestionSubmitted', 'ClockStarted'], 'SUBMITTED'],
    ],
    refused: [
      ['twice', play.submitted, {}, li, 'WRONG_STATE'],
      ['a returned one without an edit', play.returned, {}, li, 'WRONG_STATE'],
      ['by a co-signer', play.confirmed, {}, wang, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'SUBMITTED | Register | SEC / DWC / PRES | duplicate check | REGISTERED',
    action: 'registerSuggestion',
    allowed: [
      [play.submitted, play.register, dwc, ['SuggestionRegistered'], 'REGISTERED'],
      [play.submitted, play.register, sec, ['SuggestionRegistered'], 'REGISTERED'],
      [play.submitted, play.register, pres, ['SuggestionRegistered'], 'REGISTERED'],
    ],
    refused: [
      ['a draft', play.returned, play.register, dwc, 'WRONG_STATE'],
      ['by the council of chairpersons', play.submitted, play.register, coc, 'NOT_ALLOWED'],
      ['by another level (P1)', play.submitted, play.register, countyDwc, 'NOT_FOUND'],
      [
        'an unknown similar one',
        play.submitted,
        { ...play.register, similar: [idOf('none')] },
        dwc,
        'NO_SUCH_SUGGESTION',
      ],
    ],
  },
  {
    row: 'SUBMITTED | ReturnForRevision | the same | reason | RETURNED',
    action: 'returnForRevision',
    allowed: [
      [
        play.submitted,
        { ground: 'SEVERAL_MATTERS', reason: 'Split it.' },
        sec,
        ['SuggestionReturnedForRevision', 'ClockStopped'],
        'RETURNED',
      ],
    ],
    refused: [
      ['once registered', play.registered, { ground: 'OTHER', reason: 'x' }, dwc, 'WRONG_STATE'],
      ['by the deputy', play.submitted, { ground: 'OTHER', reason: 'x' }, li, 'NOT_ALLOWED'],
      ['without a reason', play.submitted, { ground: 'OTHER', reason: '' }, dwc, 'INVALID_INPUT'],
    ],
  },
  {
    row: 'RETURNED | edit → SUBMITTED | lead signer',
    action: 'editSuggestion',
    allowed: [[play.returned, { ...play.text, advice: 'Dredge km 3 to 9.' }, li, ['SuggestionEdited'], 'DRAFT']],
    refused: [
      ['while it is reviewed', play.submitted, play.text, li, 'WRONG_STATE'],
      ['by the office', play.returned, play.text, dwc, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'SUBMITTED | NotAccept | the same | listed reason; deputy informed first | NOT_ACCEPTED',
    action: 'notAcceptSuggestion',
    allowed: [[play.submitted, play.notAcceptable, dwc, ['SuggestionNotAccepted', 'ClockStopped'], 'NOT_ACCEPTED']],
    refused: [
      ['once registered', play.registered, play.notAcceptable, dwc, 'WRONG_STATE'],
      ['by the government office', play.submitted, play.notAcceptable, govo, 'NOT_FOUND'],
      ['for a reason not listed', play.submitted, { ...play.notAcceptable, ground: 'TOO_LONG' }, dwc, 'INVALID_INPUT'],
      ['not told', play.submitted, { ...play.notAcceptable, deputyToldOn: '2026-03-03' }, dwc, 'TELL_DEPUTY_FIRST'],
      [
        'told before it was handed in',
        play.submitted,
        { ...play.notAcceptable, deputyToldOn: '2026-03-01' },
        dwc,
        'TELL_DEPUTY_FIRST',
      ],
    ],
  },
  {
    row: 'NOT_ACCEPTED | → letter | the same',
    action: 'convertToDeputyLetter',
    allowed: [[play.notAccepted, {}, dwc, ['ConvertedToDeputyLetter'], 'NOT_ACCEPTED']],
    refused: [
      ['one that was registered', play.registered, {}, dwc, 'WRONG_STATE'],
      ['by the deputy', play.notAccepted, {}, li, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'REGISTERED | Assign | DWC / GOVO / PRES | lead named; roles named | ASSIGNED',
    action: 'assignSuggestion',
    allowed: [
      [play.registered, play.toWater, dwc, ['SuggestionAssigned', 'ClockStopped', 'ClockStarted'], 'ASSIGNED'],
      [play.registered, play.withCo, govo, ['SuggestionAssigned', 'ClockStopped', 'ClockStarted'], 'ASSIGNED'],
      [play.registered, play.toWater, pres, ['SuggestionAssigned', 'ClockStopped', 'ClockStarted'], 'ASSIGNED'],
    ],
    refused: [
      ['before registration', play.submitted, play.toWater, dwc, 'WRONG_STATE'],
      ['twice', play.assigned, play.toWater, dwc, 'WRONG_STATE'],
      ['by the secretariat', play.registered, play.toWater, sec, 'NOT_ALLOWED'],
      [
        'without a lead',
        play.registered,
        { mode: 'LEAD_AND_CO', organs: [{ organ: water.organ, role: 'CO' }] },
        dwc,
        'ROLES_NOT_CLEAR',
      ],
      [
        'two organs, both lead',
        play.registered,
        { ...play.withCo, organs: play.withCo.organs.map((o) => ({ ...o, role: 'LEAD' })) },
        dwc,
        'ROLES_NOT_CLEAR',
      ],
      [
        'one organ separately',
        play.registered,
        { mode: 'SEPARATE', organs: [{ organ: water.organ, role: 'SEPARATE' }] },
        dwc,
        'ROLES_NOT_CLEAR',
      ],
      [
        'an unknown organ',
        play.registered,
        { mode: 'LEAD_AND_CO', organs: [{ organ: idOf('none'), role: 'LEAD' }] },
        dwc,
        'NO_SUCH_HANDLING_ORGAN',
      ],
      [
        'an organ of a higher level (P1)',
        play.registered,
        { mode: 'LEAD_AND_CO', organs: [{ organ: play.regionalOrgan.organ, role: 'LEAD' }] },
        dwc,
        'ORGAN_OF_OTHER_LEVEL',
      ],
      [
        'a congress office, by the government office',
        play.registered,
        { mode: 'LEAD_AND_CO', organs: [{ organ: dwc.organ, role: 'LEAD' }] },
        govo,
        'NOT_A_DEPARTMENT',
      ],
    ],
  },
  {
    row: 'ASSIGNED | Sign | lead and each co organ | – | HANDLING',
    action: 'receiveAssignment',
    allowed: [
      [play.assigned, {}, water, ['AssignmentReceived', 'ClockStarted'], 'HANDLING'],
      [() => play.handling(play.withCo), {}, roads, ['AssignmentReceived', 'ClockStarted', 'ClockStarted'], 'HANDLING'],
    ],
    refused: [
      ['while a return is asked for', play.returnAsked, {}, water, 'WRONG_STATE'],
      ['by an organ that does not handle it', play.assigned, {}, court, 'NOT_FOUND'],
      ['by the office', play.assigned, {}, dwc, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'ASSIGNED/HANDLING | RequestReturn | organ | ≤T3, reasons | RETURN_REQUESTED',
    action: 'requestReturn',
    allowed: [
      [play.assigned, { reasons: 'Not ours.' }, water, ['ReturnRequested', ...paused], 'RETURN_REQUESTED'],
      [
        play.handling,
        { reasons: 'Not ours.' },
        water,
        ['ReturnRequested', 'ClockStopped', ...paused],
        'RETURN_REQUESTED',
      ],
    ],
    refused: [
      ['after the reply', play.replied, { reasons: 'Not ours.' }, water, 'WRONG_STATE'],
      ['by the deputy', play.handling, { reasons: 'Not ours.' }, li, 'NOT_ALLOWED'],
      ['without reasons', play.handling, { reasons: '' }, water, 'INVALID_INPUT'],
      ['after T3', play.handling, { reasons: 'Not ours.' }, water, 'RETURN_TOO_LATE', '2026-03-12'],
      [
        'a second time (invariant 6)',
        () => play.returnAsked().after('rejectReturn', { answer: 'It is yours.' }, dwc),
        { reasons: 'Still not ours.' },
        water,
        'RETURNED_ONCE_ALREADY',
      ],
    ],
  },
  {
    row: 'RETURN_REQUESTED | Approve→Assign | DWC or GOVO | new organ at once | ASSIGNED',
    action: 'approveReturn',
    allowed: [
      [
        play.returnAsked,
        { organ: roads.organ },
        dwc,
        ['ReturnApproved', 'ClockStopped', 'ClockStopped', 'SuggestionReassigned', 'ClockStarted'],
        'ASSIGNED',
      ],
      [
        play.returnAsked,
        { organ: roads.organ },
        govo,
        ['ReturnApproved', 'ClockStopped', 'ClockStopped', 'SuggestionReassigned', 'ClockStarted'],
        'ASSIGNED',
      ],
    ],
    refused: [
      ['when nothing is asked', play.handling, { organ: roads.organ }, dwc, 'WRONG_STATE'],
      ['by the organ itself: no self-forward', play.returnAsked, { organ: roads.organ }, water, 'NOT_ALLOWED'],
      ['without a new organ', play.returnAsked, {}, dwc, 'INVALID_INPUT'],
      ['to the organ that returns it', play.returnAsked, { organ: water.organ }, dwc, 'NAME_ANOTHER_ORGAN'],
      ['to an organ that is gone', play.returnAsked, { organ: idOf('none') }, dwc, 'NO_SUCH_HANDLING_ORGAN'],
    ],
  },
  {
    row: 'RETURN_REQUESTED | Reject | DWC or GOVO | – | HANDLING',
    action: 'rejectReturn',
    allowed: [
      [
        play.returnAsked,
        { answer: 'It is yours.' },
        govo,
        ['ReturnRejected', 'ClockResumed', 'ClockStopped'],
        'HANDLING',
      ],
    ],
    refused: [
      ['when nothing is asked', play.handling, { answer: 'x' }, dwc, 'WRONG_STATE'],
      ['by the organ', play.returnAsked, { answer: 'x' }, water, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'HANDLING | Contact | organs | HANDLING',
    action: 'contactDeputy',
    allowed: [[play.handling, play.contact, water, ['DeputyContacted'], 'HANDLING']],
    refused: [
      ['before signing for it', () => play.handling(play.withCo), play.contact, roads, 'NOT_SIGNED_FOR'],
      ['in another state', play.assigned, play.contact, water, 'WRONG_STATE'],
      ['by the office', play.handling, play.contact, dwc, 'NOT_ALLOWED'],
      [
        'with somebody who did not sign',
        play.handling,
        { ...play.contact, mandate: bao.mandate },
        water,
        'NOT_A_SIGNER',
      ],
      ['tomorrow', play.handling, { ...play.contact, on: '2026-03-03' }, water, 'DATE_NOT_POSSIBLE'],
      ['before the assignment', play.handling, { ...play.contact, on: '2026-03-01' }, water, 'DATE_NOT_POSSIBLE'],
    ],
  },
  {
    row: 'HANDLING | CoOpinion | co organs | ≤T4 | HANDLING',
    action: 'submitCoOpinion',
    allowed: [
      [
        () => play.handling(play.withCo).after('receiveAssignment', {}, roads),
        { text: 'The bridge stays.' },
        roads,
        ['CoHandlingOpinionSubmitted', 'ClockStopped'],
        'HANDLING',
      ],
    ],
    refused: [
      ['before signing for it', () => play.handling(play.withCo), { text: 'x' }, roads, 'NOT_SIGNED_FOR'],
      ['by the lead', () => play.handling(play.withCo), { text: 'x' }, water, 'NOT_ALLOWED'],
      ['in another state', () => play.assigned(play.withCo), { text: 'x' }, roads, 'WRONG_STATE'],
    ],
  },
  {
    row: 'HANDLING | Coordinate | DWC + GOVO | HANDLING',
    action: 'coordinateDispute',
    allowed: [
      [
        () => play.handling(play.withCo),
        { organs: [water.organ, roads.organ], result: 'Water leads.' },
        govo,
        ['DisputeCoordinated'],
        'HANDLING',
      ],
    ],
    refused: [
      ['in another state', play.assigned, { organs: [water.organ], result: 'x' }, dwc, 'WRONG_STATE'],
      ['by an organ', play.handling, { organs: [water.organ], result: 'x' }, water, 'NOT_ALLOWED'],
      [
        'about an organ that does not handle it',
        play.handling,
        { organs: [court.organ], result: 'x' },
        dwc,
        'NOT_HANDLING_IT',
      ],
    ],
  },
  {
    row: 'HANDLING | AskExtension | lead | before T5; total ≤T6 | HANDLING',
    action: 'requestExtension',
    allowed: [[play.handling, { until: '2026-08-03', reasons: 'Wide.' }, water, ['ExtensionRequested'], 'HANDLING']],
    refused: [
      ['in another state', play.assigned, { until: '2026-08-03', reasons: 'x' }, water, 'WRONG_STATE'],
      [
        'by a co-handler',
        () => play.handling(play.withCo),
        { until: '2026-08-03', reasons: 'x' },
        roads,
        'NOT_ALLOWED',
      ],
      ['after T5', play.handling, { until: '2026-08-03', reasons: 'x' }, water, 'EXTENSION_TOO_LATE', '2026-06-03'],
      [
        'to more than six months (invariant 3)',
        play.handling,
        { until: '2026-09-03', reasons: 'x' },
        water,
        'DUE_DATE_BEYOND_MAXIMUM',
      ],
      ['to an earlier day', play.handling, { until: '2026-05-03', reasons: 'x' }, water, 'DUE_DATE_NOT_LATER'],
    ],
  },
  {
    row: 'HANDLING | Grant | DWC (+GOVO) | deputy notified | HANDLING(ext)',
    action: 'grantExtension',
    allowed: [
      [
        () => play.handling().after('requestExtension', { until: '2026-08-03', reasons: 'Wide.' }, water),
        { organ: water.organ },
        dwc,
        ['ExtensionGranted', 'ClockExtended'],
        'HANDLING',
      ],
    ],
    refused: [
      ['when nothing was asked', play.handling, { organ: water.organ }, dwc, 'NO_EXTENSION_ASKED'],
      ['in another state', play.assigned, { organ: water.organ }, dwc, 'WRONG_STATE'],
      ['by GOVO, where the committee had assigned', play.handling, { organ: water.organ }, govo, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'HANDLING | Refuse | DWC (+GOVO) | HANDLING',
    action: 'refuseExtension',
    allowed: [
      [
        () => play.handling().after('requestExtension', { until: '2026-08-03', reasons: 'Wide.' }, water),
        { organ: water.organ, answer: 'Three months are enough.' },
        dwc,
        ['ExtensionRefused'],
        'HANDLING',
      ],
    ],
    refused: [
      ['when nothing was asked', play.handling, { organ: water.organ, answer: 'x' }, dwc, 'NO_EXTENSION_ASKED'],
      ['in another state', play.assigned, { organ: water.organ, answer: 'x' }, dwc, 'WRONG_STATE'],
      ['by the organ', play.handling, { organ: water.organ, answer: 'x' }, water, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'HANDLING | Reply | lead | ≥1 contact; head signed; category; co-opinions | REPLIED',
    action: 'issueReply',
    allowed: [
      [
        play.contacted,
        play.reply('A'),
        water,
        ['ReplyIssued', 'ReplyDelivered', 'ClockStopped', 'ClockStopped', 'ClockStarted', 'ClockStarted'],
        'REPLIED',
      ],
      [
        play.contacted,
        { ...play.reply('A'), signedBy: water.post },
        play.waterClerk,
        ['ReplyIssued', 'ReplyDelivered', 'ClockStopped', 'ClockStopped', 'ClockStarted', 'ClockStarted'],
        'REPLIED',
      ],
    ],
    refused: [
      ['without a contact (invariant 1)', play.handling, play.reply('A'), water, 'CONTACT_REQUIRED'],
      ['without an assignment signed for (invariant 1)', play.assigned, play.reply('A'), water, 'WRONG_STATE'],
      ['by a co-handler', () => play.contacted(play.withCo), play.reply('A'), roads, 'NOT_ALLOWED'],
      ['by a clerk alone', play.contacted, play.reply('A'), play.waterClerk, 'HEAD_MUST_SIGN'],
      [
        'with a clerk as signer',
        play.contacted,
        { ...play.reply('A'), signedBy: play.waterClerk.post },
        water,
        'HEAD_MUST_SIGN',
      ],
      [
        'with another organ’s head as signer',
        play.contacted,
        { ...play.reply('A'), signedBy: roads.post },
        water,
        'HEAD_MUST_SIGN',
      ],
      ['without a category', play.contacted, { text: 'x' }, water, 'INVALID_INPUT'],
      ['with a category not in use', play.contacted, play.reply('D'), water, 'CATEGORY_NOT_USED'],
      [
        'before the co-handler’s opinion (T18)',
        () => play.contacted(play.withCo),
        play.reply('A'),
        water,
        'CO_OPINIONS_AWAITED',
      ],
      [
        'with a promise for yesterday',
        play.contacted,
        play.reply('B', [{ text: 'x', dueOn: '2026-03-01' }]),
        water,
        'PROMISE_IN_THE_PAST',
      ],
    ],
  },
  {
    row: 'REPLIED | Feedback | each signer for himself | 不满意 needs a comment | FEEDBACK_PENDING → TRACKING/CLOSED',
    action: 'giveFeedback',
    allowed: [
      [play.replied, play.satisfied, li, ['FeedbackGiven', feedbackClock], 'REPLIED'],
      [play.jointlyReplied, play.dissatisfied, wang, ['FeedbackGiven', feedbackClock], 'FEEDBACK_PENDING'],
    ],
    refused: [
      ['before the reply', play.contacted, play.satisfied, li, 'WRONG_STATE'],
      ['by an organ', play.replied, play.satisfied, water, 'NOT_ALLOWED'],
      [
        'dissatisfied without a comment (invariant 8)',
        play.replied,
        { ...play.dissatisfied, comment: null },
        li,
        'COMMENT_REQUIRED',
      ],
      [
        'dissatisfied with the attitude, no comment (invariant 8)',
        play.replied,
        { attitude: 'DISSATISFIED', result: 'SATISFIED' },
        li,
        'COMMENT_REQUIRED',
      ],
      ['twice in a round', play.pending, play.satisfied, li, 'FEEDBACK_GIVEN_ALREADY'],
    ],
  },
  {
    row: 'FEEDBACK_PENDING | OrderRehandling | DWC | dissatisfied | REHANDLING (T8)',
    action: 'orderRehandling',
    allowed: [
      [
        play.pending,
        { reason: 'Do the rest.' },
        dwc,
        ['RehandlingOrdered', 'ClockStopped', 'ClockStarted'],
        'REHANDLING',
      ],
    ],
    refused: [
      ['when nobody is dissatisfied', play.replied, { reason: 'x' }, dwc, 'WRONG_STATE'],
      ['by the government office', play.pending, { reason: 'x' }, govo, 'NOT_ALLOWED'],
      ['after the last round', play.exhausted, { reason: 'x' }, dwc, 'ROUNDS_EXHAUSTED'],
    ],
  },
  {
    row: 'FEEDBACK_PENDING | Explain | DWC | dissatisfied | CLOSED',
    action: 'explainDissatisfaction',
    allowed: [
      [
        play.pending,
        { explanation: 'No money this year.' },
        dwc,
        ['DissatisfactionExplained', 'SuggestionClosed'],
        'CLOSED',
      ],
    ],
    refused: [
      ['when nobody is dissatisfied', play.replied, { explanation: 'x' }, dwc, 'WRONG_STATE'],
      ['by the organ', play.pending, { explanation: 'x' }, water, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'REHANDLING | Reply round n | lead | n ≤ max | REPLIED',
    action: 'issueReply',
    allowed: [
      [
        play.reheard,
        play.reply('A'),
        water,
        ['ReplyIssued', 'ReplyDelivered', 'ClockStopped', ...T9, 'ClockStarted'],
        'REPLIED',
      ],
    ],
    refused: [
      ['while the office decides', play.pending, play.reply('A'), water, 'WRONG_STATE'],
      ['by the office', play.reheard, play.reply('A'), dwc, 'NOT_ALLOWED'],
      ['with the contact of the first round only', play.rehandling, play.reply('A'), water, 'CONTACT_REQUIRED'],
    ],
  },
  {
    row: 'REPLIED+ (A) | Close | DWC | all signers answered | CLOSED',
    action: 'closeSuggestion',
    allowed: [
      [() => play.replied().after('giveFeedback', play.satisfied, li), {}, dwc, ['SuggestionClosed'], 'CLOSED'],
    ],
    refused: [
      [
        'with a signer who may still answer',
        () => play.jointlyReplied().after('giveFeedback', play.satisfied, li),
        {},
        dwc,
        'SIGNERS_STILL_TO_ANSWER',
      ],
      ['with dissatisfaction open', play.pending, {}, dwc, 'WRONG_STATE'],
      ['by the organ', play.replied, {}, water, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'REPLIED+ (B) | Track | lead | TRACKING',
    action: 'registerPromise',
    allowed: [[() => play.replied('B'), play.promised, water, ['PromiseRegistered', 'ClockStarted'], 'TRACKING']],
    refused: [
      ['before the reply', play.handling, play.promised, water, 'WRONG_STATE'],
      ['by the deputy', play.replied, play.promised, li, 'NOT_ALLOWED'],
      ['for yesterday', play.replied, { text: 'x', dueOn: '2026-03-01' }, water, 'PROMISE_IN_THE_PAST'],
    ],
  },
  {
    row: 'REPLIED+ (B) | Fulfil | lead | TRACKING → CLOSED',
    action: 'fulfilPromise',
    allowed: [
      [
        play.repliedWithPromise,
        { promise: play.promiseIdOf(), on: '2026-03-02', note: 'Done' },
        water,
        ['PromiseFulfilled', 'ClockStopped'],
        'TRACKING',
      ],
    ],
    refused: [
      [
        'an unknown promise',
        play.repliedWithPromise,
        { promise: idOf('none'), on: '2026-03-02', note: 'x' },
        water,
        'NO_SUCH_PROMISE',
      ],
      ['once closed', play.closed, { promise: idOf('none'), on: '2026-03-02', note: 'x' }, water, 'WRONG_STATE'],
      [
        'by the office',
        play.tracking,
        { promise: play.promiseIdOf(), on: '2026-03-02', note: 'x' },
        dwc,
        'NOT_ALLOWED',
      ],
    ],
  },
  {
    row: 'REPLIED+ (B) | Slip | lead | a signed letter to the deputy | TRACKING',
    action: 'slipPromise',
    allowed: [
      [
        play.tracking,
        { promise: play.promiseIdOf(), dueOn: '2027-05-01', letter: 'The frost came early.' },
        water,
        ['PromiseSlipped', 'ClockStarted'],
        'TRACKING',
      ],
    ],
    refused: [
      ['without a letter', play.tracking, { promise: play.promiseIdOf(), dueOn: '2027-05-01' }, water, 'INVALID_INPUT'],
      [
        'unsigned',
        play.tracking,
        { promise: play.promiseIdOf(), dueOn: '2027-05-01', letter: 'x' },
        play.waterClerk,
        'HEAD_MUST_SIGN',
      ],
      [
        'to an earlier day',
        play.tracking,
        { promise: play.promiseIdOf(), dueOn: '2026-11-01', letter: 'x' },
        water,
        'NOT_LATER_THAN_PROMISED',
      ],
      ['in another state', play.closed, { promise: idOf('none'), letter: 'x' }, water, 'WRONG_STATE'],
      ['by the deputy', play.tracking, { promise: play.promiseIdOf(), letter: 'x' }, li, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'TRACKING | → CLOSED | DWC | promises settled',
    action: 'closeSuggestion',
    allowed: [
      [
        () =>
          play
            .tracking()
            .after('fulfilPromise', { promise: play.promiseIdOf(), on: '2026-03-02', note: 'Done' }, water),
        {},
        dwc,
        ['SuggestionClosed'],
        'CLOSED',
      ],
    ],
    refused: [
      ['with an open promise', play.tracking, {}, dwc, 'PROMISES_OPEN'],
      [
        'what was planned (B) without a promise',
        () => play.replied('B').after('giveFeedback', play.satisfied, li),
        {},
        dwc,
        'PROMISE_REQUIRED',
      ],
    ],
  },
  {
    row: 'REPLIED+ (C) | Escalate | lead signer proposes | C or cross-region | as it was',
    action: 'proposeEscalation',
    allowed: [
      [
        () => play.replied('C'),
        { to: higher.mandate, reason: 'A regional matter.' },
        li,
        ['EscalationProposed'],
        'REPLIED',
      ],
      [
        () => play.closed('C'),
        { to: higher.mandate, reason: 'A regional matter.' },
        li,
        ['EscalationProposed'],
        'CLOSED',
      ],
    ],
    refused: [
      ['a matter that is solved', play.replied, { to: higher.mandate, reason: 'x' }, li, 'NOT_FOR_HIGHER_LEVEL'],
      ['two levels up', () => play.replied('C'), { to: play.top.mandate, reason: 'x' }, li, 'NOT_THE_NEXT_LEVEL'],
      ['a level down', () => play.replied('C'), { to: bao.mandate, reason: 'x' }, li, 'NOT_THE_NEXT_LEVEL'],
      ['before the reply', play.contacted, { to: higher.mandate, reason: 'x' }, li, 'WRONG_STATE'],
      ['by the office', () => play.replied('C'), { to: higher.mandate, reason: 'x' }, dwc, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'REPLIED+ (C) | higher deputy adopts, recorded | as it was, plus a new suggestion',
    action: 'recordEscalation',
    allowed: [
      [
        () => play.replied('C').after('proposeEscalation', { to: higher.mandate, reason: 'x' }, li),
        { adoptedBy: higher.mandate, newId: idOf('the new one') },
        system,
        ['SuggestionEscalated'],
        'REPLIED',
      ],
    ],
    refused: [
      ['by a person', () => play.replied('C'), { adoptedBy: higher.mandate, newId: idOf('n') }, dwc, 'NOT_ALLOWED'],
      [
        'by somebody it was not offered to',
        () => play.replied('C'),
        { adoptedBy: higher.mandate, newId: idOf('n') },
        system,
        'NOT_OFFERED_TO_YOU',
      ],
      ['before the reply', play.handling, { adoptedBy: higher.mandate, newId: idOf('n') }, system, 'WRONG_STATE'],
    ],
  },
  {
    row: 'any before REPLIED (S7) | Withdraw | single: signer; joint: all | written | WITHDRAWN',
    action: 'withdrawSuggestion',
    allowed: [
      [
        play.submitted,
        { reason: 'Solved.' },
        li,
        ['WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped'],
        'WITHDRAWN',
      ],
      [play.returned, { reason: 'Solved.' }, li, ['WithdrawalAsked', 'SuggestionWithdrawn'], 'WITHDRAWN'],
      [
        play.registered,
        { reason: 'Solved.' },
        li,
        ['WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped'],
        'WITHDRAWN',
      ],
      [
        play.handling,
        { reason: 'Solved.' },
        li,
        ['WithdrawalAsked', 'SuggestionWithdrawn', 'ClockStopped', 'ClockStopped'],
        'WITHDRAWN',
      ],
      [play.jointlyRegistered, { reason: 'Solved.' }, li, ['WithdrawalAsked'], 'REGISTERED'],
    ],
    refused: [
      ['after the reply', play.replied, { reason: 'x' }, li, 'WRONG_STATE'],
      ['not in writing', play.registered, { reason: '' }, li, 'INVALID_INPUT'],
      ['by the office', play.registered, { reason: 'x' }, dwc, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'DRAFT/COSIGNING | Discard | lead signer | DISCARDED',
    action: 'discardDraft',
    allowed: [
      [play.drafted, {}, li, ['SuggestionDiscarded'], 'DISCARDED'],
      [play.confirmed, {}, li, ['SuggestionDiscarded'], 'DISCARDED'],
    ],
    refused: [
      ['once handed in', play.submitted, {}, li, 'WRONG_STATE'],
      ['by a co-signer', play.confirmed, {}, wang, 'NOT_ALLOWED'],
      ['by the office, which does not see it', play.drafted, {}, dwc, 'NOT_FOUND'],
    ],
  },
  {
    row: 'any after REPLIED | Publish | organ/DWC after openness review | public interest | flag PUBLISHED',
    action: 'publishReply',
    allowed: [
      [
        () => play.replied().after('reviewOpenness', { extent: 'FULL', reason: 'Public interest.' }, dwc),
        { text: 'Dredging begins in April.' },
        water,
        ['ReplyPublished', 'ClockStopped'],
        'REPLIED',
      ],
    ],
    refused: [
      ['before the review', play.replied, { text: 'x' }, dwc, 'OPENNESS_REVIEW_REQUIRED'],
      [
        'without the text to release',
        () => play.replied().after('reviewOpenness', { extent: 'SUMMARY', reason: 'Secrets.' }, dwc),
        {},
        dwc,
        'RELEASED_TEXT_REQUIRED',
      ],
      ['before the reply', play.handling, { text: 'x' }, dwc, 'WRONG_STATE'],
      ['by the deputy', play.replied, { text: 'x' }, li, 'NOT_ALLOWED'],
    ],
  },
  {
    row: 'CLOSED | Evaluate | DWC + deputy | both scores | EVALUATED',
    action: 'scoreHandlingEffect',
    allowed: [
      [play.closed, { value: 70 }, li, ['SuggestionScored'], 'CLOSED'],
      [
        () => play.closed().after('scoreSuggestionQuality', { value: 80 }, dwc),
        { value: 70 },
        li,
        ['SuggestionScored', 'SuggestionEvaluated'],
        'EVALUATED',
      ],
    ],
    refused: [
      ['by the office', play.closed, { value: 70 }, dwc, 'NOT_ALLOWED'],
      ['before it is closed', play.replied, { value: 70 }, li, 'WRONG_STATE'],
      [
        'twice',
        () => play.closed().after('scoreHandlingEffect', { value: 70 }, li),
        { value: 71 },
        li,
        'SCORED_ALREADY',
      ],
      ['out of range', play.closed, { value: 101 }, li, 'INVALID_INPUT'],
    ],
  },
];

for (const { row, action, allowed, refused } of rows)
  describe(`domain.md §3a: ${row}`, () => {
    allowed.forEach(([at, input, actor, events, to], i) => {
      it(`allowed (${i + 1}) → ${to}`, () => {
        const after = at()
          .when(action, input, actor)
          .emits(...events);
        expect(play.stateOf(after).status).toBe(to);
      });
    });
    allowed.forEach(([at, input, actor, events], i) => {
      it(`the same again (${i + 1}) changes nothing`, () => {
        const { decided } = at()
          .when(action, input, actor)
          .emits(...events)
          .when(action, input, actor);
        expect(isRefusal(decided) || decided.length === 0).toBe(true);
      });
    });
    for (const [why, at, input, actor, code, on] of refused)
      it(`refused ${code}: ${why}`, () => {
        const there = at();
        (on ? there.at(on) : there).when(action, input, actor).refused(code);
      });
  });

describe('domain.md §3a: anything not listed is refused', () => {
  const reached: Record<string, () => play.Play> = {
    DRAFT: play.drafted,
    COSIGNING: play.cosigning,
    SUBMITTED: play.submitted,
    RETURNED: play.returned,
    NOT_ACCEPTED: play.notAccepted,
    REGISTERED: play.registered,
    ASSIGNED: play.assigned,
    RETURN_REQUESTED: play.returnAsked,
    HANDLING: play.handling,
    REPLIED: play.replied,
    FEEDBACK_PENDING: play.pending,
    REHANDLING: play.rehandling,
    TRACKING: play.tracking,
    CLOSED: play.closed,
    EVALUATED: play.evaluated,
    WITHDRAWN: play.withdrawn,
    DISCARDED: play.discarded,
  };
  const replied = ['REPLIED', 'FEEDBACK_PENDING', 'TRACKING'];
  /** The From column, once more and by hand: a state added to an action must be added here too. */
  const from: Record<string, readonly string[]> = {
    inviteCosigner: ['DRAFT', 'COSIGNING'],
    confirmCosign: ['COSIGNING'],
    declineCosign: ['COSIGNING'],
    submitSuggestion: ['DRAFT', 'COSIGNING'],
    editSuggestion: ['DRAFT', 'COSIGNING', 'RETURNED'],
    registerSuggestion: ['SUBMITTED'],
    returnForRevision: ['SUBMITTED'],
    notAcceptSuggestion: ['SUBMITTED'],
    assignSuggestion: ['REGISTERED'],
    mergeSuggestion: ['REGISTERED'],
    receiveAssignment: ['ASSIGNED', 'HANDLING'],
    requestReturn: ['ASSIGNED', 'HANDLING'],
    approveReturn: ['RETURN_REQUESTED'],
    rejectReturn: ['RETURN_REQUESTED'],
    contactDeputy: ['HANDLING', 'REHANDLING'],
    submitCoOpinion: ['HANDLING', 'REHANDLING'],
    coordinateDispute: ['HANDLING'],
    requestExtension: ['HANDLING'],
    grantExtension: ['HANDLING'],
    refuseExtension: ['HANDLING'],
    issueReply: ['HANDLING', 'REHANDLING'],
    giveFeedback: replied,
    orderRehandling: ['FEEDBACK_PENDING'],
    explainDissatisfaction: ['FEEDBACK_PENDING'],
    registerPromise: replied,
    fulfilPromise: replied,
    slipPromise: replied,
    closeSuggestion: ['REPLIED', 'TRACKING'],
    proposeEscalation: [...replied, 'CLOSED'],
    discardDraft: ['DRAFT', 'COSIGNING'],
    withdrawSuggestion: ['SUBMITTED', 'RETURNED', 'REGISTERED', 'ASSIGNED', 'RETURN_REQUESTED', 'HANDLING'],
    publishReply: [...replied, 'CLOSED', 'EVALUATED'],
    scoreSuggestionQuality: ['CLOSED'],
    scoreHandlingEffect: ['CLOSED'],
  };
  const actions: Record<string, { from: readonly string[] | null }> = suggestionActions;

  it('every state can be reached', () => {
    for (const [status, at] of Object.entries(reached)) expect(play.stateOf(at()).status).toBe(status);
  });
  for (const [name, states] of Object.entries(from))
    it(`${name} works from ${states.join(', ')} and nowhere else`, () => {
      expect([...(actions[name]?.from ?? [])].sort()).toEqual([...states].sort());
    });
});
