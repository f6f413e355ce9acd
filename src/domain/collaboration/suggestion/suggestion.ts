import { defineAggregate } from '../../kernel/aggregate.js';
import { clockFolds } from '../../kernel/case-clocks.js';
import { audienceOf } from './audience.js';
import { suggestionEvents } from './events.js';
import {
  assigned,
  blank,
  collapse,
  followed,
  promiseWith,
  runningDuties,
  tracked,
  transferred,
  weakest,
} from './folding.js';
import { suggestionRefusals } from './refusals.js';
import { suggestionState } from './state.js';
import { statusTerms } from './words.js';

/** 代表建议、批评和意见: one matter put by one or more deputies to the congress of their own level (domain.md S7, P2). */
export const suggestion = defineAggregate({
  category: 'suggestion',
  term: ['suggestion', '代表建议'],
  state: suggestionState,
  events: suggestionEvents,
  evolve: {
    ...clockFolds,

    SuggestionDrafted: (_, e) => ({
      ...blank,
      ...e,
      status: 'DRAFT',
      version: 1,
    }),
    SuggestionEdited: (s, e) => ({
      ...s,
      ...e,
      status: s.cosigners.some((c) => c.answer !== 'DECLINED') ? 'COSIGNING' : 'DRAFT',
      cosigners: s.cosigners.map((c) => (c.answer === 'CONFIRMED' ? { ...c, answer: 'INVITED', version: null } : c)),
    }),
    CosignInvited: (s, e) => ({
      ...s,
      status: 'COSIGNING',
      cosigners: [...s.cosigners.filter((c) => c.mandate !== e.mandate), { ...e, answer: 'INVITED', version: null }],
    }),
    CosignConfirmed: (s, e) => ({
      ...s,
      cosigners: s.cosigners.map((c) =>
        c.mandate === e.mandate ? { ...c, answer: 'CONFIRMED', version: e.version } : c,
      ),
    }),
    CosignDeclined: (s, e) => ({
      ...s,
      cosigners: s.cosigners.map((c) => (c.mandate === e.mandate ? { ...c, answer: 'DECLINED', version: null } : c)),
    }),
    CosignerRemoved: (s, e) => ({ ...s, cosigners: s.cosigners.filter((c) => c.mandate !== e.mandate) }),
    CollaboratorAdded: (s, e) => ({ ...s, collaborators: [...s.collaborators, e] }),
    CollaboratorRemoved: (s, e) => ({ ...s, collaborators: s.collaborators.filter((c) => c.mandate !== e.mandate) }),
    CollaborationGiven: (s, e) => ({ ...s, contributions: [...s.contributions, e] }),
    EvidenceLinked: (s, e) => ({ ...s, evidence: [...s.evidence, e] }),
    SuggestionDiscarded: (s) => ({ ...s, status: 'DISCARDED' }),

    // Handed in again, it is meant: who asked to withdraw the text before has signed this one.
    SuggestionSubmitted: (s, { on, ...e }) => ({
      ...s,
      ...e,
      status: 'SUBMITTED',
      submittedOn: on,
      reviewNote: null,
      withdrawalAskedBy: [],
    }),
    SuggestionRegistered: (s, { on, ...e }) => ({ ...s, ...e, status: 'REGISTERED', registeredOn: on }),
    SuggestionNumbered: (s, e) => ({ ...s, ...e }),
    SuggestionClassified: (s, e) => ({ ...s, ...e }),
    SuggestionReturnedForRevision: (s, e) => ({ ...s, status: 'RETURNED', reviewNote: e.reason }),
    SuggestionNotAccepted: (s, e) => ({
      ...s,
      status: 'NOT_ACCEPTED',
      notAccepted: e.ground,
      reviewNote: e.explanation,
    }),
    ConvertedToDeputyLetter: (s, e) => ({ ...s, letterOn: e.on }),
    SuggestionMerged: (s, e) => ({ ...s, mergedInto: e.into, mainStatus: null }),
    SuggestionTakenIn: (s, e) => ({
      ...s,
      mergedFrom: [...s.mergedFrom, e.suggestion],
      signatories: [...s.signatories, ...e.signatories],
    }),
    MainFollowed: followed,
    MainPromisesFollowed: (s, e) => ({ ...s, promises: e.promises }),

    SuggestionAssigned: assigned,
    AssignmentReceived: (s, e) => ({
      ...s,
      status: 'HANDLING',
      organs: s.organs.map((o) => (o.organ === e.organ ? { ...o, receivedOn: e.on } : o)),
    }),
    HandlerNamed: (s, e) => ({
      ...s,
      organs: s.organs.map((o) => (o.organ === e.organ ? { ...o, handler: e.post } : o)),
    }),
    ReturnRequested: (s, e) => ({
      ...s,
      status: 'RETURN_REQUESTED',
      returns: [...s.returns, { ...e, decision: 'PENDING', answer: null, held: runningDuties(s, e.organ) }],
    }),
    ReturnApproved: (s, e) => ({ ...s, returns: s.returns.map(collapse(e.organ, 'GRANTED', e.answer)) }),
    SuggestionReassigned: assigned,
    ReturnRejected: (s, e) => ({
      ...s,
      status: 'HANDLING',
      returns: s.returns.map(collapse(e.organ, 'REFUSED', e.answer)),
    }),
    AssignmentObjected: (s, e) => ({ ...s, objections: [...s.objections, e] }),
    HandlingTransferred: transferred,
    KeySuggestionDesignated: (s, e) => ({ ...s, leader: e.leader }),
    KeySupervisionVisit: (s, e) => ({ ...s, visits: [...s.visits, e] }),

    DeputyContacted: (s, e) => ({ ...s, contacts: [...s.contacts, { ...e, round: s.round }] }),
    CoHandlingOpinionSubmitted: (s, e) => ({
      ...s,
      opinions: [...s.opinions.filter((o) => o.organ !== e.organ), e],
    }),
    DisputeCoordinated: (s, e) => ({ ...s, disputes: [...s.disputes, e] }),
    ExtensionRequested: (s, e) => ({
      ...s,
      extensions: [...s.extensions, { ...e, decision: 'PENDING', answer: null }],
    }),
    ExtensionGranted: (s, e) => ({
      ...s,
      extensions: s.extensions.map((x) => ({
        ...collapse(e.organ, 'GRANTED', e.answer)(x),
        until: x.organ === e.organ && x.decision === 'PENDING' ? e.until : x.until,
      })),
    }),
    ExtensionRefused: (s, e) => ({ ...s, extensions: s.extensions.map(collapse(e.organ, 'REFUSED', e.answer)) }),

    ReplyIssued: (s, { promises, complete, ...reply }) => {
      const replies = [...s.replies, reply];
      return {
        ...s,
        status: complete ? 'REPLIED' : s.status,
        replies,
        category: weakest(replies, reply.round),
        organs: s.organs.map((o) => (o.organ === reply.organ ? { ...o, repliedRound: reply.round } : o)),
        promises: [...s.promises, ...promises.map((p) => promiseWith({ ...p, organ: reply.organ }))],
      };
    },
    ReplyDelivered: (s) => s,
    FeedbackGiven: (s, e) => ({
      ...s,
      status: e.attitude === 'DISSATISFIED' || e.result === 'DISSATISFIED' ? 'FEEDBACK_PENDING' : s.status,
      feedbacks: [...s.feedbacks, e],
    }),
    RehandlingOrdered: (s, e) => ({ ...s, status: 'REHANDLING', round: e.round, explained: [] }),
    DissatisfactionExplained: (s, e) => ({
      ...s,
      status: s.promises.some((p) => p.state === 'OPEN') ? 'TRACKING' : 'REPLIED',
      explained: [...s.explained, ...e.to],
    }),
    SupervisionNoted: (s, e) => ({ ...s, supervision: [...s.supervision, e] }),
    CategoryChanged: (s, e) => {
      const replies = s.replies.map((r) =>
        r.organ === e.organ && r.round === s.round ? { ...r, category: e.category } : r,
      );
      return { ...s, replies, category: weakest(replies, s.round) };
    },

    PromiseRegistered: (s, e) => ({
      ...s,
      status: s.status === 'REPLIED' ? 'TRACKING' : s.status,
      promises: [...s.promises, promiseWith(e)],
    }),
    PromiseProgressReported: (s, { promise, ...step }) =>
      tracked(s, promise, (p) => ({ ...p, progress: [...p.progress, step] })),
    PromiseFulfilled: (s, { promise, ...step }) =>
      tracked(s, promise, (p) => ({ ...p, state: 'FULFILLED', progress: [...p.progress, step] })),
    PromiseSlipped: (s, e) =>
      tracked(s, e.promise, (p) => ({
        ...p,
        state: e.dueOn ? 'OPEN' : 'GIVEN_UP',
        dueOn: e.dueOn ?? p.dueOn,
        slips: p.slips + 1,
        progress: [...p.progress, { on: e.on, note: e.letter }],
      })),
    OpennessReviewed: (s, e) => ({ ...s, openness: e }),
    ReplyPublished: (s, e) => ({ ...s, publication: e }),
    WithdrawalAsked: (s, e) => ({ ...s, withdrawalAskedBy: [...s.withdrawalAskedBy, e.mandate] }),
    SuggestionWithdrawn: (s) => ({ ...s, status: 'WITHDRAWN' }),
    SuggestionClosed: (s, e) => ({ ...s, status: 'CLOSED', closedOn: e.on }),
    SuggestionScored: (s, { part, ...score }) => ({ ...s, [part === 'QUALITY' ? 'quality' : 'effect']: score }),
    SuggestionEvaluated: (s) => ({ ...s, status: 'EVALUATED' }),

    EscalationProposed: (s, e) => ({
      ...s,
      escalations: [
        ...s.escalations.filter((x) => x.mandate !== e.mandate || x.answer === 'ADOPTED'),
        { ...e, answer: 'PROPOSED', newId: null, higherStatus: null, externalNumber: null, statusOn: null },
      ],
    }),
    EscalationDeclined: (s, e) => ({
      ...s,
      escalations: s.escalations.map((x) =>
        x.mandate === e.mandate && x.answer === 'PROPOSED' ? { ...x, answer: 'DECLINED' } : x,
      ),
    }),
    SuggestionEscalated: (s, e) => ({
      ...s,
      escalations: s.escalations.map((x) =>
        x.mandate === e.adoptedBy && x.answer !== 'ADOPTED' ? { ...x, answer: 'ADOPTED', newId: e.newId } : x,
      ),
    }),
    HigherStatusNoted: (s, e) => ({
      ...s,
      escalations: s.escalations.map((x) =>
        x.newId === e.newId
          ? { ...x, higherStatus: e.status, externalNumber: e.externalNumber ?? x.externalNumber, statusOn: e.on }
          : x,
      ),
    }),
    ExternalHandlingRecorded: (s, e) => ({ ...s, external: e }),
  },
  audience: audienceOf,
  refusals: suggestionRefusals,
  statusTerms,
});
