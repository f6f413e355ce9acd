import type { Actor, Official } from '../../domain/kernel/actor.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Context } from '../context.js';
import { orThrow } from '../errors.js';
import { actorOf } from '../visible.js';

/** The platform's operator, in a post that is still held; everybody else is told whose right this is. */
export function asOperator(actor: Actor): Official | Refusal {
  const held = asOfficial(actor);
  if (isRefusal(held) || (held.organKind === 'ADM' && held.role !== 'expert')) return held;
  return kernelRefusals.NOT_ALLOWED({ who: 'the platform’s operator', zhWho: '平台运维人员' });
}

/** An auditor, in a post that is still held. */
export function asAuditor(actor: Actor): Official | Refusal {
  const held = asOfficial(actor);
  if (isRefusal(held) || (held.organKind === 'AUD' && held.role !== 'expert')) return held;
  return kernelRefusals.NOT_ALLOWED({ who: 'an auditor', zhWho: '审计监督人员' });
}

/** Somebody in a post that is still held. */
export function asOfficial(actor: Actor): Official | Refusal {
  if (actor.kind !== 'official') return kernelRefusals.NOT_ALLOWED({ who: 'officials', zhWho: '机关工作人员' });
  return actor.standing === 'active' ? actor : kernelRefusals.POST_ENDED();
}

/** For resolvers: throws what the client is to be told. */
export const operatorOf = (context: Context): Official => orThrow(asOperator(actorOf(context)));
