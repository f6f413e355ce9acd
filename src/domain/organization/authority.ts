import type { Actor } from '../kernel/actor.js';
import type { Loader } from '../kernel/load.js';
import type { Refusal } from '../kernel/refusal.js';
import { kernelRefusals } from '../kernel/refusals.js';
import { mandate } from './mandate.js';
import { post } from './post.js';
import { registerRefusals as refusals } from './refusals.js';

/** What a verified token claims: a person, acting under one mandate or one post. */
export type Claims = { readonly person: string } & ({ readonly mandate: string } | { readonly post: string });

const standing = { ELECTED: 'elected', ACTIVE: 'active', SUSPENDED: 'suspended', ENDED: 'ended' } as const;

/**
 * Who acts. Read from the log, not from the token or a read model: a mandate that was suspended a moment ago is
 * suspended (P6).
 */
export async function resolveActor(loader: Pick<Loader, 'load'>, claims: Claims): Promise<Actor | Refusal> {
  if ('mandate' in claims) {
    const held = (await loader.load(mandate.at(claims.mandate))).state as StateOf<typeof mandate> | undefined;
    if (!held || held.person !== claims.person) return refusals.UNKNOWN_MANDATE();
    return {
      kind: 'deputy',
      person: claims.person,
      mandate: claims.mandate,
      congress: held.region,
      level: held.level,
      standing: standing[held.status],
    };
  }
  const held = (await loader.load(post.at(claims.post))).state as StateOf<typeof post> | undefined;
  if (!held || held.person !== claims.person) return kernelRefusals.POST_ENDED();
  return {
    kind: 'official',
    person: claims.person,
    post: claims.post,
    role: held.role,
    organ: held.organ,
    organKind: held.organKind,
    region: held.region,
    standing: held.status === 'HELD' ? 'active' : 'ended',
  };
}

type StateOf<A extends { at: (id: string) => { state?: unknown } }> = NonNullable<ReturnType<A['at']>['state']>;
