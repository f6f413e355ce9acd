import { cityOf } from '../../domain/collaboration/suggestion/audience.js';
import { handledElsewhere, promiseClock, repliesWithoutPromise } from '../../domain/collaboration/suggestion/limits.js';
import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import { isOverdue, openClock } from './clocks.js';
import { completionOf, isHandedIn } from './suggestion-facts.js';
import type { Waiting } from './waiting.js';
import { waits } from './waiting.js';

/** What waits for whom in a suggestion (domain.md §3a, and the inboxes of §4). */
export const suggestionWaits = (s: SuggestionState): readonly Waiting[] => [...ofOffices(s), ...ofOrgans(s)];

function ofOffices(s: SuggestionState): readonly Waiting[] {
  const office = `office:${s.region}`;
  const both = [office, `government:${s.region}`];
  const clockOfOffice = openClock(s, ({ owner }) => both.includes(owner));
  const list: Waiting[] = [];
  switch (s.status) {
    case 'SUBMITTED':
      list.push(waits(office, 'REGISTER'));
      break;
    case 'REGISTERED':
      if (!s.mergedInto) list.push(...both.map((tag) => waits(tag, 'ASSIGN', { clock: clockOfOffice })));
      break;
    case 'RETURN_REQUESTED':
      for (const { organ } of s.returns.filter((one) => one.decision === 'PENDING'))
        list.push(...both.map((tag) => waits(tag, 'DECIDE_RETURN', { about: organ, clock: clockOfOffice })));
      break;
    case 'FEEDBACK_PENDING':
      list.push(waits(office, 'REVIEW_FEEDBACK'));
      break;
    case 'REPLIED':
    case 'TRACKING':
      if (isToClose(s)) list.push(waits(office, 'CLOSE'));
      break;
  }
  if (s.originRegion && isHandledElsewhere(s)) list.push(waits(`office:${cityOf(s.originRegion)}`, 'NOTE_EXTERNAL'));
  for (const { organ } of s.extensions.filter((one) => one.decision === 'PENDING'))
    list.push(...both.map((tag) => waits(tag, 'DECIDE_EXTENSION', { about: organ })));
  for (const { mandate } of s.escalations.filter((one) => one.answer === 'PROPOSED'))
    list.push(waits(office, 'FOLLOW_ESCALATION', { about: mandate }));
  return list;
}

/** Every signer has answered or has let T7 pass, as the clock itself said; what was planned was promised, none is open. */
const isToClose = (s: SuggestionState): boolean =>
  !s.mergedInto &&
  !s.promises.some((promise) => promise.state === 'OPEN') &&
  repliesWithoutPromise(s) === 0 &&
  s.signatories.every(
    ({ mandate }) =>
      s.feedbacks.some((one) => one.mandate === mandate && one.round === s.round) ||
      // None runs for a mandate that has ended.
      !openClock(s, (clock) => clock.owner === `mandate:${mandate}` && clock.limit === 'T7' && !isOverdue(clock)),
  );

/** The nation's and the autonomous region's are handled in systems of their own (P3). */
const isHandledElsewhere = (s: SuggestionState): boolean =>
  handledElsewhere(s.level) && isHandedIn(s) && ['OPEN', 'REPLIED'].includes(completionOf(s));

function ofOrgans(s: SuggestionState): readonly Waiting[] {
  const list: Waiting[] = [];
  const withOrgans = s.status === 'ASSIGNED' || s.status === 'HANDLING' || s.status === 'REHANDLING';
  for (const one of withOrgans ? s.organs : []) {
    const tag = `organ:${one.organ}`;
    const own = (limits: RegExp) => openClock(s, (clock) => clock.owner === tag && limits.test(clock.limit));
    if (one.receivedOn === null) list.push(waits(tag, 'SIGN', { clock: own(/^T[3568]$/) }));
    else if (one.role === 'CO') {
      if (!s.opinions.some((opinion) => opinion.organ === one.organ) && one.repliedRound < s.round)
        list.push(waits(tag, 'GIVE_OPINION', { clock: own(/^T4$/) }));
    } else if (one.repliedRound < s.round)
      list.push(
        waits(tag, s.round > 1 ? 'REPLY_AGAIN' : 'REPLY', {
          clock: own(/^T[568]$/) ?? openClock(s, (clock) => /^T[568]$/.test(clock.limit)),
        }),
      );
  }
  const publishing = openClock(s, ({ limit }) => limit === 'T9');
  if (publishing) list.push(waits(publishing.owner, 'PUBLISH', { clock: publishing }));
  // A merged one only shows what is promised in its main one.
  for (const promise of s.mergedInto ? [] : s.promises.filter((one) => one.state === 'OPEN')) {
    const clock = openClock(s, (one) => one.clock === promiseClock(promise.id));
    list.push(waits(`organ:${promise.organ}`, 'KEEP_PROMISE', { clock, dueOn: promise.dueOn, about: promise.id }));
  }
  return list;
}
