import { createGuard } from '../../src/graphql/guard/guard.js';

/** Lets everybody in as often as they like. */
export const unguarded = createGuard({
  limits: { take: async () => 'ok' },
  revocations: { revoke: async () => {}, isRevoked: () => false, onRevoked: () => () => {} },
  addressOf: () => '',
  places: { perHolder: Number.POSITIVE_INFINITY, perAddress: Number.POSITIVE_INFINITY },
});
