import { type Actor, deputyWho, officialWho } from '../../kernel/actor.js';
import type { DataSubject } from './state.js';

/** The person whose data it is, in any capacity. */
export const subjectAsDeputy = deputyWho<Pick<DataSubject, 'subject'>>(
  ['the person whose data it is', '信息主体本人'],
  (deputy, { subject }) => deputy.person === subject,
);
export const subjectAsOfficial = officialWho<Pick<DataSubject, 'subject'>>(
  ['the person whose data it is', '信息主体本人'],
  (official, { subject }) => official.person === subject,
);
/** Answers for personal data (PIPL art. 52): the platform's operator. */
export const dataOfficer = officialWho(
  ['the personal-information officer', '个人信息保护负责人'],
  ({ organKind }) => organKind === 'ADM',
);
/** The tag under which an actor is addressed. */
export const holderOf = (actor: Actor): string | null =>
  actor.kind === 'deputy' ? `mandate:${actor.mandate}` : actor.kind === 'official' ? `post:${actor.post}` : null;
