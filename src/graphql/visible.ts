import type { Actor } from '../domain/kernel/actor.js';
import { classIn } from '../domain/kernel/actor.js';
import type { Audience } from '../domain/kernel/event.js';
import type { ViewerClass } from '../domain/kernel/visibility.js';
import { narrowest } from '../domain/kernel/visibility.js';
import type { Context } from './context.js';
import { refused } from './errors.js';
import { apiRefusals } from './refusals.js';

/**
 * The class in which the viewer sees a case with this audience; `undefined`: not at all. In a shared message the viewer
 * is anybody, so a case that the message only refers to shows as it does to the public.
 */
export const classFor = (context: Context, audience: Audience): ViewerClass | undefined =>
  classIn(audience, context.viewer.tags);

/**
 * The class in which something of the past shows: no more than the viewer's class then, and no more than the class now.
 * Drafts stay with those who wrote them; whoever has left a case sees nothing of it.
 */
export function classForPast(context: Context, then: Audience, now: ViewerClass): ViewerClass | undefined {
  const shown = classFor(context, then);
  return shown && narrowest(shown, now);
}

/** The same for the case that a live message is about: the hub has found out the class that its readers share. */
export const classInMessage = (context: Context, audience: Audience): ViewerClass | undefined =>
  context.sharedClass ?? classFor(context, audience);

export function actorOf(context: Context): Actor {
  const { actor } = context.viewer;
  if (!actor) throw refused(apiRefusals.SIGN_IN_REQUIRED());
  return actor;
}
