import type { IncomingMessage } from 'node:http';
import type { OperationTypeNode } from 'graphql';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Authenticate, Session } from '../session.js';
import type { MostPlaces, Places } from './places.js';
import { createPlaces } from './places.js';
import type { Budget, RateLimits, Revocations } from './ports.js';
import { guardRefusals } from './refusals.js';

/** Stands at every door: how often a caller may come in, how many may stay, and whose token no longer holds. */
export type Guard = {
  /** From where a request comes, as it is counted. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Counts one operation. `session`: `undefined` when the token was not accepted. Without a token the address counts. */
  readonly take: (budget: Budget, session: Session | undefined, address: string) => Promise<Refusal | undefined>;
  /** For connections that stay open. */
  readonly places: Places;
  /** As `authenticate`, but for revoked tokens; a session ends in the moment in which its token is revoked. */
  readonly admitting: (authenticate: Authenticate) => Authenticate;
  readonly isRevoked: (session: Session) => boolean;
  /** Told when a token has been revoked, whosever. The answer ends it. */
  readonly onRevoked: (listener: () => void) => () => void;
};

export function createGuard(options: {
  readonly limits: RateLimits;
  readonly revocations: Revocations;
  readonly addressOf: Guard['addressOf'];
  readonly places: MostPlaces;
}): Guard {
  const { limits, revocations, addressOf } = options;
  const isRevoked = ({ token }: Session): boolean => token !== undefined && revocations.isRevoked(token);
  return {
    addressOf,
    places: createPlaces(options.places),
    isRevoked,
    onRevoked: (listener) => revocations.onRevoked(listener),
    async take(budget, session, address) {
      const taken = await limits.take(budget, session?.token?.holder ?? `address:${address}`);
      return taken === 'ok' ? undefined : guardRefusals.RATE_LIMITED({ retryAfterMs: taken.retryAfterMs });
    },
    admitting: (authenticate) => async (authorization) => {
      const session = await authenticate(authorization);
      if (isRefusal(session)) return session;
      if (isRevoked(session)) return guardRefusals.TOKEN_REVOKED();
      return {
        ...session,
        async viewer() {
          const viewer = await session.viewer();
          return isRevoked(session) ? guardRefusals.TOKEN_REVOKED() : viewer;
        },
      };
    },
  };
}

/** What an operation counts as; one that cannot be carried out counts as a query. */
export const budgetOf = (operation: `${OperationTypeNode}` | undefined): Budget => {
  if (operation === 'subscription') return 'subscribe';
  return operation === 'mutation' ? 'mutation' : 'query';
};

/** For `Retry-After`, which counts in seconds (RFC 9110 §10.2.3). `undefined`: the refusal is no matter of time. */
export const retryAfterOf = ({ params }: Refusal): string | undefined =>
  typeof params.retryAfterMs === 'number' ? String(Math.ceil(params.retryAfterMs / 1000)) : undefined;
