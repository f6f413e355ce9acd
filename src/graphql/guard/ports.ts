/** What is counted, each by itself. `connect`: beginnings of a WebSocket, and tokens that are not accepted. */
export type Budget = 'query' | 'mutation' | 'subscribe' | 'connect';
/** Operations a minute. */
export type Rates = Readonly<Record<Budget, number>>;

/** The budget is spent; in so many milliseconds there is a new one. */
export type Spent = { readonly retryAfterMs: number };

/** Budgets of all callers. The contract suite is `test/contract/limits.contract.ts`. */
export interface RateLimits {
  /** Takes one from the budget of this caller. It never rejects: where the count is kept somewhere else, an outage neither opens nor closes the door. */
  take(budget: Budget, caller: string): Promise<'ok' | Spent>;
}

/** Of a verified token: what it can be revoked by. */
export type Token = {
  /** Whose it is: `mandate:<id>` or `post:<id>`. */
  readonly holder: string;
  /** Its own id (`jti`, RFC 7519 §4.1.7). Not every identity provider gives one. */
  readonly id: string | undefined;
  /** `iat`, milliseconds since 1970. */
  readonly issuedAt: number | undefined;
};

/**
 * One token; or all of a holder that were issued at that time or before, and those that do not say when. Times in ms
 * since 1970.
 */
export type Revoked = { readonly token: string } | { readonly holder: string; readonly issuedUpTo: number };
/** `until`: when all that is revoked has expired by itself. */
export type Revocation = Revoked & { readonly until: number };

/**
 * Tokens that no longer hold although they have not expired. An operational fact, no case history: it is not in the log,
 * nobody takes it back, and it is forgotten after `until`. The contract suite is `test/contract/revocations.contract.ts`.
 */
export interface Revocations {
  /**
   * In force on this node at once. Resolves when a restart does not forget it and all nodes can hear it; rejects when
   * that cannot be said, and the same revocation may then be given again.
   */
  revoke(revocation: Revocation): Promise<void>;
  /** From memory: it is asked for every operation. */
  isRevoked(token: Token): boolean;
  /** Told of every revocation that is new to this node, wherever it was given. The answer ends it. */
  onRevoked(listener: () => void): () => void;
}
