import type { Audience } from '../../kernel/event.js';
import { ancestorsOf, levelOf } from '../../kernel/region.js';
import type { ViewerClass } from '../../kernel/visibility.js';
import { widest } from '../../kernel/visibility.js';
import type { SuggestionState } from './state.js';
import type { Status } from './words.js';

/** The text is its signers' own affair. */
export const drafts: readonly Status[] = ['DRAFT', 'COSIGNING', 'DISCARDED'];

/**
 * Who sees a suggestion. A draft is its signers' own affair; the office sees it once it is handed in; organs once it is
 * theirs; offices above follow a registered one and act on none (P1); the public sees what was released.
 */
export function audienceOf(s: SuggestionState): Audience {
  const audience: Record<string, ViewerClass> = {};
  const give = (tag: string, granted: ViewerClass) => {
    audience[tag] = widest(audience[tag] ?? granted, granted);
  };
  give(`mandate:${s.lead}`, 'participant');
  for (const { mandate } of s.collaborators) give(`mandate:${mandate}`, 'participant');
  if (drafts.includes(s.status)) {
    for (const c of s.cosigners) if (c.answer !== 'DECLINED') give(`mandate:${c.mandate}`, 'participant');
    return audience;
  }
  // The tag is the mandate, ended or not: the reply still goes to whoever proposed (P6).
  for (const { mandate } of s.signatories) give(`mandate:${mandate}`, 'participant');
  give(`office:${s.region}`, 'office');
  if (s.originRegion) give(`office:${cityOf(s.originRegion)}`, 'follower');
  if (s.registeredOn === null) return audience;

  give(`government:${s.region}`, 'office');
  for (const above of ancestorsOf(s.region).slice(1)) give(`office:${above}`, 'follower');
  for (const { organ } of s.organs) give(`organ:${organ}`, 'participant');
  if (s.leader) give(`post:${s.leader}`, 'participant');
  for (const e of s.escalations) if (e.answer !== 'DECLINED') give(`mandate:${e.mandate}`, 'participant');
  if (s.publication && s.publication.extent !== 'WITHHELD') give('public', 'public');
  return audience;
}

/** The city in which a region lies: its office keeps the record of what higher levels did. */
export const cityOf = (region: string): string =>
  ancestorsOf(region).find((code) => levelOf(code) === 'city') ?? region;
