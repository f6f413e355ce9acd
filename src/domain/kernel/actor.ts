import type { ActorRef, Audience } from './event.js';
import type { Bilingual } from './refusal.js';
import type { Level, RegionCode } from './region.js';
import { ancestorsOf } from './region.js';
import type { ViewerClass } from './visibility.js';
import { widest } from './visibility.js';

/**
 * Organs by their part in the work (domain.md §1). SC standing committee, COC council of chairpersons, DWC deputies'
 * work committee, SPC special or other work committee, PRES township presidium, STW street congress work organ,
 * SEC session secretariat, GOVO government office, ORG handling organ (department, lower government, other), JUD
 * supervision commission, court or procuratorate: a handling organ too, but none that the government assigns to,
 * ADM the platform's operator: keeps the register, is addressed by no case, and can export the whole log with every
 * draft in it. AUD auditor: sees what the offices of its own region see, now and in the past, can have the proof of every
 * case of that region, and does nothing. Only the system and the operator itself make another operator or an auditor.
 */
export const organKinds = [
  'SC',
  'COC',
  'DWC',
  'SPC',
  'PRES',
  'STW',
  'SEC',
  'GOVO',
  'ORG',
  'JUD',
  'ADM',
  'AUD',
] as const;
export type OrganKind = (typeof organKinds)[number];
/** Organs of the congress itself: its offices. */
export const congressOffices: readonly OrganKind[] = ['SC', 'COC', 'DWC', 'SPC', 'PRES', 'STW', 'SEC'];

/** Those whom a congress supervises: they answer inspections, issues and inquiries. */
export const supervisedKinds: readonly OrganKind[] = ['ORG', 'GOVO', 'JUD'];

/**
 * Who sees the cases of a region as its congress does: its offices, and the auditor, whose right goes no further (P1).
 * An expert has no organ's right.
 */
export const seesAsOffice: readonly OrganKind[] = [...congressOffices, 'AUD'];

export const postRoles = ['head', 'leader', 'clerk', 'expert'] as const;
export type PostRole = (typeof postRoles)[number];

/** A deputy acting under one of his or her mandates. `congress` is the region whose congress the mandate belongs to. */
export type Deputy = {
  readonly kind: 'deputy';
  readonly person: string;
  readonly mandate: string;
  readonly congress: RegionCode;
  readonly level: Level;
  /** Elected: the qualification is not confirmed yet. */
  readonly standing: 'elected' | 'active' | 'suspended' | 'ended';
};
/** Somebody acting in a post of an organ. An expert acts in person: the organ that named him or her lends no authority. */
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

/**
 * What an actor is addressed by in an audience. A viewer sees what is addressed to one of his or her tags. A mandate
 * keeps its own tag to the end and after: the reply still goes to whoever proposed (domain.md P6). What comes with the
 * office goes with it, and what is recorded of a person stays that person's to see (PIPL art. 45).
 */
export function tagsOf(actor: Actor): readonly string[] {
  switch (actor.kind) {
    case 'deputy': {
      const own = ['public', `person:${actor.person}`, `mandate:${actor.mandate}`];
      const sits = actor.standing === 'active' || actor.standing === 'suspended';
      return sits ? [...own, ...ancestorsOf(actor.congress).map((code) => `deputies:${code}`)] : own;
    }
    case 'official': {
      const self = ['public', `person:${actor.person}`];
      if (actor.standing === 'ended') return self;
      if (actor.role === 'expert') return [...self, `post:${actor.post}`];
      const own = [...self, `post:${actor.post}`, `organ:${actor.organ}`];
      if (seesAsOffice.includes(actor.organKind)) own.push(`office:${actor.region}`);
      if (actor.organKind === 'AUD') own.push(`audit:${actor.region}`);
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

/** An official for whom `test` holds; without a test, any official. An expert is put to the test as of no organ. */
export const officialWho = <State = unknown>(
  name: Bilingual,
  test: (official: Official, state: State) => boolean = () => true,
): Who<State, Official> => ({
  name,
  allows: (actor, state): actor is Official => actor.kind === 'official' && test(inPerson(actor), state),
});

/** No office is of the kind ORG, and no organ has this id: what is left is the person, the post and the region. */
const inPerson = (official: Official): Official =>
  official.role === 'expert' ? { ...official, organKind: 'ORG', organ: '' } : official;

export const systemWho: Who<unknown, System> = {
  name: ['the system', '系统'],
  allows: (actor): actor is System => actor.kind === 'system',
};
