import type { ActorRef, Audience } from './event.js';
import type { Bilingual } from './refusal.js';
import type { Level, RegionCode } from './region.js';
import { ancestorsOf } from './region.js';
import type { ViewerClass } from './visibility.js';
import { widest } from './visibility.js';

/**
 * Organs by their part in the work (domain.md §1). SC standing committee, COC council of chairpersons, DWC deputies'
 * work committee, SPC special or other work committee, PRES township presidium, STW street congress work organ,
 * SEC session secretariat, GOVO government office, ORG handling organ (department, court, commission, lower government),
 * ADM the platform's operator, who keeps the register and sees no case.
 */
export const organKinds = ['SC', 'COC', 'DWC', 'SPC', 'PRES', 'STW', 'SEC', 'GOVO', 'ORG', 'ADM'] as const;
export type OrganKind = (typeof organKinds)[number];
/** Organs of the congress itself: its offices. */
export const congressOffices: readonly OrganKind[] = ['SC', 'COC', 'DWC', 'SPC', 'PRES', 'STW', 'SEC'];

export const postRoles = ['head', 'leader', 'clerk', 'expert'] as const;
export type PostRole = (typeof postRoles)[number];

/** A deputy acting under one of his or her mandates. `congress` is the region whose congress the mandate belongs to. */
export type Deputy = {
  readonly kind: 'deputy';
  readonly person: string;
  readonly mandate: string;
  readonly congress: RegionCode;
  readonly level: Level;
  readonly standing: 'active' | 'suspended' | 'ended';
};
/** Somebody acting in a post of an organ. */
export type Official = {
  readonly kind: 'official';
  readonly person: string;
  readonly post: string;
  readonly role: PostRole;
  readonly organ: string;
  readonly organKind: OrganKind;
  readonly region: RegionCode;
  readonly standing: 'active' | 'ended';
};
/** A policy of the system: its changes are ordinary events with the policy as their cause. */
export type System = { readonly kind: 'system'; readonly policy: string };
export type Actor = Deputy | Official | System;

export const refOf = (actor: Actor): ActorRef => {
  switch (actor.kind) {
    case 'deputy':
      return { person: actor.person, mandate: actor.mandate };
    case 'official':
      return { person: actor.person, post: actor.post };
    case 'system':
      return { policy: actor.policy };
  }
};

/** What an actor is addressed by in an audience. A viewer sees what is addressed to one of his or her tags. */
export function tagsOf(actor: Actor): readonly string[] {
  switch (actor.kind) {
    case 'deputy':
      return ['public', `mandate:${actor.mandate}`, ...ancestorsOf(actor.congress).map((code) => `deputies:${code}`)];
    case 'official': {
      const own = ['public', `post:${actor.post}`, `organ:${actor.organ}`];
      if (congressOffices.includes(actor.organKind)) own.push(`office:${actor.region}`);
      if (actor.organKind === 'GOVO') own.push(`government:${actor.region}`);
      return own;
    }
    case 'system':
      return [];
  }
}

/** The class that `audience` gives to a holder of `tags`; `undefined`: the case is not theirs to see. */
export function classIn(audience: Audience, tags: readonly string[]): ViewerClass | undefined {
  let best: ViewerClass | undefined;
  for (const tag of tags) {
    const granted = audience[tag];
    if (granted) best = best ? widest(best, granted) : granted;
  }
  return best;
}

/**
 * An authority rule: who may do an action on a case in this state. `State` is `undefined` for an action that begins a
 * case. `A` is the kind of actor that the rule lets through; `decide` sees the actor as that.
 */
export type Who<State, A extends Actor = Actor> = {
  /** Shown to those who are refused: "the lead signer", 领衔代表. */
  readonly name: Bilingual;
  readonly allows: (actor: Actor, state: State) => actor is A;
};

/** A deputy for whom `test` holds; without a test, any deputy. */
export const deputyWho = <State = unknown>(
  name: Bilingual,
  test: (deputy: Deputy, state: State) => boolean = () => true,
): Who<State, Deputy> => ({
  name,
  allows: (actor, state): actor is Deputy => actor.kind === 'deputy' && test(actor, state),
});

export const officialWho = <State = unknown>(
  name: Bilingual,
  test: (official: Official, state: State) => boolean = () => true,
): Who<State, Official> => ({
  name,
  allows: (actor, state): actor is Official => actor.kind === 'official' && test(actor, state),
});

export const systemWho: Who<unknown, System> = {
  name: ['the system', '系统'],
  allows: (actor): actor is System => actor.kind === 'system',
};
