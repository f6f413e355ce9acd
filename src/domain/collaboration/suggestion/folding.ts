import type { z } from 'zod';
import { suggestionEvents } from './events.js';
import { dutiesOf } from './limits.js';
import type { ReplyCategory } from './shapes.js';
import { replyCategories } from './shapes.js';
import type { SuggestionState } from './state.js';

/** The steps of the fold that are more than a line. */
type DataOf<K extends keyof typeof suggestionEvents> = z.infer<(typeof suggestionEvents)[K]['schema']>;
type Promised = SuggestionState['promises'][number];

/** Before anything but the draft has happened. */
const before = {
  year: null,
  number: null,
  category: null,
  publication: null,
  occasion: null,
  session: null,
  submittedOn: null,
  registeredOn: null,
  field: null,
  crossRegion: false,
  assignedBy: null,
  firstAssignedOn: null,
  assignedOn: null,
  mode: null,
  difficult: false,
  organs: [],
  round: 0,
  leader: null,
  mergedInto: null,
  mainStatus: null,
  mergedFrom: [],
  external: null,
  closedOn: null,
  clocks: [],
  cosigners: [],
  signatories: [],
  collaborators: [],
  contributions: [],
  evidence: [],
  reviewNote: null,
  notAccepted: null,
  letterOn: null,
  returns: [],
  objections: [],
  contacts: [],
  opinions: [],
  disputes: [],
  extensions: [],
  replies: [],
  feedbacks: [],
  explained: [],
  promises: [],
  visits: [],
  withdrawalAskedBy: [],
  escalations: [],
  quality: null,
  effect: null,
  similar: [],
  openness: null,
  supervision: [],
} satisfies Partial<SuggestionState>;

const opened = Object.keys({ ...suggestionEvents.SuggestionDrafted.schema.shape, status: null, version: null });
/**
 * With room for what the draft says: to set a key that is there costs nothing, to add one to an object of fifty some 4 µs.
 * The order of keys is that of a state without such room.
 */
export const blank: typeof before = JSON.parse(
  JSON.stringify({ ...before, ...Object.fromEntries(opened.map((key) => [key, null])) }),
);

/** Already an organ of this case, in this role. */
const known = (s: SuggestionState, named: { readonly organ: string; readonly role: string }) =>
  s.organs.find((o) => o.organ === named.organ && o.role === named.role);

/**
 * Organs that stay keep what they have done, and one that has signed goes on handling though another is new; the first
 * assignment date stays visible (invariant 7).
 */
export const assigned = (s: SuggestionState, e: DataOf<'SuggestionAssigned'>): SuggestionState => ({
  ...s,
  status: e.organs.some((named) => known(s, named)?.receivedOn) ? 'HANDLING' : 'ASSIGNED',
  assignedBy: e.by,
  mode: e.mode,
  difficult: e.difficult,
  assignedOn: e.on,
  firstAssignedOn: s.firstAssignedOn ?? e.on,
  round: 1,
  organs: e.organs.map(
    (named) =>
      known(s, named) ?? {
        ...named,
        assignedOn: e.on,
        receivedOn: null,
        repliedRound: 0,
        handler: null,
      },
  ),
});

/** The successor takes the organ's place; its clocks are handed over by events of their own (S1, OrganMerged). */
export function transferred(s: SuggestionState, e: DataOf<'HandlingTransferred'>): SuggestionState {
  const old = s.organs.find((o) => o.organ === e.organ);
  const there = s.organs.find((o) => o.organ === e.to);
  if (!old) return s;
  const both = there
    ? {
        ...there,
        role: roleOfBoth(old, there),
        receivedOn: there.receivedOn ?? old.receivedOn,
        repliedRound: Math.min(...[old, there].filter((o) => o.role !== 'CO').map((o) => o.repliedRound), s.round),
      }
    : { ...old, organ: e.to, handler: null };
  const swap = <T extends { readonly organ: string }>(x: T): T => (x.organ === e.organ ? { ...x, organ: e.to } : x);
  return {
    ...s,
    organs: s.organs.flatMap((o) => (o.organ === e.to ? [] : o.organ === e.organ ? [both] : [o])),
    contacts: s.contacts.map(swap),
    opinions: s.opinions.map(swap),
    extensions: s.extensions.map(swap),
    returns: s.returns.map((r) =>
      r.organ === e.organ ? { ...swap(r), held: r.held.map((clock) => clock.replace(e.organ, e.to)) } : r,
    ),
    promises: s.promises.map(swap),
    replies: s.replies.map(swap),
  };
}

/** Who has the part of two organs is the lead, or answers separately, if either was or did. */
export const roleOfBoth = <R extends { readonly role: string }>(old: R, there: R | undefined): R['role'] =>
  there && there.role !== 'CO' ? there.role : old.role;

/** What waits with the organ while its return is decided; what the office had paused before is not among it. */
export const runningDuties = (s: SuggestionState, organ: string): string[] =>
  s.clocks.filter((c) => c.status === 'RUNNING' && dutiesOf(organ)(c)).map((c) => c.clock);

/** Answers the request of `organ` that is still pending. */
export const collapse =
  (organ: string, decision: 'GRANTED' | 'REFUSED', answer: string | null) =>
  <R extends { organ: string; decision: 'PENDING' | 'GRANTED' | 'REFUSED'; answer: string | null }>(request: R): R =>
    request.organ === organ && request.decision === 'PENDING' ? { ...request, decision, answer } : request;

/** A case is as far as its weakest reply of the round. */
export const weakest = (
  replies: readonly { readonly round: number; readonly category: ReplyCategory }[],
  round: number,
): ReplyCategory | null => worstOf(replies.filter((r) => r.round === round).map((r) => r.category)) ?? null;
const worstOf = (categories: readonly ReplyCategory[]): ReplyCategory | undefined =>
  [...replyCategories].reverse().find((c) => categories.includes(c));

type Reply = SuggestionState['replies'][number];
/** An organ replies once in a round; one that took over its part carries the reply on in its own name. */
export const sameReply = (a: Reply, b: Reply): boolean =>
  a.round === b.round && (a.organ === b.organ || (a.on === b.on && a.signedBy === b.signedBy && a.text === b.text));

/** A merged one goes with its main one; only when that is withdrawn does it stand on its own again. */
export function followed(s: SuggestionState, { status, reply }: DataOf<'MainFollowed'>): SuggestionState {
  const replies = reply ? [...s.replies.filter((r) => !sameReply(r, reply)), reply] : s.replies;
  const round = reply ? Math.max(s.round, reply.round) : s.round;
  return {
    ...s,
    status: status === 'HANDLING' || status === 'WITHDRAWN' ? 'REGISTERED' : status,
    mainStatus: status,
    mergedInto: status === 'WITHDRAWN' ? null : s.mergedInto,
    replies,
    round,
    category: reply ? weakest(replies, round) : s.category,
  };
}

export const promiseWith = (p: Pick<Promised, 'id' | 'text' | 'dueOn' | 'organ'>): Promised => ({
  ...p,
  state: 'OPEN',
  progress: [],
  slips: 0,
});

/** A report on a promise: the case is being tracked from then on. */
export const tracked = (s: SuggestionState, id: string, change: (p: Promised) => Promised): SuggestionState => ({
  ...s,
  status: s.status === 'REPLIED' ? 'TRACKING' : s.status,
  promises: s.promises.map((p) => (p.id === id ? change(p) : p)),
});
