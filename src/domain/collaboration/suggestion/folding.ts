import type { z } from 'zod';
import type { suggestionEvents } from './events.js';
import type { ReplyCategory } from './shapes.js';
import { replyCategories } from './shapes.js';
import type { SuggestionState } from './state.js';

/** The steps of the fold that are more than a line. */
type DataOf<K extends keyof typeof suggestionEvents> = z.infer<(typeof suggestionEvents)[K]['schema']>;
type Promised = SuggestionState['promises'][number];

/** Before anything but the draft has happened. */
export const blank = {
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

/** The successor takes the organ's place and its clocks as they stand: nothing starts again (S1, OrganMerged). */
export function transferred(s: SuggestionState, e: DataOf<'HandlingTransferred'>): SuggestionState {
  const old = s.organs.find((o) => o.organ === e.organ);
  const there = s.organs.find((o) => o.organ === e.to);
  if (!old) return s;
  const both = there
    ? {
        ...there,
        role: there.role === 'CO' ? old.role : there.role,
        receivedOn: there.receivedOn ?? old.receivedOn,
        repliedRound: Math.min(...[old, there].filter((o) => o.role !== 'CO').map((o) => o.repliedRound), s.round),
      }
    : { ...old, organ: e.to, handler: null };
  const moved = s.clocks
    .map((c) =>
      c.owner === `organ:${e.organ}` ? { ...c, clock: c.clock.replace(e.organ, e.to), owner: `organ:${e.to}` } : c,
    )
    // Who becomes the lead owes no co-opinion any more.
    .filter((c) => c.clock !== `T4:${e.to}` || both.role === 'CO');
  const swap = <T extends { readonly organ: string }>(x: T): T => (x.organ === e.organ ? { ...x, organ: e.to } : x);
  return {
    ...s,
    organs: s.organs.flatMap((o) => (o.organ === e.to ? [] : o.organ === e.organ ? [both] : [o])),
    clocks: moved.filter((c, i) => moved.findIndex((other) => other.clock === c.clock) === i),
    contacts: s.contacts.map(swap),
    opinions: s.opinions.map(swap),
    extensions: s.extensions.map(swap),
    returns: s.returns.map(swap),
    promises: s.promises.map(swap),
    replies: s.replies.map(swap),
  };
}

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
