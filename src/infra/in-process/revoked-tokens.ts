import type { Revocation, Revocations } from '../../graphql/guard/ports.js';

/** What a node knows to be revoked. Revocations only add up, so nodes may tell each other in any order and twice. */
export type RevokedTokens = Pick<Revocations, 'isRevoked' | 'onRevoked'> & {
  /** Whether there is anything new among them; then listeners are told, once. */
  add(revocations: readonly Revocation[]): boolean;
  /** Those that are still of use. */
  all(): readonly Revocation[];
};

/** `now`: milliseconds since 1970. */
export function revokedTokens(now: () => number): RevokedTokens {
  const known = new Map<string, Revocation>();
  const listeners = new Set<() => void>();

  /** Of two revocations of one holder the wider one holds. */
  function enter(given: Revocation): boolean {
    const key = 'token' in given ? `token:${given.token}` : given.holder;
    const present = known.get(key);
    const next = present ? joined(present, given) : given;
    if (given.until <= now() || (present && isSame(present, next))) return false;
    known.set(key, next);
    return true;
  }
  const holds = (key: string, issuedAt?: number): boolean => {
    const found = known.get(key);
    if (!found || found.until <= now()) return false;
    return 'token' in found || issuedAt === undefined || issuedAt <= found.issuedUpTo;
  };

  return {
    isRevoked: ({ holder, id, issuedAt }) => (id !== undefined && holds(`token:${id}`)) || holds(holder, issuedAt),
    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(revocations) {
      for (const [key, { until }] of known) if (until <= now()) known.delete(key);
      const fresh = revocations.map(enter).includes(true);
      if (fresh) for (const listener of [...listeners]) listener();
      return fresh;
    },
    all: () => [...known.values()].filter(({ until }) => until > now()),
  };
}

const issuedUpToOf = (one: Revocation): number => ('token' in one ? 0 : one.issuedUpTo);

function joined(one: Revocation, other: Revocation): Revocation {
  const until = Math.max(one.until, other.until);
  if ('token' in one) return { ...one, until };
  return { ...one, until, issuedUpTo: Math.max(one.issuedUpTo, issuedUpToOf(other)) };
}

const isSame = (one: Revocation, other: Revocation): boolean =>
  one.until === other.until && issuedUpToOf(one) === issuedUpToOf(other);
