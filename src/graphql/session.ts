import type { Refusal } from '../domain/kernel/refusal.js';
import type { Viewer } from './context.js';
import type { Token } from './guard/ports.js';

/** A verified token, or none. Whom it makes of its bearer is asked anew for each operation: mandates end, posts move. */
export type Session = {
  viewer(): Promise<Viewer | Refusal>;
  /** Milliseconds since 1970; `null`: never. */
  readonly expiresAt: number | null;
  /** Absent: anybody. */
  readonly token?: Token;
};

/** What a verified token says, as its session keeps it. `iat`: seconds since 1970. */
export const tokenOf = (claims: {
  readonly actor: { readonly mandate: string } | { readonly post: string };
  readonly jti?: string;
  readonly iat?: number;
}): Token => ({
  holder: 'mandate' in claims.actor ? `mandate:${claims.actor.mandate}` : `post:${claims.actor.post}`,
  id: claims.jti,
  issuedAt: claims.iat === undefined ? undefined : claims.iat * 1000,
});

/** `authorization`: `Bearer …`, or absent for anybody. */
export type Authenticate = (authorization: string | undefined) => Promise<Session | Refusal>;

/** The token of an `Authorization` header; schemes are case-insensitive (RFC 9110 §11.1). `undefined`: another scheme. */
export const bearerOf = (authorization: string): string | undefined => /^Bearer +(.+)$/i.exec(authorization)?.[1];
