import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import { suggestion } from '../../domain/collaboration/suggestion/suggestion.js';
import { caseModel } from '../kernel/case-model.js';
import { openClocks, ownersCounted, standingOf } from './clocks.js';
import {
  completionOf,
  countedIn,
  isHandedIn,
  isToRaise,
  isWithOrgans,
  ownOnly,
  ratingOf,
  regionAt,
} from './suggestion-facts.js';
import { suggestionWaits } from './suggestion-waits.js';
import { inboxOfCase, noDueDate } from './waiting.js';

const inbox = inboxOfCase(suggestionWaits);

/**
 * Counts are kept for the region and every region above it, by closed lists of words: a board reads some hundred
 * counters, however many suggestions there are. By organ they are kept for the region itself only, because each
 * congress looks after its own organs (P1).
 */
export const suggestionModel = caseModel(suggestion, {
  version: 2,
  filters: ['status', 'region', 'level', 'category', 'year', 'lead', 'field'],
  indexes: {
    inbox: inbox.index,
    byOrgan: ({ state }) => (isWithOrgans(state) ? state.organs.map(({ organ }) => [organ]) : []),
    /** Own open ones, the most pressing first. */
    open: ({ state }) =>
      isHandedIn(state) && !['DONE', 'DROPPED'].includes(completionOf(state))
        ? [[state.region, firstOf(openClocks(state).map(({ dueOn }) => dueOn)) ?? noDueDate]]
        : [],
    key: ({ state, openedAt }) => (state.leader && isHandedIn(state) ? [[state.region, openedAt]] : []),
    toRaise: ({ state }) => (isToRaise(state) ? [[state.region, state.submittedOn]] : []),
    /** By the signer whose feedback is waited for. */
    toRate: ({ state }) =>
      openClocks(state).flatMap(({ limit, owner }) => (limit === 'T7' ? [[owner.slice('mandate:'.length)]] : [])),
    /** By the region whose deputy was asked. */
    offered: ({ state }) =>
      state.escalations.flatMap(({ level, on, answer }) => {
        const above = regionAt(state.region, level);
        return above && answer !== 'DECLINED' ? [[above, on]] : [];
      }),
  },
  rollups: {
    inbox: inbox.rollup,
    funnel: ({ state }) => perRegion(state, [[state.level, state.status]]),
    outcome: ({ state }) => perRegion(state, [[state.category ?? 'NONE', ratingOf(state), completionOf(state)]]),
    rehandled: ({ state }) => perRegion(state, state.round > 1 ? [[String(state.round)]] : []),
    clocks: ({ state }) =>
      perRegion(
        state,
        openClocks(state).map((clock) => [clock.owner.split(':')[0] ?? '', standingOf(clock)]),
      ),
    clocksByOwner: ({ state }) =>
      isHandedIn(state)
        ? openClocks(state)
            .filter(({ owner }) => ownersCounted.test(owner))
            .map((clock) => [
              state.registeredOn === null ? ownOnly(state.region) : state.region,
              clock.owner,
              standingOf(clock),
            ])
        : [],
    offered: ({ state }) =>
      state.escalations.flatMap(({ level, answer, higherStatus }) => {
        const above = regionAt(state.region, level);
        return above ? [[above, answer, higherStatus ?? 'NONE']] : [];
      }),
  },
});

const perRegion = (state: SuggestionState, keys: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  countedIn(state).flatMap((region) => keys.map((key) => [region, ...key]));

const firstOf = (days: readonly string[]): string | undefined => [...days].sort()[0];
