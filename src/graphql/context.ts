import type { Actor } from '../domain/kernel/actor.js';
import { tagsOf } from '../domain/kernel/actor.js';
import type { ViewerClass } from '../domain/kernel/visibility.js';

/** Who looks. `actor: null` is anybody: sees what is public, can do nothing. */
export type Viewer = {
  readonly actor: Actor | null;
  readonly tags: readonly string[];
};

export const anybody: Viewer = { actor: null, tags: ['public'] };
export const viewerOf = (actor: Actor): Viewer => ({ actor, tags: tagsOf(actor) });

/** What a viewer's feed is made of: what is addressed to him or her, not what is for everybody. */
export const feedTagsOf = (viewer: Viewer): readonly string[] => viewer.tags.filter((tag) => tag !== 'public');

/** What resolvers are given. One per request; one per visibility class for live messages. */
export type Context = {
  readonly viewer: Viewer;
  /**
   * Set when one execution serves many viewers of the same class (live messages): then fields show by this class, and
   * nothing may depend on the single viewer; `viewer` is `anybody`.
   */
  readonly sharedClass?: ViewerClass;
};
